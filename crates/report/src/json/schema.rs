//! JSON Schemas of the answers.

use borgq_json::schema::{Named, root, without_null};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;

use super::check::{State, Value as Number};
use super::shared::{Reason, Seconds, Time};
use super::sizes::Change;
use super::{
    Archives, Backtest, Check, Diff, Gaps, Inspect, Inventory, Last, Repos, Retention, RulesCheck,
    Sizes,
};

/// The schemas of all answers.
#[must_use]
pub fn all() -> Vec<Named> {
    vec![
        answer::<Last>("last", "The newest complete archive of each group"),
        answer::<Archives>("archives", "Archives, oldest first within their repository"),
        answer::<Repos>("repos", "Repositories in numbers"),
        answer::<Inventory>("inventory", "Repositories and their archives"),
        answer::<Inspect>("inspect", "How an input was understood"),
        answer::<Check>("check", "The state of the last complete archives"),
        answer::<Gaps>("gaps", "The intervals between complete archives"),
        answer::<Diff>("diff", "What is different between two listings"),
        answer::<Sizes>("sizes", "What archives and repositories measure"),
        answer::<Retention>("retention", "What borg prune would keep"),
        answer::<RulesCheck>("rules-check", "Which rule governs what"),
        answer::<Backtest>("backtest", "What limits on the age would have said"),
    ]
}

fn answer<T: JsonSchema>(name: &'static str, title: &str) -> Named {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    without_null(&mut schema);
    let mut schema = root(schema, name, title);
    if let Some(format) = schema
        .pointer_mut("/properties/format")
        .and_then(Value::as_object_mut)
    {
        format.insert("const".into(), name.into());
    }
    Named { name, schema }
}

macro_rules! schema {
    ($Type:ty, $name:literal, $schema:tt) => {
        impl JsonSchema for $Type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

schema!(Time, "Time", {
    "type": "string",
    "format": "date-time",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$",
});

schema!(Seconds, "Seconds", { "type": "number", "minimum": 0 });

schema!(Reason, "Reason", { "type": "string" });

schema!(State, "State", { "type": "string", "enum": ["OK", "WARNING", "CRITICAL", "UNKNOWN"] });

schema!(Number, "Number", { "type": "number" });
schema!(Change, "Change", { "type": "number" });
