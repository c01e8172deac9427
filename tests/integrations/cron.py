"""The cron job, its file, and what the check says when the job no longer works."""

import os
import pathlib
import re
import subprocess
import time

import cases
import manual
import plugin

JOB = pathlib.Path("/etc/cron.d/borgq")
LIST = pathlib.Path("/var/lib/borgq/borgmatic.json")


def run(_cases, _meant):
    (line,) = [line for line in JOB.read_text().splitlines() if line and not line.startswith("#")]
    schedule, command = re.fullmatch(r"(\S+(?: \S+){4}) root (.+)", line).groups()
    assert "%" not in command, "cron makes a new line of it"
    nrpe = pathlib.Path("/etc/nagios/nrpe.d/borg.cfg").read_text()
    check = re.search(rf"^command\[check_borg\]={plugin.PLUGIN} (.+)$", nrpe, re.M)[1].split(" ")

    LIST.unlink()
    assert state(check) == "UNKNOWN"
    assert job(command) == 0 and state(check) == "OK"
    # Whoever runs the check can read it, and nothing else is left there.
    assert {path.name for path in LIST.parent.iterdir()} == {LIST.name, cases.PLACE.name}
    manual.fresh_borgmatic(age=30 * cases.HOUR)
    assert job(command) == 0 and state(check) == "WARNING"
    manual.fresh_borgmatic()
    assert job(command) == 0 and state(check) == "OK"

    before = LIST.read_bytes()
    manual.broken_borgmatic()
    assert job(command) != 0 and LIST.read_bytes() == before and state(check) == "OK"
    for hours, expected in ((1, "OK"), (3, "WARNING"), (7, "CRITICAL")):
        os.utime(LIST, (time.time() - hours * cases.HOUR,) * 2)
        assert state(check) == expected, f"{hours} h after the last list"
    manual.fresh_borgmatic()
    assert job(command) == 0 and state(check) == "OK"
    yield f"the job at {schedule} is obeyed, and missed"


def job(command):
    """As cron does, but with a strict umask."""
    return subprocess.run(["/bin/sh", "-c", command], cwd="/root", env={"PATH": "/usr/bin:/bin"}, umask=0o077, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode


def state(arguments):
    output = plugin.run(arguments)
    plugin.proper(output, arguments)
    return output.first.split(":")[0].removeprefix("BORG ")
