#!/usr/bin/env python3
"""Measures borgq against what its users would otherwise use.

Makes its data, runs the peers that are installed (jq, jaq, python3), and prints
tables in Markdown. Times are medians of whole processes with a warm cache, each
command in turn so that a busy machine slows all of them alike.

    cargo build --release && python3 benches/run.py
"""

import argparse
import datetime
import hashlib
import json
import math
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOW = "2026-11-28T12:00:00Z"

NEWEST = {
    "jq": ["jq", "-r", '[.archives[] | .time // .start] | [max, length] | "\\(.[0]) \\(.[1])"'],
    "jaq": ["jaq", "-r", '[.archives[] | .time // .start] | [max, length] | "\\(.[0]) \\(.[1])"'],
    "python3 json": [sys.executable, "-S", "-c", (
        "import json, sys\n"
        "with open(sys.argv[1]) as file: archives = json.load(file)['archives']\n"
        "print(max(a.get('time') or a['start'] for a in archives), len(archives))")],
}

CHECK_IN_PYTHON = """
import argparse, datetime, json, sys
parser = argparse.ArgumentParser()
parser.add_argument("-w", type=float, default=26)
parser.add_argument("-c", type=float, default=50)
parser.add_argument("file")
args = parser.parse_args()
with open(args.file) as file:
    archives = json.load(file)["archives"]
newest = max(archives, key=lambda archive: archive["time"])
age = datetime.datetime.now() - datetime.datetime.fromisoformat(newest["time"])
hours = age.total_seconds() / 3600
state = 2 if hours > args.c else 1 if hours > args.w else 0
print(f"BORG {['OK', 'WARNING', 'CRITICAL'][state]}: {newest['name']} is {hours:.1f} h old")
sys.exit(state)
"""

READ_IN_PYTHON = """
import json, pathlib, sys
decoder, count = json.JSONDecoder(), 0
for path in pathlib.Path(sys.argv[1]).iterdir():
    text = path.read_text()
    document, end = decoder.raw_decode(text)
    if "archives" not in document:
        document, _ = decoder.raw_decode(text, end + 1)
    count += len(document["archives"])
print(count)
"""


def archive(when, info):
    text = when.strftime("%Y-%m-%dT%H:%M:%S.000000")
    name = "web-" + when.strftime("%Y-%m-%dT%H:%M:%S")
    identity = f"{random.getrandbits(256):064x}"
    if not info:
        return {"archive": name, "barchive": name, "id": identity, "name": name, "start": text, "time": text}
    return {
        "chunker_params": ["buzhash", 19, 23, 21, 4095],
        "command_line": ["/usr/bin/borg", "create", "/srv/backup/web::" + name, "/home", "/etc"],
        "comment": "", "cwd": "/root", "duration": 12.345678, "end": text, "hostname": "www1", "id": identity,
        "limits": {"max_archive_size": 2.6e-05}, "name": name, "start": text,
        "stats": {"compressed_size": random.randrange(10**9), "deduplicated_size": random.randrange(10**6),
                  "nfiles": random.randrange(10**5), "original_size": random.randrange(10**10)},
        "username": "root",
    }


def document(count, info=False, location="/srv/backup/web"):
    """What borg 1.4 prints of so many archives, 20 minutes apart, the last near NOW. A million go back to 1988."""
    end = datetime.datetime(2026, 11, 28, 10, 20)
    times = (end - datetime.timedelta(minutes=20 * (count - at)) for at in range(count))
    result = {
        "archives": [archive(when, info) for when in times],
        "encryption": {"mode": "repokey-blake2"},
        "repository": {"id": f"{random.getrandbits(256):064x}", "last_modified": "2026-11-28T10:00:00.000000",
                       "location": location},
    }
    if info:
        stats = dict.fromkeys(["total_chunks", "total_csize", "total_size", "total_unique_chunks", "unique_csize",
                               "unique_size"], 1)
        result["cache"] = {"path": "/root/.cache/borg", "stats": stats}
    return json.dumps(result, indent=4, sort_keys=True) + "\n"


def capture(count, at):
    printed = document(count, location=f"/srv/backup/host{at}").encode()
    header = {
        "format": "capture", "version": 1, "started": "2026-11-28T10:30:00Z", "finished": "2026-11-28T10:30:03Z",
        "timezone": {"name": "Europe/Berlin", "utc_offset_seconds": 3600}, "host": f"host{at}", "user": "root",
        "argv": ["borg", "list", "--json", f"/srv/backup/host{at}"], "exit_status": 0,
        "stderr": {"text": "", "length": 0, "warnings": 0},
        "stdout": {"length": len(printed), "sha256": hashlib.sha256(printed).hexdigest()},
    }
    return json.dumps(header, separators=(",", ":")).encode() + b"\n" + printed


def data(folder, fleet):
    folder.mkdir(parents=True, exist_ok=True)
    random.seed(1)
    made = {}
    for count in [30, 100, 1_000, 10_000, 100_000, 1_000_000]:
        made["list", count] = folder / f"list-{count}.json"
    for count in [10_000, 100_000]:
        made["info", count] = folder / f"info-{count}.json"
    for (kind, count), path in made.items():
        if not path.exists():
            path.write_text(document(count, kind == "info"))
    captures, documents = folder / f"captures-{fleet}", folder / f"documents-{fleet}"
    if not captures.exists():
        captures.mkdir()
        documents.mkdir()
        for at in range(fleet):
            printed = capture(30, at)
            (captures / f"host{at:05}.json").write_bytes(printed)
            (documents / f"host{at:05}.json").write_bytes(printed.partition(b"\n")[2])
    return made, captures, documents


