"""borgmatic under `borgq capture`, in a job as systemd runs it, and the check by
somebody else, who has no borg."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

from common import BIN, BORGQ, TOOLS, ZONE, ago, environment, expect

INTEGRATIONS = pathlib.Path(__file__).resolve().parents[2] / "integrations"
UNIT = INTEGRATIONS / "systemd/borgq-capture@.service"
NOBODY = "65534"

# What the unit's settings do, as far as a mount namespace and setpriv can: the
# system is read only but for $1 and $2, there are no capabilities but one, and
# a session without a terminal.
SANDBOX = """
set -e
state=$1 repositories=$2 group=$3; shift 3
mount --make-rprivate /
# The job may write to /tmp: systemd gives it one of its own.
for place in /tmp "$state" "$repositories"; do mount --bind "$place" "$place"; done
cut -d ' ' -f 5 /proc/self/mountinfo | while read -r place; do
    case $place in "$state" | "$repositories" | /tmp | /dev | /dev/* | /proc | /proc/*) ;;
    *) mount -o remount,bind,ro "$(printf %b "$place")" ;; esac
done
if touch /usr/written 2>/dev/null; then echo 'the system is not read only' >&2; exit 98; fi
umask 0077
exec setsid setpriv --regid "$group" --clear-groups --no-new-privs --bounding-set=-all,+dac_read_search --inh-caps=-all env -i "$@" </dev/null
"""


def run(version, borg_version):
    if os.geteuid() != 0:
        print("SKIPPED: the capture in a job of systemd needs root")
        return
    # Not below /tmp, to which the job may write.
    with tempfile.TemporaryDirectory(prefix="live-", dir="/var/tmp") as scratch:
        os.chmod(scratch, 0o755)
        Job(pathlib.Path(scratch), version, borg_version).test()


class Job:
    def __init__(self, scratch, version, borg_version):
        self.scratch = scratch
        self.borg = str(TOOLS / f"borg-{borg_version}" / "bin" / "borg")
        self.borgmatic = str(TOOLS / f"borgmatic-{version}" / "bin" / "borgmatic")
        self.state, self.repositories, self.etc = scratch / "state", scratch / "repositories", scratch / "etc"
        for directory in (self.state / "borgq", self.repositories, self.etc, scratch / "bin"):
            directory.mkdir(parents=True)
        # As docs/capturing.md says: files get the group of the directory.
        shutil.chown(self.state / "borgq", "root", int(NOBODY))
        (self.state / "borgq").chmod(0o2750)
        shutil.copy(BIN / "check_borg", scratch / "bin")
        self.base = environment(str(scratch))
        for label, hours in (("first", 5), ("second", 7), ("third", 9)):
            path = str(self.repositories / label)
            subprocess.run([self.borg, "init", "-e", "repokey-blake2", path], env=self.base, check=True, capture_output=True)
            stamp = ago(hours=hours).strftime("%Y-%m-%dT%H:%M:%S")
            subprocess.run([self.borg, "create", "--timestamp", stamp, f"{path}::vault-{stamp}", __file__], env=self.base, check=True, capture_output=True)
        self.config("web", ["first"])
        self.config("db", ["second", "third"])

    def config(self, name, labels):
        lines = ["source_directories:", f"    - {__file__}", "repositories:"]
        for label in labels:
            lines += [f"    - path: {self.repositories / label}", f"      label: {label}"]
        lines += [f"local_path: {self.borg}", "archive_name_format: 'vault-{now}'", "encryption_passphrase: not a secret"]
        (self.etc / f"{name}.yaml").write_text("\n".join(lines) + "\n")

    def job(self, *command, env=()):
        """Runs it as systemd does: an environment of its own, no terminal, no right to write."""
        sandbox = ["unshare", "--mount", "sh", "-c", SANDBOX, "sh", str(self.state), str(self.repositories), "0"]
        # systemd gives little more than this.
        given = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", f"HOME={self.scratch}", f"TZ={ZONE}", *env]
        return subprocess.run([*sandbox, *given, *command], capture_output=True, check=False, timeout=300)

    def unit(self, name):
        """The job of the unit for a configuration, with the paths of this test."""
        text = re.sub(r"\\\n", " ", UNIT.read_text())
        put = {"%S": str(self.state), "%i": name, "/usr/local/bin/borgq": BORGQ, "/usr/bin/borgmatic": self.borgmatic, "/etc/borgmatic.d": str(self.etc)}
        for old, new in put.items():
            text = text.replace(old, new)
        (start,) = re.findall(r"^ExecStart=(.+)$", text, re.M)
        return self.job(*shlex.split(start), env=re.findall(r"^Environment=(.+)$", text, re.M))

    def check(self, *args):
        """As somebody who may read the captures, and has neither borg nor a home."""
        plugin = str(self.scratch / "bin" / "check_borg")
        nobody = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "env", "-i", "PATH=/nonexistent"]
        check = subprocess.run([*nobody, plugin, *args, str(self.state / "borgq")], capture_output=True, check=False, timeout=60, cwd="/")
        expect(f"check {args} says nothing on standard error", check.stderr == b"", check)
        return check.returncode, check.stdout.decode()

    def test(self):
        limits = ["-w", "10h", "-c", "20h", "--expect-repositories", "3"]
        # Both configurations in one run, then one repository of the second breaks.
        both = [BORGQ, "capture", "--dir", str(self.state / "borgq"), "--name", "all", "--",
                self.borgmatic, "-c", str(self.etc / "web.yaml"), "-c", str(self.etc / "db.yaml"), "repo-list", "--json"]
        env = [f"BORG_BASE_DIR={self.scratch / 'base'}", f"BORG_CACHE_DIR={self.state}/borgq/.borg/cache", f"BORG_SECURITY_DIR={self.state}/borgq/.borg/security"]
        done = self.job(*both, env=env)
        expect("both configurations are captured", done.returncode == 0, done)
        # 5, 7 and 9 hours in the zone of the job, read in another one.
        status, said = self.check(*limits)
        expect("all are OK", status == 0 and said.startswith("BORG OK: 3 repositories backed up, the oldest last backup is 9h"), said)
        (self.repositories / "third").rename(self.repositories / "away")
        done = self.job(*both, env=env)
        expect("the failure is borgmatic's exit status", done.returncode == 1, done)
        status, said = self.check(*limits)
        self.names_the_broken_one(status, said, "all.json")

        for file in (self.state / "borgq").glob("*.json"):
            file.unlink()
        (self.repositories / "away").rename(self.repositories / "third")
        # By the unit, each configuration for itself.
        for name in ("web", "db"):
            done = self.unit(name)
            expect(f"the unit captures {name}", done.returncode == 0, done)
        files = sorted(path.name for path in (self.state / "borgq").iterdir())
        expect("four files and borg's own", files == [".borg", "db.good.json", "db.json", "web.good.json", "web.json"], files)
        header = json.loads((self.state / "borgq" / "web.json").read_text().split("\n")[0])
        expect("the header", header["timezone"]["name"] == ZONE and header["user"] == "root" and header["program_version"] and header["checks"] == [], header)
        expect("no passphrase", not any(b"not a secret" in path.read_bytes() for path in (self.state / "borgq").glob("*.json")))
        status, said = self.check(*limits)
        expect("all units are OK", status == 0, said)
        (self.repositories / "third").rename(self.repositories / "away")
        expect("the good one goes on", self.unit("web").returncode == 0)
        expect("the broken one fails", self.unit("db").returncode == 1)
        status, said = self.check(*limits)
        self.names_the_broken_one(status, said, "db.json")
        status, said = self.check(*limits, "--state", "run-failed=warning")
        expect("the proof is the good file", status == 1, said)
        (self.state / "borgq" / "db.good.json").unlink()
        status, said = self.check(*limits, "--state", "run-failed=warning")
        expect("without it two are missing", status == 2 and "2 missing" in said, said)

        # With --log-json the words have ids.
        logged = [word if word != "repo-list" else "--log-json" for word in both[:-1]] + ["repo-list", "--json"]
        self.job(*logged, env=env)
        status, said = self.check(*limits)
        expect("the message id", status != 0 and "Repository.DoesNotExist: Repository " in said, said)
        self.hooks()

    def hooks(self):
        """The lines of integrations/borgmatic in configurations that back up."""
        for file in (self.state / "borgq").glob("*.json"):
            file.unlink()
        lines = (INTEGRATIONS / "borgmatic/hooks-2.yaml").read_text()
        for old, new in {"/usr/local/bin/borgq": BORGQ, "-- borgmatic": f"-- {self.borgmatic}", "/var/lib/borgq": str(self.state / "borgq")}.items():
            lines = lines.replace(old, new)
        for name in ("web", "db"):
            with open(self.etc / f"{name}.yaml", "a") as config:
                config.write(lines)
        # The repository "third" of db is away: its run fails, and its hook runs all the same.
        for name, status in (("web", 0), ("db", 1)):
            backup = subprocess.run([self.borgmatic, "-c", str(self.etc / f"{name}.yaml"), "create"], env=self.base, capture_output=True, check=False, timeout=300)
            expect(f"a backup of {name} with the hook", backup.returncode == status, backup)
        files = sorted(path.name for path in (self.state / "borgq").glob("*.json"))
        expect("the hooks captured", files == ["db.json", "web.good.json", "web.json"], files)
        status, said = self.check("-w", "1h", "-c", "2h")
        fresh = any(line.startswith("OK: first: last backup vault-") for line in said.split("\n"))
        expect("what the backup made is known at once", status == 3 and fresh, said)

    def names_the_broken_one(self, status, said, file):
        first, *lines = said.split("\n")
        gone = f"{self.state}/borgq/{file}: the repository does not exist (exit status 1): Repository {self.repositories}/third does not exist."
        expect("the broken one is named", status == 3 and first.startswith(f"BORG UNKNOWN: {gone}"), said)
        for label in ("first", "second", "third"):
            expect(f"{label} stays proven", any(line.startswith(f"OK: {label}: last backup vault-") for line in lines), said)
