"""The units of integrations/systemd are valid, hardened, and do what docs/capturing.md says."""

import pathlib
import re
import subprocess

UNITS = pathlib.Path("/etc/systemd/system")
# Of 10, by systemd's own measure: 2 is far below what it calls medium.
EXPOSURE = 2.5


def run(_cases, _meant):
    units = [UNITS / f"borgq-capture@web.{kind}" for kind in ("service", "timer")]
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    said = verified.stdout + verified.stderr
    ours = [line for line in said.splitlines() if "borgq" in line]
    assert verified.returncode == 0 and not ours, said
    yield "systemd-analyze verify has nothing to say of the units"

    secure = ["systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE * 10:.0f}", UNITS / "borgq-capture@.service"]
    measured = subprocess.run(secure, capture_output=True, text=True, check=False)
    assert measured.returncode == 0, measured.stdout + measured.stderr
    (exposure,) = re.findall(r"Overall exposure level for \S+: (\S+)", measured.stdout)
    assert float(exposure) <= EXPOSURE, measured.stdout
    yield f"exposure level {exposure} of 10"