def run(command):
    """Seconds from the start of a process to its end, with little of Python's own between."""
    program = shutil.which(command[0])
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    begun = time.perf_counter()
    os.waitpid(os.posix_spawn(program, command, os.environ, file_actions=quiet), 0)
    return time.perf_counter() - begun


def medians(commands, rounds):
    """Seconds by name."""
    commands = {name: command for name, command in commands.items() if shutil.which(command[0])}
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(run(command))
    return {name: statistics.median(taken) for name, taken in times.items()}


def peak(command):
    """MiB of memory, by GNU time: a small process, of which the child takes over nothing."""
    if not os.path.exists("/usr/bin/time"):
        return math.nan
    said = subprocess.run(["/usr/bin/time", "-f", "%M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, check=False)
    return int(said.stderr.split()[-1]) / 1024


def table(title, commands, rounds, base):
    times = medians(commands, rounds)
    print(f"\n### {title}\n\n| | ms | times {base} | peak MiB |\n| --- | ---: | ---: | ---: |")
    for name, taken in times.items():
        print(f"| {name} | {taken * 1000:.1f} | {taken / times[base]:.2f} | {peak(commands[name]):.1f} |", flush=True)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "target/bench", help="where the data is made")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "target/release")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--fleet", type=int, default=10_000, help="how many captures")
    args = parser.parse_args()
    os.environ["TZ"] = "UTC"
    subprocess.run(["cargo", "build", "--quiet", "--release", "--package", "borgq-benches"], cwd=ROOT, check=True)
    made, captures, documents = data(args.data, args.fleet)
    borgq, check, probe, hello = (str(args.programs / name) for name in ["borgq", "check_borg", "probe", "hello"])
    check_now = [check, "--now", NOW]

    for kind in ["list", "info"]:
        file = str(made[kind, 100_000])
        table(f"100,000 archives, {kind} ({os.path.getsize(file) / 1e6:.0f} MB): the newest and their number", {
            "bare fold with serde_json": [probe, file],
            "borgq last": [borgq, "last", "--now", NOW, file],
            "borgq repos": [borgq, "repos", "--now", NOW, file],
            "check_borg": [*check_now, file],
            **{name: [*command, file] for name, command in NEWEST.items()},
        }, args.rounds, "bare fold with serde_json")

    file = str(made["list", 1_000_000])
    table(f"1,000,000 archives, list ({os.path.getsize(file) / 1e6:.0f} MB)", {
        "bare fold with serde_json": [probe, file],
        "borgq last": [borgq, "last", "--now", NOW, file],
        "borgq last --group-by series": [borgq, "last", "--group-by", "series", "--now", NOW, file],
        "borgq repos": [borgq, "repos", "--now", NOW, file],
        "check_borg": [*check_now, file],
    }, 3, "bare fold with serde_json")

    counts = [1_000, 10_000, 100_000, 1_000_000]
    taken = medians({str(count): [*check_now, str(made["list", count])] for count in [100, *counts]}, args.rounds)
    start = taken["100"]
    print("\n### How the cost grows (check_borg, list)\n\n| archives | ms | exponent |\n| ---: | ---: | ---: |")
    before = None
    for count in counts:
        grown = taken[str(count)] - start
        exponent = "" if before is None else f"{math.log10(grown / before):.2f}"
        print(f"| {count:,} | {taken[str(count)] * 1000:.1f} | {exponent} |")
        before = grown

    file = str(made["list", 100_000])
    table("100,000 archives, list: every archive", {
        "borgq archives": [borgq, "archives", file], "borgq archives --format csv": [borgq, "archives", "--format", "csv", file],
        "borgq gaps": [borgq, "gaps", file], "borgq query": [borgq, "query", "--documents", "[.archives[].time] | max", file],
        "jaq": ["jaq", "[.archives[].time] | max", file], "jq": ["jq", "[.archives[].time] | max", file],
    }, args.rounds, "borgq query")

    print("\n### Memory for each archive\n\n| | bytes |\n| --- | ---: |")
    for name, kind, command in [
        ("borgq archives", "list", ["archives"]), ("borgq archives --format csv", "list", ["archives", "--format", "csv"]),
        ("borgq gaps", "list", ["gaps"]), ("borgq archives, info", "info", ["archives"]), ("borgq sizes, info", "info", ["sizes"]),
    ]:
        less, more = (100_000, 1_000_000) if kind == "list" else (10_000, 100_000)
        peaks = [peak([borgq, *command, str(made[kind, count])]) for count in (less, more)]
        print(f"| {name} | {(peaks[1] - peaks[0]) * 2**20 / (more - less):.0f} |", flush=True)

    file = str(made["list", 30])
    table("30 archives: start-up", {
        "hello, with eight subcommands": [hello, "one", file],
        "check_borg": [check, file],
        "borgq last": [borgq, "last", file],
        "a check in Python": [sys.executable, "-c", CHECK_IN_PYTHON, file],
    }, 10 * args.rounds, "hello, with eight subcommands")

    for what, place in [("captures", captures), ("documents", documents)]:
        files = [str(path) for path in sorted(place.iterdir())]
        table(f"{args.fleet:,} {what} of 30 archives", {
            "check_borg": [*check_now, str(place)],
            "borgq last": [borgq, "last", "--now", NOW, str(place)],
            "Python reads them": [sys.executable, "-S", "-c", READ_IN_PYTHON, str(place)],
            "jq": ["jq", "-r", "[.archives[]?.time] | max", *files],
            "jaq": ["jaq", "-r", "[.archives[]?.time] | max", *files],
        }, args.rounds, "check_borg")

    print("\n### Programs\n")
    for program in [borgq, check]:
        print(f"- {os.path.basename(program)}: {os.path.getsize(program) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
