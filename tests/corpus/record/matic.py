"""Scenarios of borgmatic over a borg."""

import os

import logs
from borg1 import Borg1, at
from borg2 import Borg2
from case import Archive, run


class Borgmatic:
    def __init__(self, tool, program, borg, scratch):
        self.program, self.borg, self.scratch = str(program), borg, scratch
        self.old = tool.endswith("1.8.14")
        self.two = isinstance(borg, Borg2)

    def repo(self, name):
        return self.borg.repo(name)

    def config(self, name, repos, **more):
        """repos: pairs of a path and a label, which may be None."""
        lines = ["source_directories:", f"    - {self.borg.data}", "repositories:"]
        for path, label in repos:
            lines.append(f"    - path: {path}")
            if label is not None:
                lines.append(f"      label: \"{label}\"")
        lines += [f"local_path: {self.borg.program}", "archive_name_format: 'vault-{now:%Y-%m-%dT%H:%M:%S.%f}'",
                  "unknown_unencrypted_repo_access_is_ok: true", "encryption_passphrase: correct horse",
                  f"borgmatic_source_directory: {self.scratch}/state"]
        if not self.old:
            lines.append(f"user_runtime_directory: {self.scratch}/runtime")
        lines += [f"{key}: {value}" for key, value in more.items()]
        path = f"{self.scratch}/{name}.yaml"
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def run(self, configs, *args, **env):
        argv = [self.program]
        for config in configs:
            argv += ["-c", config]
        merged = env.pop("merged", False)
        return run([*argv, *args], self.borg.env(**env), merged=merged)

    @property
    def list(self):
        return "rlist" if self.old else "repo-list"


def timed(matic, repo):
    """The archives of a repository with the times of a text listing."""
    spec = "{id} {archive} {time:%Y-%m-%dT%H:%M:%S.%f}{NUL}"
    where = ["-r", repo.path, "repo-list"] if matic.two else ["list"]
    listing = matic.borg.must(*where, "--format", spec, *([] if matic.two else [repo.path])).stdout.decode()
    entries = [entry.split(" ") for entry in listing.split("\0") if entry]
    return [Archive(name, at(when), id) for id, name, when in entries]


def record(tool, program, borg_tool, borg_program, scratch, folder, only_logs=False):
    os.makedirs(f"{scratch}/runtime")
    kind = Borg2 if borg_tool.startswith("borg-2") else Borg1
    borg = kind(borg_tool, str(borg_program), scratch)
    matic = Borgmatic(tool, program, borg, scratch)
    logs.over(matic, folder)
    if only_logs:
        return
    one, two, empty = matic.repo("one"), matic.repo("two"), matic.repo("empty")
    for day in range(1, 4):
        when = at(f"2025-03-{day:02}T02:00:00")
        for repo in (one, two):
            repo.create(f"vault-{when:%Y-%m-%dT%H:%M:%S}", when)
    other, _ = two.create("other-2025-03-04", at("2025-03-04T02:00:00"))
    own = [archive for archive in two.archives if archive is not other]

    def truth(kind, repo, label, archives):
        document = repo.document(kind, archives)
        document["repository"]["label"] = label
        return document

    single = matic.config("single", [(one.path, None)])
    both = matic.config("both", [(one.path, "first"), (two.path, "zweites ä")])
    first = matic.config("first", [(one.path, "first")])
    second = matic.config("second", [(two.path, "second")])
    broken = matic.config("broken", [(one.path, "first"), (f"{scratch}/gone", "gone"), (two.path, "second")])
    gone = matic.config("gone", [(f"{scratch}/gone", "gone")])
    hollow = matic.config("hollow", [(empty.path, "empty")])

    for zone in ("UTC", "Europe/Berlin"):
        place = zone.split("/")[-1].lower()
        output = matic.run([single], matic.list, "--json", TZ=zone)
        folder.save("repo-list", f"one-{place}", output, [truth("repo-list", one, "", one.archives)], expect=0)
    output = matic.run([both], matic.list, "--json")
    folder.save("repo-list", "two-utc", output, [truth("repo-list", one, "first", one.archives), truth("repo-list", two, "zweites ä", own)], expect=0,
                hidden=[other.truth()])
    output = matic.run([first, second], matic.list, "--json")
    folder.save("repo-list", "two-configs", output, [truth("repo-list", one, "first", one.archives), truth("repo-list", two, "second", own)], expect=0)
    matching = ["--match-archives", "sh:*"] if not matic.old else ["--glob-archives", "*"]
    output = matic.run([second], matic.list, *matching, "--json")
    folder.save("repo-list", "match-archives-all", output, [truth("repo-list", two, "second", two.archives)])
    output = matic.run([broken], matic.list, "--json")
    folder.save("repo-list", "broken-one-of-three", output, [], stderr=True, expect=1)
    output = matic.run([gone, first], matic.list, "--json")
    folder.save("repo-list", "broken-config-of-two", output, [truth("repo-list", one, "first", one.archives)], stderr=True, expect=1)
    output = matic.run([hollow], matic.list, "--json")
    folder.save("repo-list", "empty", output, [truth("repo-list", empty, "empty", [])], expect=0)
    output = matic.run([both], "rinfo" if matic.old else "repo-info", "--json")
    folder.save("repo-info", "two-utc", output, [truth("repo-info", one, "first", None), truth("repo-info", two, "zweites ä", None)], expect=0)
    output = matic.run([both], "info", "--json")
    folder.save("info", "two-utc", output, [truth("info", one, "first", one.archives), truth("info", two, "zweites ä", own)], expect=0)
    output = matic.run([single], "info", "--archive", "latest", "--json")
    folder.save("info", "latest", output, [truth("info", one, "", one.archives[-1:])], expect=0)
    output = matic.run([single], matic.list, "--json", "--verbosity", "2") if not matic.old else matic.run([single], "--verbosity", "2", matic.list, "--json")
    folder.save("repo-list", "verbose2", output, [truth("repo-list", one, "", one.archives)])
    output = matic.run([single], matic.list, "--json", merged=True)
    folder.save("repo-list", "merged", output, [truth("repo-list", one, "", one.archives)])
    # borgmatic gives no time: it is what borg prints in a text listing.
    fresh = matic.repo("fresh")
    config = matic.config("fresh", [(fresh.path, "fresh")])
    for scenario, args in (("plain", ["create", "--json"]), ("and-list", ["create", "--json", matic.list, "--json"])):
        output = matic.run([config], *args)
        new = [archive for archive in timed(matic, fresh) if archive.id not in {known.id for known in fresh.archives}]
        fresh.archives += new
        documents = [truth("create", fresh, "fresh", new)]
        if scenario == "and-list":
            documents.append(truth("repo-list", fresh, "fresh", fresh.archives))
        folder.save("create", scenario, output, documents, expect=0)
    output = matic.run([config], "create", "--json", "--dry-run")
    # Only borg 2.0.0b25 prints a document then.
    dry = [truth("create", fresh, "fresh", []) | {"dry_run": True}] if borg.generation == "2.0" else []
    folder.save("create", "dry-run", output, dry, expect=0)
    if not matic.old:
        output = matic.run([single], "--log-json", "--verbosity", "1", matic.list, "--json")
        folder.save("repo-list", "log-json", output, [truth("repo-list", one, "", one.archives)])
        output = matic.run([single], "config", "show", "--json")
        folder.save("other", "config-show", output, [], problem="unknown-document")
