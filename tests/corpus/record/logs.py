"""Scenarios with --log-json: what borg and borgmatic say beside their documents."""

import os
import pathlib
import shutil
import subprocess
import time

from borg1 import at
from borg2 import Borg2


def record(borg, folder):
    """The log of warnings, failures and questions of a borg."""
    two = isinstance(borg, Borg2)
    repo = borg.repo("logged", list(borg.modes().values())[-1] if two else "repokey")
    list_of = (lambda path: ["-r", path, "repo-list"]) if two else (lambda path: ["list", path])
    missing = f"{borg.data}/vanished"
    archive, output = repo.create("logged", at("2025-03-01T02:00:00"), "--log-json", paths=[borg.data, missing], status=(1, 107))
    folder.save("create", "logged-vanished", output, [repo.document("create", [archive])], stderr=True)
    archive, output = repo.create("listed", at("2025-03-02T02:00:00"), "--log-json", "--list", "--progress", "--stats")
    folder.save("create", "logged-progress", output, [repo.document("create", [archive])], stderr=True)

    def listing(scenario, path, status, documents=(), stdin=None, **env):
        output = borg.run(*list_of(path), "--json", "--log-json", stdin=stdin, **env)
        folder.save("repo-list", scenario, output, list(documents), stderr=True, expect=status)

    listing("logged-no-repository", f"{borg.scratch}/gone", (2, 13))
    listing("logged-wrong-passphrase", repo.path, (2, 52), BORG_PASSPHRASE="wrong")
    if not two:
        with locked(borg, repo):
            listing("logged-locked", repo.path, 2)
        if borg.tool == "borg-1.4.5":
            with locked(borg, repo):
                listing("logged-locked-modern", repo.path, 73, BORG_EXIT_CODES="modern")
    # It moved, so borg asks.
    there = repo.path
    repo.path = f"{there}-moved"
    os.rename(there, repo.path)
    ordered = sorted(repo.archives, key=lambda archive: archive.time)
    for scenario, answer, env in (
        ("logged-question-env", None, "yes"),
        ("logged-question-no", b"perhaps\nno\n", None),
        ("logged-question-end", b"", None),
    ):
        status = 0 if env else (2, 62)
        listing(scenario, repo.path, status, [repo.document("repo-list", ordered)] if env else [],
                stdin=answer, BORG_RELOCATED_REPO_ACCESS_IS_OK=env)
        # Asked again next time.
        for place in pathlib.Path(borg.scratch, "base").rglob(repo.id):
            shutil.rmtree(place) if env else None
        if env:
            os.rename(repo.path, there)
            borg.must(*list_of(there))
            os.rename(there, repo.path)


class locked:
    """Holds a lock of a repository."""

    def __init__(self, borg, repo):
        self.borg, self.repo = borg, repo

    def __enter__(self):
        self.holder = subprocess.Popen(
            [self.borg.program, "with-lock", self.repo.path, "cat"], env=self.borg.env(),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2)

    def __exit__(self, *_):
        self.holder.stdin.close()
        self.holder.wait()


def over(matic, folder):
    """The log of borgmatic: a failed configuration beside a good one."""
    good = matic.repo("logged-good")
    when = at("2025-03-01T02:00:00")
    good.create(f"vault-{when:%Y-%m-%dT%H:%M:%S}", when)
    document = good.document("repo-list", good.archives)
    document["repository"]["label"] = "good"
    gone = matic.config("logged-gone", [(f"{matic.scratch}/gone", "gone")])
    fine = matic.config("logged-fine", [(good.path, "good")])
    output = matic.run([gone, fine], "--log-json", matic.list, "--json")
    folder.save("repo-list", "logged-broken-config-of-two", output, [document], stderr=True, expect=1)
