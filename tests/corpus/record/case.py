"""Cases: what a run printed, and the truth beside it."""

import json
import os
import pathlib
import subprocess


def text(value):
    """A text for JSON: bytes that are not UTF-8 as hexadecimal."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"bytes_hex": value.hex()}
    return value


def instant(moment):
    """An instant as RFC 3339 in UTC."""
    fraction = f".{moment.microsecond:06}" if moment.microsecond else ""
    year = f"{moment.year:04}"
    return f"{year}-{moment:%m-%dT%H:%M:%S}{fraction}Z"


class Archive:
    """An archive that the recorder made, and so knows."""

    def __init__(self, name, time, id, checkpoint=False, **more):
        self.name, self.time, self.id, self.checkpoint, self.more = name, time, id, checkpoint, more

    def truth(self):
        truth = {"id": self.id, "name": text(self.name), "time": instant(self.time)}
        if self.checkpoint:
            truth["checkpoint"] = True
        return truth | {key: text(value) for key, value in self.more.items()}


def document(kind, generation, repository, archives):
    """The truth of one document. archives is None where it names none."""
    truth = {"kind": kind, "generation": generation, "repository": repository}
    if archives is None:
        return truth
    truth["archives"] = [archive.truth() for archive in archives]
    complete = [archive for archive in archives if not archive.checkpoint]
    last = max((archive.time for archive in complete), default=None)
    # Several archives may have the time of the last one.
    truth["last_complete"] = [archive.id for archive in complete if archive.time == last]
    return truth


class Output:
    def __init__(self, argv, env, stdout, stderr, status, merged):
        self.argv, self.env, self.merged = argv, env, merged
        self.stdout, self.stderr, self.status = stdout, stderr, status


def run(argv, env, cwd=None, merged=False, stdin=None, timeout=300):
    """Runs a command and keeps what it printed."""
    result = subprocess.run(
        argv,
        env=env,
        cwd=cwd,
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE,
        timeout=timeout,
        check=False,
    )
    return Output(argv, env, result.stdout, result.stderr or b"", result.returncode, merged)


KEPT_ENV = ("TZ", "LANG", "LC_ALL", "BORG_JSON_INDENT", "BORG_EXIT_CODES")


class Folder:
    """The cases of one tool."""

    def __init__(self, root, tool, scratch):
        self.path = pathlib.Path(root) / tool
        self.tool, self.scratch = tool, scratch
        self.path.mkdir(parents=True, exist_ok=True)
        self.count = 0

    def save(self, kind, scenario, output, documents=(), stderr=False, expect=None, **more):
        """Writes a case. expect is the exit status that the recorder asserts."""
        if expect is not None and output.status not in (expect if isinstance(expect, tuple) else (expect,)):
            raise AssertionError(
                f"{self.tool} {kind}--{scenario}: exit status {output.status}, expected {expect}\n"
                f"{output.stdout[-2000:]}\n{output.stderr[-2000:]}"
            )
        name = f"{kind}--{scenario}"
        (self.path / f"{name}.out").write_bytes(output.stdout)
        if stderr:
            (self.path / f"{name}.stderr").write_bytes(output.stderr)
        truth = {
            "tool": self.tool,
            "argv": [text(os.fsencode(word)) for word in output.argv],
            "env": {key: output.env[key] for key in KEPT_ENV if key in output.env},
            "timezone": output.env.get("TZ", "UTC"),
            "exit_status": output.status,
            "merged": output.merged,
            "documents": list(documents),
        }
        truth |= more
        lines = json.dumps(truth, indent=1, ensure_ascii=True)
        (self.path / f"{name}.truth.json").write_text(lines + "\n")
        self.count += 1
        return output

    def derive(self, name, scenario, stdout, documents, **more):
        """Writes a case made by hand from the output of another."""
        kind = name.split("--")[0]
        truth = json.loads((self.path / f"{name}.truth.json").read_text())
        truth |= {"derived": name, "documents": documents} | more
        (self.path / f"{kind}--{scenario}.out").write_bytes(stdout)
        (self.path / f"{kind}--{scenario}.truth.json").write_text(json.dumps(truth, indent=1) + "\n")
        self.count += 1
