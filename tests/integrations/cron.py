"""The cron job, its file, and what the check says when the job no longer works."""

import datetime
import pathlib
import re
import stat
import subprocess

import cases
import manual
import plugin

JOB = pathlib.Path("/etc/cron.d/borgq")
LATEST = pathlib.Path("/var/lib/borgq/borgmatic.json")
GOOD = LATEST.with_name("borgmatic.good.json")


def run(_cases, _meant):
    (line,) = [line for line in JOB.read_text().splitlines() if line and not line.startswith("#")]
    schedule, command = re.fullmatch(r"(\S+(?: \S+){4}) root (.+)", line).groups()
    assert "%" not in command, "cron makes a new line of it"
    nrpe = pathlib.Path("/etc/nagios/nrpe.d/borg.cfg").read_text()
    check = re.search(rf"^command\[check_borg\]={plugin.PLUGIN} (.+)$", nrpe, re.M)[1].split(" ")

    LATEST.unlink()
    GOOD.unlink()
    assert state(check) == "UNKNOWN"
    assert job(command) == 0 and state(check) == "OK"
    # Whoever runs the check can read them, and nothing else is left there.
    assert set(LATEST.parent.iterdir()) == {LATEST, GOOD}
    assert {(path.group(), stat.filemode(path.stat().st_mode)) for path in (LATEST, GOOD)} == {("nagios", "-rw-r-----")}
    manual.fresh_borgmatic(age=30 * cases.HOUR)
    assert job(command) == 0 and state(check) == "WARNING"
    manual.fresh_borgmatic()
    assert job(command) == 0 and state(check) == "OK"

    before = GOOD.read_bytes()
    manual.broken_borgmatic()
    assert job(command) == 1 and GOOD.read_bytes() == before
    broken = plugin.run(check)
    assert broken.first.startswith(f"BORG UNKNOWN: {LATEST}: the run failed (exit status 1)"), broken
    assert any(line.startswith("OK: web: last backup web-1") for line in broken.long), broken
    manual.fresh_borgmatic()
    assert job(command) == 0 and state(check) == "OK"
    for hours, expected in ((1, "OK"), (3, "WARNING"), (7, "CRITICAL")):
        then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        assert state([*check, "--now", f"{then:%Y-%m-%dT%H:%M:%SZ}"]) == expected, f"{hours} h after the last list"
    yield f"the job at {schedule} is obeyed, and missed"


def job(command):
    """As cron does, but with a strict umask."""
    return subprocess.run(["/bin/sh", "-c", command], cwd="/root", env={"PATH": "/usr/bin:/bin"}, umask=0o077, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode


def state(arguments):
    output = plugin.run(arguments)
    plugin.proper(output, arguments)
    return output.first.split(":")[0].removeprefix("BORG ")
