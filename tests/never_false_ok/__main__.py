"""Never a false OK: documents whose truth is CRITICAL are broken at random, and whenever
check_borg says OK all the same, the broken document must prove it to another reader.

The runner is examples/states.rs: `cargo build --release --example states`.
"""

import argparse
import json
import marshal
import queue
import random
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import proof
from mutate import Mutator

ROOT = Path(__file__).resolve().parents[2]
WORDS = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
LIMIT = timedelta(hours=26)
BATCH = 500
# Longer documents are broken in no other ways.
LONGEST = 40_000


class Case:
    """A recorded document, ten years later."""

    def __init__(self, truth, now, data, value):
        self.name = str(truth.relative_to(ROOT / "tests/corpus")).removesuffix(".truth.json")
        self.zone = json.loads(truth.read_bytes())["timezone"]
        self.now, self.data = now, data
        # Loading it is the fastest copy.
        self.value = None if value is None else marshal.dumps(value)
        self.reading = not any(sign in time_of(data) for sign in (b"+", b"-"))

    def stamp(self, instant):
        """An instant as the document would write it."""
        if not self.reading:
            return instant.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
        proof.set_zone(self.zone)
        local = time.localtime((instant - proof.EPOCH) // timedelta(seconds=1))
        return time.strftime("%Y-%m-%dT%H:%M:%S.000000", local)


def time_of(data):
    """What stands behind the seconds of a time of an archive."""
    for key in (b'"time": "', b'"start": "'):
        at = data.find(key)
        if at >= 0:
            return data[at + len(key) + 19:].split(b'"')[0]
    return b""


def cases():
    found = []
    for truth in sorted((ROOT / "tests/corpus").glob("*/*.truth.json")):
        known = json.loads(truth.read_bytes())
        times = [archive["time"] for document in known["documents"] for archive in document.get("archives") or []]
        data = truth.with_name(truth.name.replace(".truth.json", ".out")).read_bytes()
        if not times or len(data) > LONGEST or max(times) > "9900":
            continue
        newest = max(datetime.fromisoformat(text.replace("Z", "+00:00")) for text in times)
        try:
            value = json.loads(data)
        except ValueError:
            # With noise: only its bytes can be changed.
            value = None
        found.append(Case(truth, (newest + timedelta(days=3650)).astimezone(timezone.utc), data, value))
    return found


def mutant(rng, case, other):
    """A broken document. A twentieth is left as it is, but for other times."""
    mutator = Mutator(rng, case.now, LIMIT, case.stamp)
    return broken(mutator, case, broken(mutator, other, b"") if rng.random() < 0.4 else other.data)


def broken(mutator, case, other):
    rng = mutator.rng
    if case.value is None:
        data = case.data
    else:
        value = marshal.loads(case.value)
        if rng.random() < 0.8:
            mutator.freshen([value])
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
            value = mutator.change(value)
        data = mutator.dump(value)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        data = mutator.text(data, other)
    return data


class Runner:
    """The process that says what check_borg says of many inputs."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.queue = queue.Queue(4)
        threading.Thread(target=self.feed, daemon=True).start()

    def feed(self):
        while (jobs := self.queue.get()) is not None:
            self.process.stdin.write(jobs)
            self.process.stdin.flush()
        self.process.stdin.close()

    def send(self, jobs):
        self.queue.put(b"".join(
            struct.pack("<I", len(part)) + part for args, data in jobs for part in (args, data)))

    def states(self, count):
        states = self.process.stdout.read(count)
        if len(states) != count:
            sys.exit(f"the runner ended with {self.process.wait()}: a panic is no answer")
        return states

    def end(self):
        self.queue.put(None)
        return self.process.wait()


def arguments(case, rng=None):
    by = rng.choice([None, None, None, "repository", "series", "host", "user"]) if rng else None
    args = ["check_borg", "--now", case.now.isoformat(), "--timezone", case.zone]
    if by:
        args += ["--group-by", by]
    if rng and rng.random() < 0.3:
        # Said or not, all archives are kept: another way through the program.
        args += ["-v"]
    return "\n".join(args).encode(), by


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runner", default=ROOT / "target/release/examples/states")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a directory for the documents of false OKs")
    options = parser.parse_args()

    begin = time.monotonic()
    corpus, runner, tally, failures = cases(), Runner(options.runner), Counter(), 0
    runner.send([(arguments(case)[0], case.data) for case in corpus])
    for case, state in zip(corpus, runner.states(len(corpus))):
        if state not in (1, 2, 3):
            sys.exit(f"{case.name}: ten years later it is {state}")

    def batches():
        for first in range(0, options.count, BATCH):
            batch = []
            for number in range(first, min(first + BATCH, options.count)):
                # Each by itself: one can be made again without the others.
                rng = random.Random(options.seed * 1_000_000_007 + number)
                case, other = rng.choice(corpus), rng.choice(corpus)
                batch.append((number, case, *arguments(case, rng), mutant(rng, case, other)))
            runner.send([(args, data) for _, _, args, _, data in batch])
            yield batch

    def judge(batch):
        wrong = 0
        for (number, case, args, by, data), state in zip(batch, runner.states(len(batch))):
            tally[WORDS.get(state, "odd")] += 1
            if state in (1, 2, 3):
                continue
            try:
                if state != 0:
                    raise proof.Unproven("the text does not go with the state")
                proof.prove(data, case.now, case.zone, LIMIT, by)
                tally["proven"] += 1
            except proof.Unproven as error:
                wrong += 1
                print(f"FALSE OK: number {number}, {case.name}: {error}\n  {' '.join(args.decode().split())}")
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{number}.json").write_bytes(data)
        return wrong

    # While one batch is judged there, the next one is made here.
    before = None
    for batch in batches():
        if before:
            failures += judge(before)
        before = batch
    failures += judge(before or [])
    status = runner.end()
    seconds = time.monotonic() - begin
    states = ", ".join(f"{tally[word]} {word}" for word in WORDS.values())
    print(f"{options.count} broken documents of {len(corpus)} cases, seed {options.seed}: {states}")
    print(f"{tally['proven']} of {tally['OK']} OK are proven, {failures} false, in {seconds:.0f} s")
    if failures or status:
        sys.exit(1)
    # A property of nothing holds, too.
    if options.count >= 1000 and tally["OK"] * 50 < options.count:
        sys.exit("too few are OK to show anything")


main()
