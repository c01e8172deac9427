//! Files and documents.

use super::{Attack, all_end, ends, harmless, unknown};

const ATTACKS: &[Attack] = &[
    unknown(
        "no file",
        "$check $at gone.json",
        "gone.json: cannot be read: No such file",
    ),
    unknown(
        "an empty directory",
        "mkdir d.json; $check $at d.json",
        "the directory holds no *.json files",
    ),
    unknown(
        "a directory for patterns",
        "mkdir d; $check $at --expect-file d fresh.json",
        "d: cannot be read: Is a directory",
    ),
    unknown(
        "a link to itself",
        "ln -s a b; ln -s b a; $check $at a",
        "a: cannot be read: Too many levels of symbolic links",
    ),
    unknown(
        "links among files",
        "mkdir d; cp fresh.json d; ln -s x.json d/x.json; $check $at d",
        "d/x.json: cannot be read: ",
    ),
    unknown(
        "a directory that is gone",
        "mkdir d; cd d; rmdir ../d; $check $at fresh.json",
        "fresh.json: cannot be read: ",
    ),
    unknown(
        "a pipe without end",
        "mkfifo p; sleep 20 >p & $check $at -t 2s p; s=$?; kill $!; exit $s",
        "no answer within 2 s, while ",
    ),
    unknown(
        "a name that is too long",
        "$check $at $(head -c 5000 /dev/zero | tr '\\0' x)",
        "File name too long",
    ),
    unknown(
        "nothing but brackets",
        "head -c 100000 /dev/zero | tr '\\0' '[' | $check $at",
        "[truncated]",
    ),
    unknown(
        "nothing but braces",
        "head -c 100000 /dev/zero | tr '\\0' '{' | $check $at",
        "UNKNOWN: standard input: ",
    ),
    unknown(
        "nested objects",
        "yes '{\"a\":' | head -n 100000 | tr -d '\\n' | $check $at",
        "[truncated]",
    ),
    unknown(
        "a million digits",
        "(printf '{\"archives\": '; head -c 1000000 /dev/zero | tr '\\0' 9; printf '}') | $check $at",
        "[unreadable]",
    ),
    unknown(
        "digits in a count",
        "sed s/@COUNT@/$(head -c 99999 /dev/zero | tr '\\0' 9)/ count.json | $check $at",
        "[unreadable]",
    ),
    unknown(
        "a string without end",
        "(printf '{\"archives\": \"'; head -c 10000000 /dev/zero | tr '\\0' a) | $check $at",
        "[truncated]",
    ),
    unknown(
        "zeros",
        "head -c 1000000 /dev/zero | $check $at",
        "the input holds text but no JSON document",
    ),
    unknown(
        "half a document",
        "head -c 200 fresh.json | $check $at",
        "[truncated]",
    ),
    unknown(
        "a fresh document before half of another",
        "(cat fresh.json; head -c 200 old.json) | $check $at",
        "[truncated]",
    ),
    unknown(
        "a fresh document before the end of another",
        "(cat fresh.json; tail -c 200 old.json) | $check $at",
        "the beginning of a document is missing",
    ),
    unknown("a program", "$check $at /bin/sh", "BORG UNKNOWN: /bin/sh: "),
    unknown(
        "a file without end",
        "ulimit -v 1000000; $check $at -t 50s /dev/zero",
        "/dev/zero: cannot be read: ",
    ),
    unknown(
        "standard input without end",
        "ulimit -v 1000000; $check $at -t 50s </dev/zero",
        "standard input: cannot be read: ",
    ),
    unknown(
        "a file without end, up to the limit",
        "ulimit -v 100000; $check $at -t 50s --max-input 10MiB /dev/zero",
        "it is longer than 10MiB",
    ),
    unknown(
        "patterns without end",
        "ulimit -v 500000; $check $at -t 50s --expect-file /dev/zero fresh.json",
        "it is longer than 64MiB",
    ),
    unknown(
        "rules without end",
        "ulimit -v 500000; $check $at -t 50s --rules /dev/zero fresh.json",
        "it is longer than 64MiB",
    ),
    ends(
        "a filter without end",
        "ulimit -v 500000; $borgq query -f /dev/zero fresh.json",
        2,
        "",
    ),
    unknown(
        "a pipe without end for patterns",
        "mkfifo p; sleep 20 >p & $check $at -t 2s --expect-file p fresh.json; s=$?; kill $!; exit $s",
        "no answer within 2 s, while ",
    ),
    unknown(
        "a pipe without end for rules",
        "mkfifo p; sleep 20 >p & $check $at -t 2s --rules p fresh.json; s=$?; kill $!; exit $s",
        "no answer within 2 s, while ",
    ),
    unknown(
        "a pipe that nobody writes to",
        "mkfifo p; $check $at -t 2s p",
        "no answer within 2 s, while ",
    ),
    unknown(
        "a thousand empty files",
        "mkdir d; (cd d; touch $(seq -f %g.json 1000)); $check $at -t 50s d",
        "the input is empty, expected a document of borg (and 999 more problems)",
    ),
    harmless(
        "five thousand files",
        "mkdir d; tee $(seq -f d/%g.json 5000) <fresh.json >all; $check $at -t 50s d",
    ),
    harmless(
        "few open files",
        "mkdir d; tee $(seq -f d/%g.json 100) <fresh.json >all; ulimit -n 16; $check $at -t 50s d",
    ),
    harmless(
        "a file that grows",
        "yes '' | head -c 50000000 >>fresh.json & $check $at -t 50s fresh.json; s=$?; kill $! 2>/dev/null; exit $s",
    ),
    unknown(
        "a file that grows without end",
        "yes '' >>fresh.json & $check $at -t 50s --max-input 1MiB fresh.json; s=$?; while [ $s = 0 ]; do $check $at -t 50s --max-input 1MiB fresh.json; s=$?; done >out; kill $!; cat out; exit $s",
        "it is longer than 1MiB",
    ),
    harmless(
        "twenty million digits",
        "ulimit -v 300000; (printf '{\"x\": '; head -c 20000000 /dev/zero | tr '\\0' 9; printf ','; tail -c +2 fresh.json) | $check $at -t 50s",
    ),
    unknown(
        "twenty million digits in a count",
        "ulimit -v 300000; (sed 's/@COUNT@.*//' count.json; head -c 20000000 /dev/zero | tr '\\0' 9; sed 's/.*@COUNT@//' count.json) | tr -d '\\n' | $check $at -t 50s",
        "[unreadable]",
    ),
    // Whole, they take two kilobytes each.
    ends(
        "fifteen thousand archives in 12 MiB",
        r#"z=$(printf '0%.0s' $(seq 58))
        (
            printf '{"encryption": {"encryption": "aes256-ocb", "id_hash": "sha256"},'
            printf '"repository": {"id": "%064d", "location": "/srv/web"}, "archives": [' 1
            seq -s , -f '{"archive": "www1.example.org", "name": "www1.example.org", "id": "%.0f'$z'",
                "time": "2025-03-09T02:00:00.000000+00:00", "hostname": "www1.example.org",
                "username": "root", "comment": "", "tags": "daily,web", "size": 12345678, "nfiles": 9}' \
                100001 115000
            printf ']}'
        ) >list.json
        ulimit -d 12288
        for question in archives 'archives --json' gaps 'sizes --format csv --sort id'
        do
            $borgq $question $at list.json >out || exit
            wc -l <out
        done"#,
        0,
        "15001\n1\n2\n15001\n",
    ),
    harmless("nothing", "$check $at fresh.json"),
    harmless(
        "another directory",
        "d=$PWD; cd /; $check $at \"$d/fresh.json\"",
    ),
    harmless(
        "a directory that is gone",
        "d=$PWD; mkdir d; cd d; rmdir ../d; $check $at \"$d/fresh.json\"",
    ),
    harmless(
        "a link that leads back",
        "mkdir d; cp fresh.json d; ln -s .. d/up; ln -s . d/here.json; $check $at d",
    ),
    harmless(
        "a long text",
        "sed s/@LONG@/$(head -c 99999 /dev/zero | tr '\\0' a)/ long.json | $check $at",
    ),
    harmless(
        "a text of 10 MB",
        "(printf '{\"x\": \"'; head -c 10000000 /dev/zero | tr '\\0' a; printf '\",'; tail -c +2 fresh.json) | $check $at",
    ),
    harmless(
        "deep nesting of what is unknown",
        "(printf '{\"x\": '; head -c 100000 /dev/zero | tr '\\0' '['; head -c 100000 /dev/zero | tr '\\0' ']'; printf ','; tail -c +2 fresh.json) | $check $at",
    ),
];

#[test]
fn each_input_ends_with_the_right_answer_or_a_sentence() {
    all_end(ATTACKS);
}
