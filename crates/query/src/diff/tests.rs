use borgq_json::read;
use chrono::FixedOffset;

use super::*;
use crate::answer::GroupBy;
use crate::pattern::{RepositoryPattern, RepositoryPatterns};
use crate::samples::{at, question};

/// The listing of a repository with this id and location. Archives are written
/// `ID NAME DAY`, the day of March.
fn list(id: u32, location: &str, archives: &[&str]) -> String {
    let archive = |text: &&str| {
        let [id, name, day] = text.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{text}");
        };
        let day = format!("2025-03-{day:0>2}T02:00:00.000000+00:00");
        format!(r#"{{"archive": "{name}", "name": "{name}", "id": "{id:0>64}", "time": "{day}"}}"#)
    };
    let archives: Vec<_> = archives.iter().map(archive).collect();
    format!(
        r#"{{"archives": [{}], "encryption": {{"encryption": "aes256-ocb", "id_hash": "sha256"}},
            "repository": {{"id": "{id:064}", "location": "{location}"}}}}"#,
        archives.join(",")
    )
}

fn inventory(documents: &[String]) -> Inventory {
    let mut inventory = Inventory::default();
    let utc = FixedOffset::east_opt(0).unwrap();
    inventory.add_reading(read(documents.concat().as_bytes()), "-", &utc);
    assert_eq!(inventory.problems, []);
    inventory
}

/// The differences as text.
fn texts(old: &[String], new: &[String], group_by: GroupBy) -> Vec<String> {
    let (old, new) = (inventory(old), inventory(new));
    let question = Question {
        group_by,
        ..question(at("2025-04-01T00:00Z"))
    };
    let diff = Diff::of(&old, &new, &question);
    assert_eq!(diff.problems, []);
    let short = |id: &Id| id.to_string().trim_start_matches('0').to_owned();
    let text = |difference: &Difference<'_>| {
        let more = match &difference.what {
            What::Appeared | What::Vanished => String::new(),
            What::IdChanged { before, after } => format!(" {}>{}", short(before), short(after)),
            What::LocationChanged { before, after } => {
                format!(" {}>{}", before.to_display(), after.to_display())
            }
            What::EncryptionChanged { before, after } => format!(" {before}>{after}"),
            What::GenerationChanged { before, after } => format!(" {before}>{after}"),
            What::Stopped(stopped) => format!(
                " {} after {} silent {}d usual {}",
                stopped.group.as_deref().unwrap_or("all"),
                short(&stopped.last.id),
                stopped.silence.num_days(),
                stopped
                    .usual
                    .map_or("?".into(), |usual| format!("{}d", usual.num_days()))
            ),
            What::Came(archive) | What::Went(archive) => format!(" {}", short(&archive.id)),
        };
        format!(
            "{} {}{more}",
            difference.repository.location.to_display(),
            difference.what.name()
        )
    };
    diff.differences.iter().map(text).collect()
}

#[track_caller]
fn row(old: &[String], new: &[String], expected: &[&str]) {
    assert_eq!(texts(old, new, GroupBy::Series), expected);
}

#[test]
fn archives_come_and_go_by_id() {
    let old = ["1 web 1", "2 web 2"];
    let new = ["2 web 2", "3 web 3"];
    row(
        &[list(7, "/a", &old)],
        &[list(7, "/a", &new)],
        &["/a archive-went 1", "/a archive-came 3"],
    );
    row(&[list(7, "/a", &old)], &[list(7, "/a", &old)], &[]);
    // A recreated archive has another id.
    row(
        &[list(7, "/a", &["1 web 1"])],
        &[list(7, "/a", &["4 web 1"])],
        &["/a archive-went 1", "/a archive-came 4"],
    );
}

#[test]
fn repositories_appear_and_vanish() {
    row(
        &[list(7, "/a", &["1 web 1"]), list(8, "/b", &[])],
        &[list(7, "/a", &["1 web 1"]), list(9, "/c", &["5 x 1"])],
        &["/b repository-vanished", "/c repository-appeared"],
    );
}

