"""Real daemons: started, waited for, stopped, and their logs shown on failure."""

import contextlib
import pathlib
import subprocess
import time

# Generous: only a hang shall fail, never a slow machine.
PATIENCE = 25


@contextlib.contextmanager
def running(argv, logs):
    """Runs a daemon in the foreground. `logs` are the files to show on failure."""
    console = pathlib.Path(f"/run/{pathlib.Path(argv[0]).name}-{time.monotonic_ns()}.console")
    with console.open("wb") as out:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        yield process
    except BaseException:
        for log in [console, *map(pathlib.Path, logs)]:
            print(f"--- {log}\n{tail(log)}")
        raise
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


@contextlib.contextmanager
def ready(argv, logs, question):
    """Runs a daemon, and waits until the question has an answer."""
    with running(argv, logs) as process:
        wait(f"{argv[0]} to be ready", question, process)
        yield process


def tail(log):
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-60:])
    except OSError as error:
        return str(error)


def wait(what, question, process=None):
    """The first answer to the question that is not None."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = question()
        if answer is not None:
            return answer
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the daemon ended with {process.returncode} before: {what}")
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for: {what}")
        time.sleep(0.1)


def command(*argv):
    """Runs a program that must succeed, and shows what it printed if it does not."""
    answer = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    assert answer.returncode == 0, f"{argv}: status {answer.returncode}\n{answer.stdout}"
    return answer.stdout
