"""A system of the tests' own: the real one, and what they change in it is gone
afterwards.

Its mounts, processes and network are in namespaces. So the daemons run as their
packages set them up, at their usual paths and ports, and none outlives the tests.
"""

import fcntl
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

# Tells the process in the namespaces where its tmpfs goes.
MARK = "BORGQ_SCRATCH"


def enter():
    """Returns in the new system. The process outside ends with the tests' status."""
    if MARK in os.environ:
        build(pathlib.Path(os.environ.pop(MARK)))
        return
    if os.geteuid() != 0:
        sys.exit("the tests of the integrations need root: they run daemons in namespaces of their own")
    upper = tempfile.mkdtemp(prefix="borgq-integrations-")
    command = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv]
    try:
        status = subprocess.run(command, env=os.environ | {MARK: upper}, check=False).returncode
    finally:
        os.rmdir(upper)
    sys.exit(status)


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


def build(upper):
    mount("--make-rprivate", "/")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", upper)
    # A copy, because some programs cannot copy a file between the layers of an overlay.
    subprocess.run(["cp", "-a", "/etc", upper / "etc"], check=True)
    mount("--bind", upper / "etc", "/etc")
    for name in ("usr", "var"):
        layer, work = upper / name, upper / f"{name}.work"
        layer.mkdir()
        work.mkdir()
        mount("-t", "overlay", "-o", f"lowerdir=/{name},upperdir={layer},workdir={work}", "overlay", f"/{name}")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    for name in ("nagios", "nagios4"):
        own(make(f"/run/{name}"))
    loopback_up()


def loopback_up():
    """What `ip link set lo up` does."""
    set_flags, up_and_running = 0x8914, 0x41
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh22x", b"lo", up_and_running))


def make(directory):
    path = pathlib.Path(directory)
    path.mkdir(parents=True, exist_ok=True)
    return path


def own(path, user="nagios"):
    """Gives a file or directory to the user that the daemons run as."""
    shutil.chown(path, user, user)
    return path


def write(path, content, mode=0o644):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path