#[test]
fn another_repository_at_the_same_location_is_said_and_not_compared() {
    row(
        &[list(7, "/a", &["1 web 1"])],
        &[list(8, "/a", &["2 web 2"])],
        &["/a id-changed 7>8"],
    );
    // What is at the location comes first, though the old one is elsewhere too.
    row(
        &[list(7, "/a", &[])],
        &[list(7, "/b", &[]), list(8, "/a", &[])],
        &["/a id-changed 7>8", "/b repository-appeared"],
    );
}

#[test]
fn a_moved_repository_is_the_same_and_a_copy_is_another() {
    row(
        &[list(7, "/a", &["1 web 1"])],
        &[list(7, "/b", &["1 web 1", "2 web 2"])],
        &["/b location-changed /a>/b", "/b archive-came 2"],
    );
    row(
        &[list(7, "/a", &[])],
        &[list(7, "/b", &[]), list(7, "/a", &[])],
        &["/b repository-appeared"],
    );
}

#[test]
fn encryption_and_generation_changes_are_said() {
    let two = list(7, "/a", &[]);
    let early = two.replace(
        r#""encryption": "aes256-ocb", "id_hash": "sha256""#,
        r#""mode": "none""#,
    );
    let early = early.replace(
        r#""location""#,
        r#""last_modified": "2025-03-01T00:00:00.000000+00:00", "location""#,
    );
    row(
        &[early],
        std::slice::from_ref(&two),
        &[
            "/a encryption-changed none>aes256-ocb, id hash sha256",
            "/a generation-changed 2.0-early>2.0",
        ],
    );
    let key = two.replace(r#""id_hash""#, r#""keyfile": "/k", "id_hash""#);
    row(
        &[two],
        &[key],
        &[
            "/a encryption-changed aes256-ocb, id hash sha256>aes256-ocb, id hash sha256, key file /k",
        ],
    );
}

#[test]
fn a_series_stopped_if_another_one_went_on() {
    let old = ["1 web 1", "2 web 2", "3 db 1", "4 db 2"];
    let on = ["1 web 1", "2 web 2", "3 db 1", "4 db 2", "5 db 4"];
    row(
        &[list(7, "/a", &old)],
        &[list(7, "/a", &on)],
        &[
            "/a stopped web after 2 silent 2d usual 1d",
            "/a archive-came 5",
        ],
    );
    // Nobody has a new archive: nothing is known of the time since.
    row(&[list(7, "/a", &old)], &[list(7, "/a", &old)], &[]);
    // It stopped also if all its archives went.
    row(
        &[list(7, "/a", &old)],
        &[list(7, "/a", &["4 db 2", "5 db 4"])],
        &[
            "/a stopped web after 2 silent 2d usual 1d",
            "/a archive-went 1",
            "/a archive-went 3",
            "/a archive-went 2",
            "/a archive-came 5",
        ],
    );
    // The other may be in another repository.
    row(
        &[
            list(7, "/a", &["1 web 1", "2 web 2"]),
            list(8, "/b", &["1 db 1"]),
        ],
        &[
            list(7, "/a", &["1 web 1", "2 web 2"]),
            list(8, "/b", &["1 db 1", "2 db 9"]),
        ],
        &[
            "/a stopped web after 2 silent 7d usual 1d",
            "/b archive-came 2",
        ],
    );
    // Or be new itself.
    row(
        &[list(7, "/a", &["1 web 1", "2 web 2"])],
        &[list(7, "/a", &["1 web 1", "2 web 2", "3 other 3"])],
        &[
            "/a stopped web after 2 silent 1d usual 1d",
            "/a archive-came 3",
        ],
    );
}

#[test]
fn an_archive_that_proves_no_progress_does_not_count() {
    // The other's new archive is older than this one's last.
    row(
        &[list(7, "/a", &["1 web 1", "2 web 5"])],
        &[list(7, "/a", &["1 web 1", "2 web 5", "3 db 4"])],
        &["/a archive-came 3"],
    );
    // A new archive that is older than the last is no progress of its series.
    row(
        &[list(7, "/a", &["1 web 1", "2 web 5", "3 db 1"])],
        &[list(
            7,
            "/a",
            &["1 web 1", "2 web 5", "4 web 3", "3 db 1", "5 db 7"],
        )],
        &[
            "/a stopped web after 2 silent 2d usual 4d",
            "/a archive-came 4",
            "/a archive-came 5",
        ],
    );
}

#[test]
fn what_was_made_once_is_not_expected_to_go_on() {
    let old = [
        "1 before-upgrade 1",
        "2 web-2025-03-01 1",
        "3 db 1",
        "4 db 2",
    ];
    let new = [&old[..], &["5 db 4"]].concat();
    // A date in the name tells of others to come.
    row(
        &[list(7, "/a", &old)],
        &[list(7, "/a", &new)],
        &[
            "/a stopped web-* after 2 silent 3d usual ?",
            "/a archive-came 5",
        ],
    );
}

#[test]
fn whole_repositories_stop_too() {
    let old = [list(7, "/a", &["1 x 1"]), list(8, "/b", &["1 y 1"])];
    let new = [
        list(7, "/a", &["1 x 1"]),
        list(8, "/b", &["1 y 1", "2 z 2"]),
    ];
    assert_eq!(
        texts(&old, &new, GroupBy::Repository),
        [
            "/a stopped all after 1 silent 1d usual ?",
            "/b archive-came 2"
        ]
    );
}

#[test]
fn patterns_choose_what_is_compared() {
    let old = inventory(&[list(7, "/a", &["1 x 1"]), list(8, "/b", &["1 y 1"])]);
    let new = inventory(&[list(7, "/a", &[])]);
    let diff = |pattern| {
        let mut question = question(at("2025-04-01T00:00Z"));
        let pattern = RepositoryPattern::parse(pattern).unwrap();
        question.selection.repositories = RepositoryPatterns::new(vec![pattern]);
        let diff = Diff::of(&old, &new, &question);
        let names: Vec<_> = diff.differences.iter().map(|it| it.what.name()).collect();
        (names, diff.problems.len())
    };
    assert_eq!(diff("/a"), (vec!["archive-went"], 0));
    // One that is nowhere is a problem, one that vanished a difference.
    assert_eq!(diff("/b"), (vec!["repository-vanished"], 0));
    assert_eq!(diff("/c"), (vec![], 2));
}

proptest::proptest! {
    #[test]
    fn what_came_one_way_went_the_other(old in 0..256_u32, new in 0..256_u32) {
        let archives = |mask: u32| -> Vec<String> {
            let chosen = (0..8).filter(|bit| mask & (1 << bit) != 0);
            chosen.map(|bit| format!("{} {} {}", bit + 1, ["web", "db"][bit % 2], bit + 1)).collect()
        };
        let listed = |mask| {
            let archives = archives(mask);
            [list(7, "/a", &archives.iter().map(|it| &it[..]).collect::<Vec<_>>())]
        };
        let only = |there: u32, here: u32, what: &str| -> Vec<String> {
            let gone = (0..8).filter(|bit| here & !there & (1 << bit) != 0);
            gone.map(|bit| format!("/a archive-{what} {}", bit + 1)).collect()
        };
        let texts = |old, new| texts(&listed(old), &listed(new), GroupBy::Series);
        let of = |texts: &[String], what: &str| -> Vec<String> {
            texts.iter().filter(|text| text.contains(what)).cloned().collect()
        };
        let (there, back) = (texts(old, new), texts(new, old));
        proptest::prop_assert_eq!(of(&there, "-came"), only(old, new, "came"));
        proptest::prop_assert_eq!(of(&there, "-went"), only(new, old, "went"));
        proptest::prop_assert_eq!(of(&back, "-went"), only(old, new, "went"));
        proptest::prop_assert_eq!(texts(new, new), Vec::<String>::new());
    }
}
