"""No process outlives what started it."""

import os
import pathlib

import daemon


def run():
    """Everything that these tests ever started is in their process namespace, and this is its first process."""
    assert os.getpid() == 1
    try:
        daemon.wait("all processes to end", lambda: None if others() else True)
    except AssertionError:
        for pid in others():
            print(pid, (pathlib.Path("/proc") / pid / "cmdline").read_bytes())
        raise


def others():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    names = {path.name for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()}
    return names - {"1"}
