use super::*;

#[test]
fn secrets_are_hidden_and_nothing_else() {
    #[track_caller]
    fn row(argv: &[&str], want: &[&str]) {
        assert_eq!(mask_argv(argv.iter().map(|word| (*word).to_owned())), want);
    }
    row(
        &["borg", "list", "--json", "/repo"],
        &["borg", "list", "--json", "/repo"],
    );
    row(
        &["x", "--password", "a", "b"],
        &["x", "--password", "***", "b"],
    );
    row(&["x", "--password=a", "b"], &["x", "--password=***", "b"]);
    row(&["x", "--api-token", "a"], &["x", "--api-token", "***"]);
    row(&["BORG_PASSCOMMAND=cat /x"], &["BORG_PASSCOMMAND=***"]);
    row(&["a=b", "name"], &["a=b", "name"]);
    row(&["ssh://host:22/x"], &["ssh://host:22/x"]);
    row(&["ssh://me@host:22/x"], &["ssh://me@host:22/x"]);
    row(
        &["x:ssh://a:p@q@h/x,y://b:c@d"],
        &["x:ssh://a:***@h/x,y://b:***@d"],
    );
    row(&["user@host:path"], &["user@host:path"]);
    row(&["s3:id:horse@/bucket"], &["s3:id:***@/bucket"]);
    row(&["s3://host/b2:x"], &["s3://host/b2:x"]);
    row(&["s3:profile@/bucket/a"], &["s3:profile@/bucket/a"]);
    row(&["s3:/bucket/a:b@c"], &["s3:/bucket/a:b@c"]);
    row(
        &["b2:id:ho/r+se@https://host:443/bucket/a:b@c"],
        &["b2:id:***@https://host:443/bucket/a:b@c"],
    );
    row(
        &["s3:me@https://id:horse@host/b", "s3://id:horse@host/b"],
        &["s3:me@https://id:***@host/b", "s3://id:***@host/b"],
    );
    row(&["class3:a:b@c"], &["class3:a:b@c"]);
    row(
        &["rclone::sftp,user=me,pass=horse:path", "compass=north"],
        &["rclone::sftp,user=me,pass=***", "compass=north"],
    );
    row(
        &["--override=encryption_passphrase=horse", "x"],
        &["--override=encryption_passphrase=***", "x"],
    );
    row(
        &[
            "sh",
            "-c",
            "A=b BORG_PASSPHRASE='a horse' borg list ssh://x:horse@h/",
        ],
        &[
            "sh",
            "-c",
            "A=b BORG_PASSPHRASE=*** borg list ssh://x:***@h/",
        ],
    );
    row(
        &["--encryption-passphrase", "-x", "--remote-path", "borg1"],
        &["--encryption-passphrase", "***", "--remote-path", "borg1"],
    );
}

#[test]
fn secrets_in_texts_are_hidden_to_their_end() {
    #[track_caller]
    fn row(text: &str, want: &str) {
        assert_eq!(mask_text(text), want);
    }
    row("BORG_PASSPHRASE=\"a horse\" x", "BORG_PASSPHRASE=*** x");
    row("BORG_PASSPHRASE='a '\"horse\"x y", "BORG_PASSPHRASE=*** y");
    row("x --password 'a horse' y", "x --password *** y");
    row("x --password\n", "x --password\n");
    row("BORG_PASSPHRASE='a horse\nx", "BORG_PASSPHRASE=***\nx");
    row("BORG_PASSPHRASE=\nx", "BORG_PASSPHRASE=\nx");
    row(
        "Command ('borg', '--encryption-passphrase', 'horse', 'list') failed",
        "Command ('borg', '--encryption-passphrase', ***, 'list') failed",
    );
    row(
        "passphrase supplied in BORG_PASSPHRASE, by",
        "passphrase supplied in BORG_PASSPHRASE, by",
    );
}

#[test]
fn json_stays_json() {
    for (message, want) in [
        ("BORG_PASSPHRASE=horse", "BORG_PASSPHRASE=***"),
        ("BORG_PASSPHRASE=\"a horse\" x", "BORG_PASSPHRASE=*** x"),
        ("BORG_PASSPHRASE='a horse' x", "BORG_PASSPHRASE=*** x"),
        ("BORG_PASSPHRASE=ho\"rse\nx", "BORG_PASSPHRASE=***\nx"),
        ("BORG_PASSPHRASE=h\\nrse x", "BORG_PASSPHRASE=*** x"),
        ("--password horse", "--password ***"),
        ("see ssh://me:horse@host", "see ssh://me:***@host"),
    ] {
        let line = serde_json::json!({ "message": message, "more": 1 }).to_string();
        let masked = mask_text(&(line + "\n"));
        let value: serde_json::Value = serde_json::from_str(&masked).unwrap();
        assert_eq!(value["message"], want, "{masked}");
        assert_eq!(value["more"], 1);
    }
}

/// A document can hold a text of any length.
#[test]
fn a_long_text_takes_as_long_as_it_is() {
    for part in [
        "s3:",
        "s3:a@",
        "://",
        "PASSWORD=",
        "-p=\"",
        "a=:@/ --pass ",
        "b2:a:'",
        "''",
    ] {
        let text = part.repeat(20_000);
        let text = [&format!("PASSWORD={text}"), text.as_str()].join(" ");
        assert!(mask_text(&text).len() < 2_000_000);
        assert!(mask_text(&format!("{{{text}")).len() < 2_000_000);
    }
}

proptest::proptest! {
    #[test]
    fn what_is_masked_stays_as_it_is(
        text in "((s3|b2|ssh|--pass|PASSWORD|x)?(:|://|=| |@|/|a|\"|'|,){0,6}){0,6}",
    ) {
        let masked = mask_text(&text);
        proptest::prop_assert_eq!(mask_text(&masked), masked);
    }

    #[test]
    fn any_text_is_masked_without_panic(text: String, json in "[{]?[a-z=\\\\\"' :@/]{0,40}") {
        let _ = mask_text(&text);
        let _ = mask_text(&json);
        mask_argv([format!("PASSWORD={text}"), json]);
    }
}
