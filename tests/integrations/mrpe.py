"""The MRPE line, run as Checkmk's agent does. The agent itself is not in Debian."""

import pathlib
import re
import subprocess

LINE = re.compile(r"(?P<name>\S+) \((?P<options>[a-z]+=\d+(?::[a-z]+=\d+)*)\) (?P<command>/.+)")


def run(_cases, _meant):
    lines = [line for line in pathlib.Path("/etc/check_mk/mrpe.cfg").read_text().splitlines() if not line.startswith("#")]
    (line,) = lines
    parts = LINE.fullmatch(line)
    assert parts, line
    answer = subprocess.run(["bash", "-c", parts["command"]], cwd="/", capture_output=True, text=True, check=False)
    first = answer.stdout.split("\n")[0]
    assert answer.returncode == 0 and first.startswith("BORG OK: ") and answer.stderr == "", answer
    yield f"{parts['name']}: {answer.returncode}"
