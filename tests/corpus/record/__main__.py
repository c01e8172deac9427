"""Records the corpus from real tools. README.md beside this folder says how."""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import borg1
from case import Folder

ORDER = ["borg-1.1.18", "borg-1.2.9", "borg-1.4.5", "borg-2.0.0b20", "borg-2.0.0b25"]
BORGMATIC = [("borgmatic-2.1.10", "borg-1.4.5"), ("borgmatic-1.8.14", "borg-1.2.9"),
             ("borgmatic-2.1.10", "borg-2.0.0b20"), ("borgmatic-2.1.10", "borg-2.0.0b25")]


def main():
    parser = argparse.ArgumentParser(prog="record", description=__doc__)
    parser.add_argument("--tools", required=True, help="where install.sh put the tools")
    parser.add_argument("--out", default=pathlib.Path(__file__).parent.parent, help="where the corpus is")
    parser.add_argument("--only", action="append", help="a folder of the corpus, may be repeated")
    args = parser.parse_args()
    tools = pathlib.Path(args.tools).resolve()
    # A name of its own, so that the corpus does not name this machine.
    if os.environ.get("CORPUS_RECORDING") is None:
        os.environ["CORPUS_RECORDING"] = "1"
        script = "import socket, os, sys; socket.sethostname('vault'); os.execv(sys.executable, [sys.executable] + sys.argv[1:])"
        os.execvp("unshare", ["unshare", "--uts", sys.executable, "-c", script, *sys.argv])
    os.umask(0o022)
    root = tempfile.mkdtemp(prefix="corpus-")
    try:
        for tool in ORDER:
            if args.only and tool not in args.only:
                continue
            one(tool, tools, root, args.out)
        for borgmatic, borg in BORGMATIC:
            name = f"{borgmatic}+{borg}"
            if args.only and name not in args.only:
                continue
            import matic

            folder = fresh(args.out, name, root)
            matic.record(borgmatic, tools / borgmatic / "bin" / "borgmatic", borg, tools / borg / "bin" / "borg", root, folder)
            print(f"{name}: {folder.count} cases")
    finally:
        shutil.rmtree(root, ignore_errors=True)


def fresh(out, name, scratch):
    shutil.rmtree(pathlib.Path(out) / name, ignore_errors=True)
    return Folder(out, name, scratch)


def one(tool, tools, root, out):
    scratch = f"{root}/{tool}"
    os.makedirs(scratch)
    program = str(tools / tool / "bin" / "borg")
    folder = fresh(out, tool, scratch)
    if tool.startswith("borg-1"):
        borg1.record(borg1.Borg1(tool, program, scratch), folder, thousand=tool == "borg-1.4.5")
    else:
        import borg2

        borg2.record(borg2.Borg2(tool, program, scratch), folder)
    print(f"{tool}: {folder.count} cases")


main()
