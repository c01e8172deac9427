#!/usr/bin/env python3
"""borgq and check_borg on what real borg and borgmatic print now.

    live.py TOOLS BIN

TOOLS is where tests/corpus/record/install.sh put the tools, BIN holds borgq and
check_borg. Archives are made a known time ago, so every expected age is known
without reading any document.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import captured
import common
from common import BORGQ, CHECK, TOOLS, ago, environment, expect, near, run


def last(answer):
    try:
        (backup,) = json.loads(answer.stdout)["backups"]
        return backup["archive"]["name"], backup["age_seconds"]
    except (ValueError, KeyError):
        return None, -1


def borg1(version):
    borg = str(TOOLS / f"borg-{version}" / "bin" / "borg")
    with tempfile.TemporaryDirectory(prefix="live-") as scratch:
        env = environment(scratch)
        repo = f"{scratch}/repo"
        subprocess.run([borg, "init", "-e", "repokey-blake2", repo], env=env, check=True, capture_output=True)
        for name, when in (("web-old", ago(days=3)), ("web-new", ago(hours=5)), ("web-middle", ago(days=1))):
            stamp = when.strftime("%Y-%m-%dT%H:%M:%S")
            subprocess.run([borg, "create", "--timestamp", stamp, f"{repo}::{name}", __file__], env=env, check=True, capture_output=True)
        listed = run([borg, "list", "--json", repo], env)
        for what, answer in (
            ("pipe", run([BORGQ, "last", "--json"], env, listed.stdout)),
            ("command", run([BORGQ, "last", "--json", "--", borg, "list", "--json", repo], env)),
            ("info", run([BORGQ, "last", "--json", "--", borg, "info", "--json", "--last", "3", repo], env)),
            ("sorted by name", run([BORGQ, "last", "--json", "--", borg, "list", "--json", "--sort-by", "name", repo], env)),
        ):
            name, age = last(answer)
            expect(f"{version} {what}", answer.returncode == 0 and name == "web-new" and near(age, 5 * 3600), answer)
        for limits, status in ((["-w", "6h", "-c", "7h"], 0), (["-w", "4h", "-c", "7h"], 1), (["-w", "1h", "-c", "4h"], 2), (["-w", "nonsense"], 3)):
            check = run([CHECK, *limits, "--", borg, "list", "--json", repo], env)
            expect(f"{version} check {limits}", check.returncode == status and check.stderr == b"", check)
            piped = run([CHECK, *limits], env, listed.stdout)
            expect(f"{version} piped check {limits}", piped.returncode == status, piped)
        for what, argv, more in (
            ("no repository", [borg, "list", "--json", f"{scratch}/gone"], {}),
            ("wrong passphrase", [borg, "list", "--json", repo], {"BORG_PASSPHRASE": "wrong"}),
        ):
            answer = run([BORGQ, "last", "--", *argv], env | more)
            expect(f"{version} {what}", answer.returncode == 3 and answer.stderr.startswith(b"borgq: "), answer)
            check = run([CHECK, "--", *argv], env | more)
            expect(f"{version} {what} check", check.returncode == 3 and check.stdout.startswith(b"BORG UNKNOWN: "), check)


def borgmatic(version, borg_version):
    program = str(TOOLS / f"borgmatic-{version}" / "bin" / "borgmatic")
    borg = str(TOOLS / f"borg-{borg_version}" / "bin" / "borg")
    with tempfile.TemporaryDirectory(prefix="live-") as scratch:
        env = environment(scratch)
        repos = {}
        for label, when in (("fresh", ago(hours=5)), ("stale", ago(days=40))):
            repos[label] = f"{scratch}/{label}"
            subprocess.run([borg, "init", "-e", "none", repos[label]], env=env, check=True, capture_output=True)
            stamp = when.strftime("%Y-%m-%dT%H:%M:%S")
            subprocess.run([borg, "create", "--timestamp", stamp, f"{repos[label]}::vault-{stamp}", __file__], env=env, check=True, capture_output=True)

        def config(name, labels):
            lines = ["source_directories:", f"    - {__file__}", "repositories:"]
            for label in labels:
                lines += [f"    - path: {repos.get(label, scratch + '/gone')}", f"      label: {label}"]
            lines += [f"local_path: {borg}", "archive_name_format: 'vault-{now}'", "unknown_unencrypted_repo_access_is_ok: true"]
            path = f"{scratch}/{name}.yaml"
            pathlib.Path(path).write_text("\n".join(lines) + "\n")
            return path

        both, one, broken = config("both", ["fresh", "stale"]), config("one", ["fresh"]), config("broken", ["gone"])
        listed = run([program, "-c", both, "repo-list", "--json"], env)
        for what, answer in (
            ("pipe", run([BORGQ, "last", "--json"], env, listed.stdout)),
            ("command", run([BORGQ, "last", "--json", "--", program, "-c", both, "repo-list", "--json"], env)),
        ):
            backups = json.loads(answer.stdout or b"{}").get("backups", [])
            ages = {backup["repository"]["label"]: backup["age_seconds"] for backup in backups}
            right = set(ages) == {"fresh", "stale"} and near(ages["fresh"], 5 * 3600) and near(ages["stale"], 40 * 86400)
            expect(f"borgmatic {version} {what}", answer.returncode == 0 and right, answer)
        check = run([CHECK, "-c", "2d", "--", program, "-c", both, "repo-list", "--json"], env)
        expect(f"borgmatic {version}: one stale repository is CRITICAL", check.returncode == 2 and check.stdout.startswith(b"BORG CRITICAL: stale"), check)
        check = run([CHECK, "-c", "2d", "--", program, "-c", one, "repo-list", "--json"], env)
        expect(f"borgmatic {version}: fresh is OK", check.returncode == 0, check)
        check = run([CHECK, "-c", "2d", "--", program, "-c", one, "-c", broken, "repo-list", "--json"], env)
        expect(f"borgmatic {version}: a broken repository is not OK", check.returncode == 3, check)


for version in ("1.2.9", "1.4.5"):
    borg1(version)
borgmatic("2.1.10", "1.4.5")
captured.run("2.1.10", "1.4.5")
print(f"{common.passed} passed, {common.failed} failed")
sys.exit(common.failed > 0)
