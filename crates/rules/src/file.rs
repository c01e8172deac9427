//! The shape of a rules file.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// A rules file: rules in their order, of which the first that matches governs.
#[derive(Debug, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("required" = ["rule"]))
)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The rules, at least one.
    #[serde(default, deserialize_with = "list")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Entry>", length(min = 1)))]
    pub(crate) rule: Vec<Spanned<Entry>>,
}

/// The rules, with an error that says how one is written.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Spanned<Entry>>, D::Error> {
    struct List;

    impl<'de> Visitor<'de> for List {
        type Value = Vec<Spanned<Entry>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("rules, each begun by a line [[rule]]")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
            elements(list)
        }
    }

    deserializer.deserialize_seq(List)
}

fn elements<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(mut list: A) -> Result<Vec<T>, A::Error> {
    let mut elements = Vec::new();
    while let Some(element) = list.next_element()? {
        elements.push(element);
    }
    Ok(elements)
}

/// A rule. Without a pattern it governs everything that no rule before it does.
#[derive(Debug, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Rule")
)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Entry {
    /// The label, location or id of the repository; `sh:` and `re:` for patterns.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Words>"))]
    pub(crate) repository: Option<Spanned<String>>,
    /// The label of the repository; `sh:` and `re:` for patterns.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Words>"))]
    pub(crate) label: Option<Spanned<String>>,
    /// The host that made the archives; `sh:` and `re:` for patterns. Each host
    /// is a group of its own.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Words>"))]
    pub(crate) host: Option<Spanned<String>>,
    /// The series of the archives, for instance `web-*` as it is; `sh:` and `re:`
    /// for patterns. Each series is a group of its own.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Words>"))]
    pub(crate) series: Option<Spanned<String>>,
    /// Limits of WARNING, `[METRIC=]RANGE`, as the check's option has them.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Ranges>"))]
    pub(crate) warning: Option<Spanned<Ranges>>,
    /// Limits of CRITICAL, `[METRIC=]RANGE`, as the check's option has them.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Ranges>"))]
    pub(crate) critical: Option<Spanned<Ranges>>,
    /// Whether it is CRITICAL if the rule governs nothing.
    #[cfg_attr(feature = "schema", schemars(with = "Option<bool>"))]
    pub(crate) expect: Option<Spanned<bool>>,
    /// In how many repositories, at least, the same series or host must be fresh.
    #[cfg_attr(feature = "schema", schemars(with = "Option<i64>", range(min = 1)))]
    pub(crate) copies: Option<Spanned<i64>>,
    /// How far a copy may be behind the newest one and still be fresh, for
    /// instance `1d`. Needs `copies`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Words>"))]
    pub(crate) max_lag: Option<Spanned<String>>,
    /// Who is responsible. Stands in the output.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Words>"))]
    pub(crate) owner: Option<Spanned<String>>,
    /// What people should know. Stands in the output.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Words>"))]
    pub(crate) note: Option<Spanned<String>>,
}

/// Ranges, each with its place if there is more than one.
#[derive(Debug)]
pub(crate) enum Ranges {
    One(String),
    Many(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for Ranges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Ranges;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a range such as \"26h\" or a list of them")
            }

            fn visit_str<E>(self, text: &str) -> Result<Ranges, E> {
                Ok(Ranges::One(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Ranges, A::Error> {
                elements(list).map(Ranges::Many)
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

/// A text that says something.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(inline, transparent)]
#[expect(dead_code, reason = "stands for its schema")]
struct Words(#[schemars(length(min = 1))] String);

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Ranges {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ranges".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["string", "array"],
            "minLength": 1,
            "items": { "type": "string", "minLength": 1 },
        })
    }
}
