"""Installs everything by the commands of docs/, in their order."""

import datetime
import json
import os
import pathlib
import re
import signal
import subprocess

import cases
import daemon
import leftovers
import scratch

# Daemons are reloaded here by nobody but the tests, which start them. NRPE must answer at once.
SYSTEMCTL = """#!/bin/sh
echo "$@" >>/run/systemctl.called
[ "$*" = "restart nagios-nrpe-server" ] || exit 0
setpriv --reuid nagios --regid nagios --clear-groups /usr/sbin/nrpe -c /etc/nagios/nrpe.cfg -d
for _ in $(seq 600); do
    ! /usr/lib/nagios/plugins/check_nrpe -H 127.0.0.1 >/dev/null 2>&1 || exit 0
    sleep 0.1
done
exit 1
"""


def commands(text):
    return re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)


def run(root, programs):
    fresh_borgmatic()
    scratch.write("/usr/local/sbin/systemctl", SYSTEMCTL, 0o755)
    scratch.write("/etc/nagios/nrpe.d/log.cfg", "log_file=/run/nagios/nrpe.log\n")
    for name in ("docs/monitoring.md", "docs/capturing.md"):
        obey(root, programs, name)
    called = pathlib.Path("/run/systemctl.called").read_text().split("\n")
    assert called == [
        "reload icinga2", "reload nagios4", "restart nagios-nrpe-server", "daemon-reload", "enable --now borgq-capture@web.timer", "",
    ], called
    stop_nrpe()


def obey(root, programs, name):
    text = (root / name).read_text()
    blocks = commands(text)
    assert len(blocks) == text.count("```") / 2, f"every block of {name} is a command"
    for block in blocks:
        # The programs under test need not be a release.
        script = block.replace("target/release", str(programs))
        answer = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
        assert answer.returncode == 0, f"{name}:\n{block}\nstatus {answer.returncode}: {answer.stdout}"
        if "sudo -u nagios" in block or "check_nrpe -H" in block:
            assert "BORG OK: " in answer.stdout, f"{name}:\n{block}\n{answer.stdout}"
    print(f"manual: {len(blocks)} blocks of {name} work")


def fresh_borgmatic(age=cases.HOUR):
    """A borgmatic that lists one archive of this age, and only as root."""
    document, _ = cases.listing("web-1", label="web", age=age, now=datetime.datetime.now(datetime.timezone.utc))
    # With an offset, as borg 2 prints it: the system's zone does not matter.
    for entry in document["archives"]:
        entry["time"] = entry["start"] = entry["time"] + "+00:00"
        del entry["barchive"]
    document["repository"]["last_modified"] += "+00:00"
    text = json.dumps([document])
    scratch.write("/usr/bin/borgmatic", f"#!/bin/sh\n[ \"$(id -u)\" = 0 ] || exit 1\n[ \"$*\" = 'repo-list --json' ] || exit 1\ncat <<'END'\n{text}\nEND\n", 0o755)


def broken_borgmatic():
    """It lists something, and fails."""
    scratch.write("/usr/bin/borgmatic", "#!/bin/sh\necho '[]'\nexit 1\n", 0o755)


def stop_nrpe():
    file = pathlib.Path("/run/nagios/nrpe.pid")
    pid = daemon.wait("NRPE to write its process id", lambda: file.read_text().strip() or None if file.exists() else None)
    os.kill(int(pid), signal.SIGTERM)
    leftovers.run()
