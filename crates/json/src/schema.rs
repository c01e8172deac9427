//! JSON Schemas (draft 2020-12) of what borg and borgmatic print, made from
//! the types of this crate.
//!
//! They describe what is printed: nothing is ever `null`, a key is required if
//! every version prints it, and further keys are allowed unless they belong to
//! another document. The times of borg 1.x
//! have no offset, so they have a pattern and are no `date-time`.
//!
//! ```
//! let names: Vec<_> = borgq_json::schema::all().iter().map(|schema| schema.name).collect();
//! assert_eq!(names, ["create", "repo-list", "repo-info", "info", "borgmatic"]);
//! ```

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::{
    ChunkerParam, Create, Id, Info, Keyed, Kind, RepoInfo, RepoList, StoreStat, Text, TextOrList,
    Timestamp,
};

/// The base of the schemas' identifiers. They are names: nothing is served there.
pub const BASE: &str = "https://borgq.example/schemas/";

/// A schema and the name of its file without `.json`.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name, for instance `repo-list`.
    pub name: &'static str,
    /// The schema.
    pub schema: Value,
}

/// The schemas of the four documents and of borgmatic's array of them.
#[must_use]
pub fn all() -> Vec<Named> {
    let mut schemas = vec![
        document::<Create>(Kind::Create, "Create document"),
        document::<RepoList>(Kind::RepoList, "Repo-list document"),
        document::<RepoInfo>(Kind::RepoInfo, "Repo-info document"),
        document::<Info>(Kind::Info, "Info document"),
    ];
    let kinds: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| json!({"$ref": format!("{}.json", kind.name())}))
        .collect();
    schemas.push(Named {
        name: "borgmatic",
        schema: json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": format!("{BASE}borgmatic.json"),
            "title": "Borgmatic documents",
            "description": "What borgmatic prints: one document of borg for each repository, in the order of the \
                configuration. A repository that failed is left out without a word.",
            "type": "array",
            "items": {
                "description": "A document of borg. `repository.label` is added.",
                "anyOf": kinds,
            },
        }),
    });
    schemas
}

fn document<T: JsonSchema>(kind: Kind, title: &str) -> Named {
    let schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>();
    Named {
        name: kind.name(),
        schema: root(schema, kind.name(), title),
    }
}

/// Gives a schema its identifier and its title.
#[must_use]
pub fn root(schema: Schema, name: &str, title: &str) -> Value {
    let mut ordered = Map::new();
    ordered.insert(
        "$schema".into(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    ordered.insert("$id".into(), json!(format!("{BASE}{name}.json")));
    ordered.insert("title".into(), json!(title));
    let mut schema = schema.to_value();
    standard(&mut schema);
    if let Value::Object(mut keys) = schema {
        for key in ["$schema", "title"] {
            keys.remove(key);
        }
        ordered.extend(keys);
    }
    Value::Object(ordered)
}

/// What is unknown is absent and never `null`, here and in everything below.
pub fn without_null(schema: &mut Schema) {
    RecursiveTransform(without_null_here).transform(schema);
}

fn without_null_here(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    let Some(Value::Array(choices)) = schema.get_mut("anyOf") else {
        return;
    };
    choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
    if let [only] = choices.as_slice() {
        let only = only.clone();
        schema.remove("anyOf");
        if let Value::Object(only) = only {
            for (key, value) in only {
                schema.insert(key, value);
            }
        }
    }
}

pub(crate) struct Property {
    pub(crate) key: &'static str,
    pub(crate) docs: &'static [&'static str],
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

/// The schema of a wire type. `keywords` are the rules between its keys.
pub(crate) fn object(
    name: &str,
    docs: &[&str],
    properties: Vec<Property>,
    keywords: Value,
) -> Schema {
    let required: Vec<_> = properties
        .iter()
        .filter(|property| property.required)
        .map(|property| property.key)
        .collect();
    let mut fields = Map::new();
    for Property {
        key, docs, schema, ..
    } in properties
    {
        let mut schema = schema;
        schema.insert("description".into(), json!(prose(docs)));
        fields.insert(key.into(), schema.to_value());
    }
    let mut schema = json_schema!({
        "title": title(name),
        "description": prose(docs),
        "type": "object",
        "properties": fields,
    });
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    if let Value::Object(keywords) = keywords {
        schema.ensure_object().extend(keywords);
    }
    schema
}

/// The keywords that demand keys.
pub(crate) fn with(keys: &[&str]) -> Value {
    // Strict validators want a key defined where it is required.
    let defined: Map<_, _> = keys
        .iter()
        .map(|key| ((*key).to_owned(), true.into()))
        .collect();
    json!({"required": keys, "properties": defined})
}

/// The keyword that refuses keys.
pub(crate) fn without(keys: &[&str]) -> Value {
    let each: Vec<_> = keys.iter().map(|key| with(&[key])).collect();
    json!({"not": {"anyOf": each}})
}

/// `ArchiveStats` in words: `Archive stats`.
fn title(name: &str) -> String {
    let mut title = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !title.is_empty() {
            title.push(' ');
            title.push(c.to_ascii_lowercase());
        } else {
            title.push(c);
        }
    }
    title
}

/// Takes out the formats of numbers, which are not in the standard.
fn standard(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if keys.get("format").is_some_and(Value::is_string) {
                keys.retain(|key, value| key != "format" || value == "date-time");
            }
            keys.values_mut().for_each(standard);
        }
        Value::Array(list) => list.iter_mut().for_each(standard),
        _ => {}
    }
}

/// Doc lines as one text: the first paragraphs, without examples and links.
fn prose(docs: &[&str]) -> String {
    let text = docs
        .iter()
        .take_while(|line| !line.trim_start().starts_with("```"));
    let text: Vec<_> = text.map(|line| line.trim()).collect();
    text.join(" ").replace("  ", " ").trim().to_owned()
}

macro_rules! schema {
    ($name:literal, $Type:ty, [$($T:ident)?], |$generator:ident| $schema:tt) => {
        impl$(<$T: JsonSchema>)? JsonSchema for $Type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

schema!("Text", Text, [], |_generator| { "type": "string" });

schema!("Id", Id, [], |_generator| { "type": "string", "pattern": "^[0-9a-f]{64}$" });

schema!("Timestamp", Timestamp, [], |_generator| {
    "type": "string",
    "pattern": TIMESTAMP,
});

schema!("Keyed", Keyed<V>, [V], |generator| {
    "type": "object",
    "additionalProperties": generator.subschema_for::<V>(),
});

// One type in each branch, because strict validators and makers of clients
// want no lists of types.

schema!("StoreStat", StoreStat, [], |_generator| {
    "description": "One number or flag.",
    "anyOf": [
        {"description": "A count, a number of bytes, seconds or a rate.", "type": "number"},
        {"description": "Something that is so or not.", "type": "boolean"},
    ],
});

schema!("ChunkerParam", ChunkerParam, [], |_generator| {
    "description": "The name of the chunker or a number.",
    "anyOf": [
        {"description": "The name of the chunker.", "type": "string"},
        {"description": "A parameter.", "type": "integer"},
    ],
});

schema!("TextOrList", TextOrList<T>, [T], |generator| {
    "anyOf": [
        {"description": "One text.", "type": "string"},
        {
            "description": "A list.",
            "type": "array",
            "items": generator.subschema_for::<T>(),
        },
    ],
});

/// A clock reading, or a time with an offset that may have seconds.
const TIMESTAMP: &str = concat!(
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?",
    "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$",
);
