"""What the live tests share."""

import datetime
import os
import pathlib
import subprocess
import sys

TOOLS, BIN = (pathlib.Path(arg).resolve() for arg in sys.argv[1:3])
BORGQ, CHECK = str(BIN / "borgq"), str(BIN / "check_borg")
# Not UTC, with a half hour.
ZONE = "Asia/Kolkata"
# How long a run may take until its age is read, in seconds.
SLACK = 600

passed = failed = 0


def expect(what, holds, shown=""):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}\n{shown}")


def run(argv, env, stdin=None):
    return subprocess.run(argv, env=env, input=stdin, capture_output=True, check=False, timeout=300)


def environment(scratch, **more):
    return {
        "PATH": os.environ["PATH"], "HOME": scratch, "BORG_BASE_DIR": f"{scratch}/base", "TZ": ZONE,
        "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes", "BORG_PASSPHRASE": "not a secret", "LANG": "C.UTF-8",
    } | more


def ago(**delta):
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) - datetime.timedelta(**delta)


def near(age, seconds):
    return seconds <= age < seconds + SLACK
