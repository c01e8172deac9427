//! [`fields`]: which fields the rows of an answer can have.

use serde_json::Value;

use super::Place;

/// The fields of an answer's rows by its schema, in the order of the alphabet.
///
/// ```
/// use borgq_report::rows::{Place, fields};
///
/// let schema = r#"{"properties": {"rows": {"items": {"properties": {
///     "archive": {"properties": {"name": {"type": "string"}}},
///     "age_seconds": {"type": "number"}
/// }}}}}"#;
/// let place = Place { list: "rows", nested: None };
/// assert_eq!(fields(schema, place), ["age_seconds", "archive.name"]);
/// ```
#[must_use]
pub fn fields(schema: &str, place: Place) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let mut fields = Vec::new();
    let Some(row) = items(&schema, &schema, place.list) else {
        return fields;
    };
    leaves(&schema, row, "", place.nested, &mut fields);
    let inner = place.nested.and_then(|nested| items(&schema, row, nested));
    if let Some(inner) = inner {
        leaves(&schema, inner, "", None, &mut fields);
    }
    fields.sort();
    fields.dedup();
    fields
}

/// What the elements of a list are.
fn items<'a>(schema: &'a Value, node: &'a Value, list: &str) -> Option<&'a Value> {
    let list = node.get("properties")?.get(list)?;
    Some(resolved(schema, list.get("items")?))
}

fn leaves(
    schema: &Value,
    node: &Value,
    prefix: &str,
    skip: Option<&str>,
    fields: &mut Vec<String>,
) {
    let properties = node.get("properties").and_then(Value::as_object);
    for (key, node) in properties.into_iter().flatten() {
        if Some(key.as_str()) == skip {
            continue;
        }
        let node = resolved(schema, node);
        let path = format!("{prefix}{key}");
        if node.get("properties").is_some() {
            leaves(schema, node, &format!("{path}."), None, fields);
        } else {
            fields.push(path);
        }
    }
}

fn resolved<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    let reference = node.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(|reference| schema.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(node)
}
