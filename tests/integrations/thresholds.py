"""The plugin's limits against Perl's Monitoring::Plugin, over generated ranges and ages.

    python3 tests/integrations/thresholds.py > tests/integrations/ranges.tsv

records the table that the tests in Rust read; here it is recorded again and compared.
"""

import concurrent.futures
import datetime
import json
import pathlib
import random

import cases
import plugin

RECORDED = pathlib.Path(__file__).with_name("ranges.tsv")
SEED = 20250302
NOW = datetime.datetime(2025, 3, 2, 12, tzinfo=datetime.timezone.utc)
# Where the ends of most ranges lie, in seconds, so that ages fall on both sides.
SPAN = 200


def number(chance):
    kind = chance.randrange(10)
    if kind == 0:
        return str(-chance.randrange(1, SPAN))
    if kind == 1:
        return f"{chance.randrange(SPAN)}.{chance.choice(('0', '5', '25', '125'))}"
    if kind == 2:
        return chance.choice(("0", "1", "00", "007", "86400", "93600"))
    return str(chance.randrange(SPAN))


def span(chance):
    """A range of the guidelines' grammar."""
    start, end = sorted((number(chance), number(chance)), key=float)
    if start.startswith("-") and chance.random() < 0.5:
        start = "0"
        end = end.lstrip("-")
    form = chance.choice(("{end}", "{start}:", "~:{end}", "{start}:{end}", "{end}:{end}"))
    if form == "{end}":
        # The same as 0:end, which must not end below its start.
        end = end.lstrip("-")
    return chance.choice(("", "", "@")) + form.format(start=start, end=end)


def values(chance, text, whole):
    """Values on the ends of a range, beside them, and anywhere."""
    ends = [float(part) for part in text.strip("@").split(":") if part not in ("", "~")]
    if whole:
        found = {int(end) + step for end in ends for step in (-1, 0, 1)} | {0, chance.randrange(SPAN)}
        return sorted(value for value in found if value >= 0)
    return sorted({round(end + step, 3) for end in ends for step in (-0.125, 0, 0.125)} | {0, -1, chance.randrange(-SPAN, SPAN)})


def junk(chance):
    """Nearly a range."""
    text = list(span(chance))
    for _ in range(chance.randrange(1, 3)):
        at = chance.randrange(len(text) + 1)
        if chance.random() < 0.5 and at < len(text):
            del text[at]
        else:
            text.insert(at, chance.choice("@~:.-+, 019e"))
    return "".join(text)


def table():
    """Ranges, values, and whether Monitoring::Plugin alerts."""
    chance = random.Random(SEED)
    ranges = [span(chance) for _ in range(300)]
    rows = [(text, f"{value:.10g}") for text in ranges for value in values(chance, text, whole=False)]
    verdicts = plugin.by_perl("ranges", rows)
    assert None not in verdicts and {True, False} == set(verdicts)
    return "".join(f"{text}\t{value}\t{'alert' if verdict else 'good'}\n" for (text, value), verdict in zip(rows, verdicts, strict=True))


def run(_cases, _meant):
    assert table() == RECORDED.read_text(), f"Monitoring::Plugin now decides otherwise than {RECORDED} says"
    document, _ = cases.listing(age=0, now=NOW)
    path = cases.put("age.json", json.dumps(document).encode())
    yield same_states(path)
    yield same_or_refused(path)


def same_states(path):
    """The state of two limits, for every age."""
    chance = random.Random(SEED)
    rows = []
    for _ in range(250):
        warning, critical = span(chance), span(chance)
        rows += [(warning, critical, value) for value in values(chance, warning, True) + values(chance, critical, True)]
    theirs = plugin.by_perl("statuses", rows)
    ours = statuses(path, rows)
    for row, mine, other in zip(rows, ours, theirs, strict=True):
        assert mine == other, f"limits {row[:2]}, age {row[2]}: {mine}, but Monitoring::Plugin says {other}"
    assert set(ours) == {0, 1, 2}
    return f"{len(rows)} states are the same"


def same_or_refused(path):
    """What is no range is refused; where Monitoring::Plugin takes it, it is never understood otherwise."""
    chance = random.Random(SEED)
    texts = sorted({junk(chance) for _ in range(400)} | {"", "@", "~", ":", "~:", ":10", "20:10", "@20:10", "10:~", "1:2:3", "1e3", "nan", "inf", "--5"})
    rows = [(text, value) for text in texts for value in (0, 10, 150)]
    theirs = plugin.by_perl("ranges", rows)
    ours = statuses(path, [(text, "~:1000000", value) for text, value in rows])
    refused = 0
    for row, mine, other in zip(rows, ours, theirs, strict=True):
        refused += mine == plugin.STATES["UNKNOWN"]
        if mine != plugin.STATES["UNKNOWN"]:
            assert other is not None and mine == int(other), f"limit {row[0]!r}, age {row[1]}: {mine}, but Monitoring::Plugin says {other}"
    assert refused > len(texts)
    return f"{len(rows)} texts that are nearly ranges: {refused} refused, the others understood the same"


def statuses(path, rows):
    """The exit status of the plugin for (WARNING, CRITICAL, AGE)."""
    def status(row):
        warning, critical, age = row
        now = cases.utc(NOW + datetime.timedelta(seconds=age))
        return plugin.run([f"--warning={warning}", f"--critical={critical}", "--timezone", "UTC", "--now", now, path]).status

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(status, rows))


if __name__ == "__main__":
    print(table(), end="")
