//! Texts that documents print in more than one way.

use borgq_json::{ChunkerParam, ChunkerParams, CommandLine, Tags, Text, TextOrList};

use crate::shell;

/// borg 2 prints `?` for what is not UTF-8, and beside it the exact bytes.
pub(super) fn exact(text: Option<Text>, base64: Option<Text>) -> Option<Text> {
    base64.and_then(|text| text.decode_base64()).or(text)
}

pub(super) fn tags(tags: Tags) -> Vec<Text> {
    match tags {
        TextOrList::List(tags) => tags,
        TextOrList::Joined(text) => text
            .to_bytes()
            .split(|byte| *byte == b',')
            .filter(|tag| !tag.is_empty())
            .map(Text::from_bytes)
            .collect(),
    }
}

pub(super) fn command_line(command: CommandLine) -> Text {
    match command {
        TextOrList::Joined(text) => text,
        TextOrList::List(words) => shell::quote(&words),
    }
}

pub(super) fn chunker_params(params: ChunkerParams) -> Text {
    match params {
        TextOrList::Joined(text) => text,
        TextOrList::List(params) => {
            let params: Vec<_> = params
                .iter()
                .map(|param| match param {
                    ChunkerParam::Name(name) => name.to_display().into_owned(),
                    ChunkerParam::Number(number) => number.to_string(),
                })
                .collect();
            params.join(",").into()
        }
    }
}
