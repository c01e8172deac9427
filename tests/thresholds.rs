//! Ranges against the verdicts of Perl's Monitoring::Plugin, as recorded by
//! tests/integrations/thresholds.py.

use borgq_query::quantity::{Quantity, Unit};
use borgq_query::threshold::Range;

const RECORDED: &str = include_str!("integrations/ranges.tsv");

#[test]
fn ranges_alert_as_monitoring_plugin_does() {
    let mut verdicts = [0; 2];
    for row in RECORDED.lines() {
        let [range, value, verdict] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row:?} is not a range, a value and a verdict");
        };
        let alert = match verdict {
            "alert" => true,
            "good" => false,
            _ => panic!("{row:?} has no verdict"),
        };
        for unit in [Unit::Seconds, Unit::Count] {
            // Counts are whole and not negative.
            let (Ok(parsed), Ok(quantity)) =
                (Range::parse(range, unit), Quantity::parse(value, unit))
            else {
                assert!(unit == Unit::Count && row.contains(['.', '-']), "{row:?}");
                continue;
            };
            assert_eq!(parsed.alerts(quantity), alert, "{row:?} in {unit:?}");
            verdicts[usize::from(alert)] += 1;
        }
    }
    assert!(verdicts.iter().all(|count| *count > 500), "{verdicts:?}");
}
