"""The plugin run directly, and its output read by the rules that all consumers share."""

import dataclasses
import json
import pathlib
import re
import subprocess

PLUGIN = "/usr/lib/nagios/plugins/check_borg"
LONGEST = 8192
NUMBER = r"-?\d+(?:\.\d+)?"
RANGE = rf"@?(?:(?:~|{NUMBER}):)?(?:{NUMBER})?"
ITEM = re.compile(rf"('[^'=|]+'|[^ '=|]+)=({NUMBER}|U)(s|B|c|%)?(?:;({RANGE}))?(?:;({RANGE}))?(?:;({NUMBER})?)?(?:;({NUMBER})?)?")
STATES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}


@dataclasses.dataclass
class Output:
    """What the plugin printed."""

    status: int
    raw: bytes
    # Without performance data.
    first: str
    long: list
    # As written.
    perfdata: str


def run(arguments, user="nagios"):
    """Runs the plugin as the daemons do: their user, no environment, the root directory."""
    answer = subprocess.run([PLUGIN, *arguments], user=user, group=user, extra_groups=[], cwd="/", env={}, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert answer.stderr == b"", f"{arguments}: standard error: {answer.stderr!r}"
    return parse(answer.returncode, answer.stdout)


def parse(status, raw):
    first, *long = raw.decode("utf-8").removesuffix("\n").split("\n")
    text, _, perfdata = first.partition(" | ")
    return Output(status, raw, text, long, perfdata)


def proper(output, what):
    """What holds for every output. Returns the performance data as rows of texts."""
    assert output.status in STATES.values(), f"{what}: {output}"
    said = re.match(r"BORG (\w+): .", output.first)
    assert said and STATES[said[1]] == output.status, f"{what}: {output}"
    assert len(output.raw) <= LONGEST and output.raw.endswith(b"\n"), f"{what}: {len(output.raw)} bytes"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", output.raw.decode()), f"{what}: {output}"
    assert "|" not in output.first and not any("|" in line for line in output.long), f"{what}: {output}"
    rows = []
    rest = output.perfdata
    while rest:
        item = ITEM.match(rest)
        assert item, f"{what}: performance data from {rest!r}"
        rows.append([(part or "").strip("'") for part in item.groups()])
        rest = rest[item.end():]
        assert not rest or re.match(r" [^ ]", rest), f"{what}: performance data from {rest!r}"
        rest = rest[1:]
    labels = [row[0] for row in rows]
    assert len(set(labels)) == len(labels), f"{what}: labels are not unique: {labels}"
    assert not any("::" in label or label != label.strip() for label in labels), f"{what}: {labels}"
    return rows


def by_perl(question, rows):
    script = pathlib.Path(__file__).with_name("monitoring_plugin.pl")
    answer = subprocess.run(["perl", script, question], input=json.dumps(rows).encode(), capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr.decode(errors="replace")
    return json.loads(answer.stdout)


def holds(case, output, rows):
    """The output is what the case means."""
    if case.state is None:
        assert output.status != STATES["OK"], f"{case.name}: {output}"
    else:
        assert output.status == STATES[case.state], f"{case.name}: {output}"
    assert case.says in output.raw.decode(), f"{case.name}: {output}"
    if case.age is not None:
        ages = [float(value) for _, value, unit, *_ in rows if unit == "s"]
        assert any(0 <= case.age - age < 1 or 0 <= age - case.age < 1 for age in ages), f"{case.name}: age {case.age}: {output.perfdata}"


def prepare(cases):
    """Runs every case directly: {name: (output, rows)}, after they were held to what they mean."""
    meant = {}
    for case in cases:
        assert case.name not in meant, case.name
        output = run(case.arguments())
        rows = proper(output, case.name)
        holds(case, output, rows)
        meant[case.name] = output, rows
    assert {output.status for output, _ in meant.values()} == set(STATES.values())
    perl = by_perl("perfdata", [output.perfdata for output, _ in meant.values()])
    for (name, (_, rows)), theirs in zip(meant.items(), perl, strict=True):
        assert simple(theirs) == simple(rows), f"{name}: Monitoring::Plugin reads other performance data: {theirs} != {rows}"
    return meant


def simple(rows):
    """Labels, values and units: what all readers agree on."""
    return [(label, float(value), unit) for label, value, unit, *_ in rows]
