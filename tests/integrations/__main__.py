"""borgq in front of real Icinga, Nagios, NRPE and sudo, with the files of integrations/.

    python3 tests/integrations --programs target/debug

Needs root and what install.sh installs. Changes nothing on the system.
"""

import argparse
import os
import pathlib
import shutil
import sys
import time

import cases
import cron
import icinga
import leftovers
import manual
import mrpe
import nagios
import nrpe
import options
import plugin
import scratch
import sudo
import systemd
import thresholds

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = (options, thresholds, cron, systemd, mrpe, sudo, nrpe, nagios, icinga)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "target/debug", help="the directory of check_borg")
    parser.add_argument("--only", action="append", choices=[module.__name__ for module in MODULES], help="only this module")
    given = parser.parse_args()
    programs = given.programs.resolve()
    if not (programs / "check_borg").exists():
        sys.exit(f"there is no check_borg in {programs}")
    missing = [program for program in ("icinga2", "nagios4", "nrpe", "sudo", "visudo", "systemd-analyze") if not shutil.which(program)]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}; tests/integrations/install.sh installs them")
    scratch.enter()

    os.umask(0o022)
    began = time.monotonic()
    manual.run(ROOT, programs)
    every = cases.every()
    meant = plugin.prepare(every)
    print(f"plugin: {len(every)} cases mean what they should")
    for module in MODULES:
        if given.only and module.__name__ not in given.only:
            continue
        start = time.monotonic()
        for line in module.run(every, meant):
            print(f"{module.__name__}: {line}")
        print(f"{module.__name__}: {time.monotonic() - start:.1f} s")
    assert not pathlib.Path("/var/tmp/injected").exists(), "a name was run as a command"
    leftovers.run()
    print(f"all passed in {time.monotonic() - began:.0f} s")


main()
