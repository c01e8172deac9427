"""Records the corpus from real tools. README.md beside this folder says how."""

import argparse
import os
import pathlib
import shutil
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import borg1
import borg2
import logs
import matic
from case import Folder

ORDER = ["borg-1.1.18", "borg-1.2.9", "borg-1.4.5", "borg-2.0.0b20", "borg-2.0.0b25"]
BORGMATIC = [("borgmatic-2.1.10", "borg-1.4.5"), ("borgmatic-1.8.14", "borg-1.2.9"),
             ("borgmatic-2.1.10", "borg-2.0.0b20"), ("borgmatic-2.1.10", "borg-2.0.0b25")]


def main():
    parser = argparse.ArgumentParser(prog="record", description=__doc__)
    parser.add_argument("--tools", required=True, help="where install.sh put the tools")
    parser.add_argument("--out", default=pathlib.Path(__file__).parent.parent, help="where the corpus is")
    parser.add_argument("--only", action="append", help="a folder of the corpus, may be repeated")
    parser.add_argument("--step", action="append", help="a step of borg1.py or borg2.py, may be repeated; other cases are left alone")
    parser.add_argument("--logs", action="store_true", help="record only the cases of logs.py, beside what is there")
    parser.add_argument("--scratch", default="/srv/corpus", help="where repositories are made")
    args = parser.parse_args()
    # Names of its own, so that the corpus does not show where it was recorded.
    if os.environ.get("CORPUS_RECORDING") is None:
        os.environ["CORPUS_RECORDING"] = "1"
        os.execvp("unshare", ["unshare", "--uts", "--mount", sys.executable, *sys.argv])
    socket.sethostname("vault")
    tools = pathlib.Path("/opt/tools")
    tools.mkdir(exist_ok=True)
    subprocess.run(["mount", "--bind", os.path.realpath(args.tools), tools], check=True)
    os.umask(0o022)
    args.out = os.path.abspath(args.out)
    os.chdir("/srv")
    # Always the same, because documents hold it.
    root = args.scratch
    os.makedirs(root, exist_ok=True)
    for tool in ORDER:
        if not args.only or tool in args.only:
            one(tool, tools, root, args.out, args.step, args.logs)
    for borgmatic, borg in BORGMATIC:
        name = f"{borgmatic}+{borg}"
        if not args.step and (not args.only or name in args.only):
            over(borgmatic, borg, tools, root, args.out, args.logs)
    if not args.only or ORDER[2] in args.only:
        shutil.rmtree(f"{root}/not-utf8", ignore_errors=True)


def fresh(out, name, scratch, some):
    if not some:
        shutil.rmtree(pathlib.Path(out) / name, ignore_errors=True)
    return Folder(out, name, scratch)


def one(tool, tools, root, out, steps, only_logs):
    scratch = workplace(root, tool)
    program = str(tools / tool / "bin" / "borg")
    folder = fresh(out, tool, scratch, steps or only_logs)
    kind = borg1 if tool.startswith("borg-1") else borg2
    borg = (borg1.Borg1 if kind is borg1 else borg2.Borg2)(tool, program, scratch)
    if not only_logs:
        kind.record(borg, folder, steps)
    if not steps:
        logs.record(borg, folder)
    print(f"{tool}: {folder.count} cases", flush=True)
    shutil.rmtree(scratch)


def over(borgmatic, borg, tools, root, out, only_logs):
    name = f"{borgmatic}+{borg}"
    scratch = workplace(root, name)
    folder = fresh(out, name, scratch, only_logs)
    matic.record(borgmatic, tools / borgmatic / "bin" / "borgmatic", borg, tools / borg / "bin" / "borg", scratch, folder, only_logs)
    print(f"{name}: {folder.count} cases", flush=True)
    shutil.rmtree(scratch)


def workplace(root, tool):
    scratch = f"{root}/{tool}"
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    return scratch


main()
