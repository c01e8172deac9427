//! The text format 0.0.4.

use super::{Family, Type};

pub(super) fn write<'a>(families: impl Iterator<Item = &'a Family>) -> String {
    let mut out = String::new();
    for family in families {
        let name = family.sample_name();
        let kind = match family.kind {
            Type::Counter => "counter",
            // `info` would make consumers refuse the whole file.
            Type::Gauge | Type::Info => "gauge",
        };
        let help = family.help.replace('\\', "\\\\");
        out.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
        family.push_samples(&mut out);
    }
    out
}
