"""Records what real borg prune would keep of generated histories.

    python3 record.py --tools DIR [--only TOOL]

DIR is what ../corpus/record/install.sh made. For each tool a file TOOL.json is
written: histories, each with its zone, what `borg list --json` printed of it, and
runs of `borg prune --dry-run --list` with what they said, archive by archive. The
histories are random with a fixed seed, and end when the recording is made.

The program itself is run, by a process that has it loaded and forks: hundreds of
runs would else take an hour.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

UTC = datetime.timezone.utc
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
HERE = pathlib.Path(__file__).parent

# Zones are written out, so that no zone database is needed to read them.
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
NEW_YORK = "EST5EDT,M3.2.0,M11.1.0"
LORD_HOWE = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"
KATHMANDU = "<+0545>-5:45"


def serve():
    """Runs borg for each line of standard input, in a process of its own."""
    import time

    from borg.archiver import main

    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.update(order["env"])
            time.tzset()
            for number, name in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
                os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
            sys.argv = ["borg", *order["argv"]]
            main()
            os._exit(99)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, flush=True)


class Borg:
    """A real borg with a home of its own."""

    def __init__(self, tools, tool, scratch):
        self.tool, self.scratch = tool, scratch
        self.one = tool.startswith("borg-1")
        self.new = tool == "borg-2.0.0b25"
        self.file = f"{scratch}/file"
        pathlib.Path(self.file).write_text("file\n")
        env = {
            "PATH": os.environ["PATH"],
            "HOME": scratch,
            "BORG_BASE_DIR": f"{scratch}/base",
            "BORG_PASSPHRASE": "correct horse",
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            "LANG": "C.UTF-8",
        }
        python = str(pathlib.Path(tools) / tool / "bin" / "python3")
        argv = [python, str(pathlib.Path(__file__).resolve()), "--serve"]
        self.server = subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, *argv, zone="UTC", **env):
        out, err = f"{self.scratch}/out", f"{self.scratch}/err"
        order = {"argv": argv, "env": {"TZ": zone} | env, "out": out, "err": err}
        print(json.dumps(order), file=self.server.stdin, flush=True)
        status = int(self.server.stdout.readline())
        return status, pathlib.Path(out).read_text(), pathlib.Path(err).read_text()

    def must(self, *argv, **env):
        status, out, err = self.run(*argv, **env)
        assert status == 0, f"{self.tool} {argv}: {status}\n{out}\n{err}"
        return out

    def at(self, path, command, *argv, **env):
        """A command about the repository at a path."""
        if not self.one:
            return ["-r", path, command, *argv]
        return [command, *argv, path]

    def init(self, path):
        if self.one:
            self.must("init", "-e", "none", path)
        else:
            mode = "none" if self.tool.endswith("b20") else "authenticated-sha256"
            self.must("-r", path, "repo-create", "-e", mode)

    def create(self, path, name, when, host="vault"):
        stamp = f"{when:%Y-%m-%dT%H:%M:%S}" + ("" if self.one else "+00:00")
        if self.one:
            self.must("create", "--timestamp", stamp, f"{path}::{name}", self.file, BORG_HOSTNAME=host)
        else:
            self.must("-r", path, "create", "--timestamp", stamp, name, self.file, BORG_HOSTNAME=host)

    def list(self, path, zone):
        if self.one:
            out = self.must("list", "--json", "--consider-checkpoints", path, zone=zone)
        else:
            out = self.must("-r", path, "repo-list", "--json", zone=zone)
        return json.loads(out)

    def protect(self, path, id):
        self.must("-r", path, "tag", "--add", "@PROT", f"aid:{id}")


class History:
    """Times of archives, without their names."""

    def __init__(self, seed, now):
        self.random = random.Random(seed)
        self.now = now
        self.times = []

    def every(self, step, count, before, keep, jitter=0):
        """Up to `count` archives, one a step, ending `before` now, with holes."""
        first = self.now - before
        for number in range(count):
            wobble = datetime.timedelta(minutes=self.random.randint(-jitter, jitter) if jitter else 0)
            if self.random.random() < keep:
                self.times.append(first - number * step + wobble)
        return self

    def around(self, text, minutes, count, seconds=0):
        """Archives every so many minutes from an instant on."""
        first = datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)
        step = datetime.timedelta(minutes=minutes)
        self.times += [first + number * step - datetime.timedelta(seconds=seconds) for number in range(count)]
        return self

    def tie(self, *places):
        """The same time once more, for archives at these places."""
        self.times += [sorted(self.times)[place] for place in places]
        return self


def histories(now):
    """The histories, each with the zone in which prune runs."""
    berlin = History("berlin", now)
    berlin.every(HOUR, 14, HOUR / 2, 0.8).every(DAY, 30, DAY * 1.3, 0.8, 600).every(DAY * 30, 14, DAY * 40, 0.8, 20000)
    berlin.around("2026-10-25T00:00", 30, 6).around("2026-03-29T00:30", 30, 3).around("2025-10-26T00:20", 20, 6)
    berlin.around("2025-12-31T23:00", 60, 2, seconds=1).tie(3, 10, -1)
    new_york = History("new york", now)
    new_york.every(HOUR * 5, 14, HOUR * 2, 0.7, 90).every(DAY, 20, DAY * 2.1, 0.7).every(DAY * 7, 14, DAY * 30, 0.8, 4000)
    new_york.around("2026-11-01T04:15", 15, 12).around("2026-03-08T06:40", 20, 4).around("2025-01-01T04:59", 1, 2)
    new_york.every(DAY * 91, 8, DAY * 150, 0.9, 30000).tie(-1, -2, 20)
    lord_howe = History("lord howe", now)
    lord_howe.every(DAY / 2, 30, HOUR * 9, 0.75, 200).every(DAY * 9, 20, DAY * 20, 0.8, 3000)
    lord_howe.around("2026-10-03T15:10", 10, 5).around("2026-04-04T14:20", 10, 9).around("2026-04-05T13:00", 30, 3).tie(0, 1, 2)
    kathmandu = History("kathmandu", now)
    kathmandu.times = [now - datetime.timedelta(seconds=int(kathmandu.random.expovariate(1 / 9e6)) + 1800) for _ in range(48)]
    kathmandu.around("2020-12-28T18:14", 1, 2).around("2021-01-03T18:14", 1, 2).around("2021-01-10T18:14", 1, 2).tie(0, -1)
    # Fewer archives than any rule asks for.
    few = History("few", now).every(DAY, 5, HOUR * 3, 1).every(DAY * 100, 2, DAY * 20, 1)
    return [("berlin", BERLIN, berlin), ("new-york", NEW_YORK, new_york), ("lord-howe", LORD_HOWE, lord_howe),
            ("kathmandu", KATHMANDU, kathmandu), ("few", "UTC", few)]


def rules(seed, borg):
    """Combinations of rules: those that show one thing each, then random ones."""
    fixed = [
        "--keep-daily 7", "--keep-daily -1", "--keep-hourly 24 --keep-daily 7 --keep-weekly 4 --keep-monthly 6 --keep-yearly 2",
        "--keep-daily 7 --keep-weekly 4 --keep-monthly -1", "--keep-hourly 100", "--keep-minutely 20 --keep-hourly 5",
        "--keep-minutely -1", "--keep-secondly 4 --keep-daily 3", "--keep-weekly 60", "--keep-yearly 50", "--keep-yearly 1",
        "--keep-daily 3 --keep-yearly 0", "--keep-daily 0 --keep-weekly 3", "--keep-13weekly 3", "--keep-3monthly 3",
        "--keep-monthly 2 --keep-13weekly 30", "--keep-monthly 2 --keep-3monthly -1", "--keep-daily 0", "",
        "--keep-daily -2", "--keep-hourly -1 --keep-daily 4", "--keep-3monthly 1 --keep-13weekly 1", "--keep-secondly 500",
    ]
    old = [
        "--keep-within 2d", "--keep-within 30d --keep-weekly 4", "--keep-within 1m --keep-last 3", "--keep-within 2w --keep-daily 9 --keep-monthly 3",
        "--keep-within 1y --keep-yearly 3", "--keep-within 7H", "--keep-last 1", "--keep-last 12 --keep-monthly 40", "--keep-within 0d",
        "--keep-within 5", "--keep-within 3d --keep-daily 0", "--keep 3", "--keep-within 90M --keep-daily 2", "--keep-weekly 5w",
    ]
    new = [
        "--keep 5", "--keep 3d", "--keep 1m --keep-monthly 1y", "--keep-daily 7d --keep-weekly 4w --keep-monthly 6", "--keep-daily 30d --keep-weekly 7d",
        "--keep-daily all", "--keep all", "--keep-daily 5d --keep-yearly 5y", "--keep-hourly 36H --keep-daily 9d --keep-weekly -1", "--keep-daily 0d",
        "--keep-daily 0d --keep-weekly 2", "--keep 90M --keep-hourly 2", "--keep-yearly 3y", "--keep-13weekly 1y", "--keep-minutely 6H",
        "--keep-last 3", "--keep-within 2d", "--keep-weekly 5 --keep-monthly 0", "--keep -1 --keep-yearly -1",
    ]
    chosen = [words.split() for words in fixed + (new if borg.new else old)]
    source = random.Random(seed)
    names = ["secondly", "minutely", "hourly", "daily", "weekly", "monthly", "13weekly", "3monthly", "yearly"]
    for _ in range(14):
        words = []
        if not borg.new and source.random() < 0.5:
            words += ["--keep-within", f"{source.randint(1, 40)}{source.choice('Hdw')}"]
        picked = sorted(source.sample(range(9), source.randint(1, 5)))
        if 6 in picked and 7 in picked:
            picked.remove(source.choice((6, 7)))
        for number in picked:
            count = source.choice((-1, 0, 1, 2, 3, 4, 5, 6, 8, 13, 30))
            words += [f"--keep-{names[number]}", str(count)]
        chosen.append(words)
    return chosen


KEPT = re.compile(r"^Keeping archive \(rule: (.+)\): +")


def prune(borg, path, zone, words, select, group, listing):
    """One run, with what it said of each archive."""
    argv = list(words)
    if select is not None:
        # borg 1.x knows only shell patterns, without a prefix.
        argv += ["-a", select.removeprefix("sh:") if borg.one else select]
    if group is not None:
        argv += ["--group-by", "" if group == "repository" else group]
    ids = [archive["id"] for archive in listing["archives"]]
    case = {"args": words} | ({"select": select} if select else {}) | ({"group": group} if group else {})
    for _ in range(9):
        before = datetime.datetime.now(UTC)
        lister = [] if borg.one else ["--format", "[{id}]"]
        status, out, err = borg.run(*borg.at(path, "prune", "--dry-run", "--list", *lister, *argv), zone=zone)
        after = datetime.datetime.now(UTC)
        if not on_edge(borg, words, listing, before, after):
            break
    else:
        raise AssertionError(f"always an archive on the edge: {words}")
    case["now"] = before.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if status != 0:
        refusal = [line for line in (err + out).splitlines() if line.strip() and not line.startswith("usage")]
        case["refused"] = refusal[-1][:200]
        return case
    kept, seen = {}, []
    for line in err.splitlines():
        found = re.search(r"\[([0-9a-f]{64})\]", line)
        if found is None:
            continue
        place = ids.index(found[1])
        seen.append(place)
        rule = KEPT.match(line)
        if rule:
            kept[str(place)] = rule[1]
        elif line.startswith("Keeping checkpoint archive:"):
            kept[str(place)] = "checkpoint"
        else:
            assert line.startswith("Would prune:"), line
    # Newest first, and the other way round among equal times.
    assert seen == sorted(seen, reverse=True), f"{words}: {seen}"
    case["kept"] = kept
    unseen = sorted(set(range(len(ids))) - set(seen))
    return case | ({"unseen": unseen} if unseen else {})


def on_edge(borg, words, listing, before, after):
    """Whether an archive came to lie outside of an interval during the run."""
    seconds = {"H": 3600, "d": 86400, "w": 604800, "m": 2678400, "y": 31536000, "M": 60, "S": 1}
    for word in words:
        if re.fullmatch(r"\d+[HdwmyMS]", word):
            length = datetime.timedelta(seconds=int(word[:-1]) * seconds[word[-1]])
            for when in borg.instants:
                if before - length - datetime.timedelta(seconds=1) <= when <= after - length + datetime.timedelta(seconds=1):
                    return True
    return False


def record(tools, tool, scratch):
    borg = Borg(tools, tool, scratch)
    now = datetime.datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    recorded = []
    for name, zone, history in histories(now):
        path = f"{scratch}/{name}"
        borg.init(path)
        times = sorted(history.times)
        borg.instants = times
        source = random.Random(name)
        archives = []
        for number, when in enumerate(times):
            series = "web" if source.random() < 0.7 else "db"
            unique = f"{series}-{number:03}" if borg.one or name != "new-york" else series
            host = source.choice(("vault", "attic")) if name == "new-york" else "vault"
            archives.append((unique, when, host))
        if borg.one:
            # One that a newer archive makes useless, and one that is the newest.
            archives += [("web-early.checkpoint", times[len(times) // 2], "vault"), ("db-1.checkpoint.2", times[-2], "vault")]
            if name in ("berlin", "few"):
                archives += [("web-late.checkpoint", times[-1] + HOUR / 4, "vault"), ("web-not.checkpoint-x", times[4], "vault")]
        # The order in which they were made says nothing.
        source.shuffle(archives)
        for archive in archives:
            borg.create(path, *archive)
        listing = borg.list(path, zone)
        if not borg.one and name in ("berlin", "kathmandu"):
            for place in (2, len(listing["archives"]) - 1):
                borg.protect(path, listing["archives"][place]["id"])
            listing = borg.list(path, zone)
        runs = []
        for words in rules(f"{tool} {name}", borg):
            runs.append(prune(borg, path, zone, words, None, None, listing))
        for words in ("--keep-daily 4 --keep-monthly 3", "--keep-hourly 300", "--keep-weekly 2"):
            for select in ("sh:web*", "sh:web-???"):
                runs.append(prune(borg, path, zone, words.split(), select, None, listing))
            for group in ("repository", "name", "host", "user", "name,host") if borg.new else ():
                runs.append(prune(borg, path, zone, words.split(), None, group, listing))
        listing["repository"]["location"] = f"/backup/{name}"
        recorded.append({"name": name, "zone": zone, "listing": listing, "runs": runs})
        print(f"{tool} {name}: {len(archives)} archives, {len(runs)} runs", flush=True)
    borg.server.stdin.close()
    borg.server.wait()
    write(tool, recorded)


def write(tool, recorded):
    """One archive and one run a line, so that a change shows."""
    short = lambda value: json.dumps(value, separators=(",", ":"))
    texts = []
    for history in recorded:
        listing = history["listing"]
        archives = listing.pop("archives")
        # What the question does not need only takes room.
        for archive in archives:
            for key in ("barchive", "comment"):
                archive.pop(key, None)
        texts.append(
            '{"name":' + short(history["name"]) + ',"zone":' + short(history["zone"])
            + ',"listing":{"archives":[\n' + ",\n".join(map(short, archives)) + "],\n"
            + short(listing)[1:-1] + '},"runs":[\n' + ",\n".join(map(short, history["runs"])) + "]}"
        )
    (HERE / f"{tool}.json").write_text('{"tool":' + short(tool) + ',"histories":[\n' + ",\n".join(texts) + "]}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", required=True, help="where install.sh put the tools")
    parser.add_argument("--only", action="append", help="a tool, may be repeated")
    args = parser.parse_args()
    for tool in args.only or ["borg-1.4.5", "borg-2.0.0b20", "borg-2.0.0b25"]:
        scratch = tempfile.mkdtemp(prefix="retention-")
        try:
            record(args.tools, tool, scratch)
        finally:
            shutil.rmtree(scratch)


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["--serve"] else main()
