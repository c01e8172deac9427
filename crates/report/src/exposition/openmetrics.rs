//! OpenMetrics 1.0.

use super::{Family, Type};

/// The base units that end a name, and are declared for it.
const UNITS: &[&str] = &["seconds", "bytes", "ratio"];

pub(super) fn write<'a>(families: impl Iterator<Item = &'a Family>) -> String {
    let mut out = String::new();
    for family in families {
        let name = &family.name;
        let kind = match family.kind {
            Type::Gauge => "gauge",
            Type::Counter => "counter",
            Type::Info => "info",
        };
        out.push_str(&format!("# TYPE {name} {kind}\n"));
        let end = name.rsplit_once('_').map(|(_, end)| end);
        // An info has no unit.
        if let Some(unit) = end.filter(|end| family.kind != Type::Info && UNITS.contains(end)) {
            out.push_str(&format!("# UNIT {name} {unit}\n"));
        }
        let help = family.help.replace('\\', "\\\\").replace('"', "\\\"");
        out.push_str(&format!("# HELP {name} {help}\n"));
        family.push_samples(&mut out);
    }
    out.push_str("# EOF\n");
    out
}
