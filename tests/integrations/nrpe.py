"""NRPE, asked by check_nrpe: its answers are the plugin's, byte for byte."""

import shlex
import subprocess

import daemon
import plugin
import scratch

CHECK_NRPE = ["/usr/lib/nagios/plugins/check_nrpe", "-H", "127.0.0.1", "-t", "45:UNKNOWN", "-c"]
DAEMON = ["/usr/sbin/nrpe", "-c", "/etc/nagios/nrpe.cfg", "-f"]
LOGS = ["/run/nagios/nrpe.log"]
# What a packet of NRPE 2 held. More than that arrives too.
OLD_PACKET = 1024


def run(cases, meant):
    # NRPE has macros too: a dollar sign is written twice.
    calls = [shlex.join([plugin.PLUGIN, *case.arguments()]).replace("$", "$$") for case in cases]
    lines = [f"command[case{number}]={call}\n" for number, call in enumerate(calls)]
    scratch.write("/etc/nagios/nrpe.d/cases.cfg", "".join(lines))
    assert max(len(output.raw) for output, _ in meant.values()) > OLD_PACKET
    with running() as process:
        for number, case in enumerate(cases):
            answer = subprocess.run([*CHECK_NRPE, f"case{number}"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
            output, _ = meant[case.name]
            assert (answer.returncode, answer.stdout, answer.stderr) == (output.status, output.raw, b""), f"{case.name}: {answer} is not {output}"
        for command in ("check_borg", "check_borg_sudo"):
            answer = subprocess.run([*CHECK_NRPE, command], capture_output=True, check=False)
            assert answer.returncode == 0 and answer.stdout.startswith(b"BORG OK: "), f"{command}: {answer}"
        assert process.poll() is None
    yield f"{len(cases)} cases, byte for byte"


def running():
    """The daemon, when it answers, as its systemd unit starts it."""
    return daemon.ready(["setpriv", "--reuid", "nagios", "--regid", "nagios", "--clear-groups", *DAEMON], LOGS, answers)


def answers():
    answer = subprocess.run([*CHECK_NRPE[:-1]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return True if answer.stdout.startswith(b"NRPE v") else None
