"""The sudoers rule allows its one command and nothing beside it."""

import pathlib
import subprocess

import plugin

RULE = pathlib.Path("/etc/sudoers.d/borgq")


def run(_cases, _meant):
    subprocess.run(["visudo", "-c"], check=True, stdout=subprocess.DEVNULL)
    (line,) = [line for line in RULE.read_text().splitlines() if line and not line.startswith("#")]
    allowed = line.partition("NOPASSWD: ")[2].split(" ")
    (nrpe,) = [line for line in pathlib.Path("/etc/nagios/nrpe.d/borg.cfg").read_text().splitlines() if "sudo" in line and "#" not in line]
    assert nrpe.endswith(" ".join(["/usr/bin/sudo", "-n", *allowed])), f"{nrpe} is not what {RULE} allows: {allowed}"
    answer = sudo(allowed)
    assert answer.returncode == 0 and answer.stdout.startswith("BORG OK: ") and answer.stderr == "", answer
    for refused in (
        [*allowed, "--verbose"], allowed[:-1], [*allowed[:-4], "--", "/bin/sh", "-c", "id"], [plugin.PLUGIN], ["/usr/bin/borgmatic", "repo-list", "--json"],
        [allowed[0], "-w", "26h", "-c", "50h", "/etc/shadow"], ["/bin/sh"],
    ):
        answer = sudo(refused)
        assert answer.returncode == 1 and answer.stdout == "" and "password is required" in answer.stderr, f"{refused}: {answer}"
    yield "allows one command"


def sudo(command):
    return subprocess.run(["sudo", "-n", *command], user="nagios", group="nagios", extra_groups=[], cwd="/", capture_output=True, text=True, check=False)
