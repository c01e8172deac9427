"""Scenarios of borg 2.0."""

import datetime
import json
import os
import signal
import subprocess
import time

from borg1 import Borg1, at, daily, derived, take, unreadable, welcoming
from case import Archive, document

ODD = ["with blank", "quote'single", "equals=sign", "emoji-😀", "umlaut-äöü", "rtl-\u202eevil", "a;b", "$(id)", "line\u2028sep",
       "foo.checkpoint", "foo.checkpoint.1", "100%", "c1-\x9b2J", "=formula", "x" * 200]


class Borg2(Borg1):
    @property
    def generation(self):
        return "2.0-early" if self.tool.endswith("b20") else "2.0"

    def modes(self):
        if self.generation == "2.0-early":
            ciphers = ("aes-ocb", "chacha20-poly1305", "blake2-aes-ocb", "blake2-chacha20-poly1305")
            modes = ["none", "authenticated", "authenticated-blake2"] + [f"{place}-{cipher}" for place in ("repokey", "keyfile") for cipher in ciphers]
            return {mode: ["-e", mode] for mode in modes}
        modes = {mode: ["-e", mode] for mode in ("authenticated-sha256", "authenticated-blake3")}
        for cipher in ("aes256-ocb", "chacha20-poly1305"):
            for hash in ("sha256", "blake3"):
                for place in ("repokey", "keyfile"):
                    modes[f"{place}-{cipher}-{hash}"] = ["-e", cipher, "-i", hash, "--key-location", place]
        return modes

    def repo(self, name, options=None):
        cheap = ["-e", "none"] if self.generation == "2.0-early" else ["-e", "authenticated-sha256"]
        return Repo2(self, f"{self.scratch}/{name}", options or cheap)


class Repo2:
    def __init__(self, borg, path, options):
        self.borg, self.path, self.archives = borg, path, []
        borg.must("-r", path, "repo-create", *options)
        shown = borg.must("-r", path, "repo-info").stdout.decode()
        self.id = next(line.split()[-1] for line in shown.splitlines() if line.startswith("Repository ID:"))

    def truth(self, **more):
        return {"id": self.id, "location": self.path} | more

    def document(self, kind, archives=None):
        return document(kind, self.borg.generation, self.truth(), archives)

    def run(self, *args, **more):
        return self.borg.run("-r", self.path, *args, **more)

    def ids(self):
        listing = self.borg.must("-r", self.path, "repo-list", "--format", "{id}{NUL}")
        return set(listing.stdout.decode().split("\0")) - {""}

    def create(self, name, when, *options, status=(0,), paths=None, more=None, **env):
        """Makes an archive with a time that is known."""
        stamp = f"{when.year:04}-{when:%m-%dT%H:%M:%S}+00:00"
        before = self.ids()
        output = self.borg.must(
            "-r", self.path, "create", "--json", "--timestamp", stamp, *options, name, *(paths or [self.borg.data]), status=status, **env
        )
        (new,) = self.ids() - before
        archive = Archive(name, when, new, **(more or {}))
        self.archives.append(archive)
        return archive, output


def record(borg, folder, only=None):
    """Records the scenarios of a borg 2: all, or those of some steps."""
    take([plain, thirty, mixed, names, user, times, modes, outcomes, denied, remote, noise], borg, folder, only)


def listing(folder, repo, scenario, archives, *options, env=None, **more):
    output = repo.run("repo-list", "--json", *options, **(env or {}))
    folder.save("repo-list", scenario, output, [repo.document("repo-list", archives)], expect=0, **more)


def info(folder, repo, scenario, archives, *options, env=None):
    output = repo.run("info", "--json", *options, **(env or {}))
    folder.save("info", scenario, output, [repo.document("info", archives)], expect=0)


def repo_info(folder, repo, scenario, env=None):
    output = repo.run("repo-info", "--json", **(env or {}))
    folder.save("repo-info", scenario, output, [repo.document("repo-info")], expect=0)


def plain(borg, folder):
    repo = borg.repo("plain")
    listing(folder, repo, "empty-utc", [])
    info(folder, repo, "empty-last1", [], "--last", "1")
    repo_info(folder, repo, "empty")
    archive, output = repo.create("plain", at("2025-03-01T02:00:00"), "--comment", "a comment")
    folder.save("create", "plain", output, [repo.document("create", [archive])], expect=0)
    for zone in ("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "<+0545>-05:45"):
        place = zone.split("/")[-1].lower().strip("<>").split(">")[0].replace("+", "")
        listing(folder, repo, f"one-{place}", repo.archives, env={"TZ": zone})
        info(folder, repo, f"one-{place}", repo.archives, env={"TZ": zone})
        repo_info(folder, repo, f"one-{place}", env={"TZ": zone})
    for indent in ("none", "") if borg.generation == "2.0" else ():
        listing(folder, repo, f"json-indent-{indent or 'empty'}", repo.archives, env={"BORG_JSON_INDENT": indent})
    wide = "{archive}{comment}{hostname}{username}{command_line}{start}{end}{tags}{size}{nfiles}"
    listing(folder, repo, "format-wide", repo.archives, "--format", wide)
    listing(folder, repo, "format-narrow", repo.archives, "--format", "{id}")
    listing(folder, repo, "short", repo.archives, "--short")
    output = repo.run("create", "--json", "--dry-run", "dry", borg.data)
    documents = [] if borg.generation == "2.0-early" else [repo.document("create", []) | {"dry_run": True}]
    folder.save("create", "dry-run", output, documents, expect=0)
    tagged = borg.repo("tagged")
    tagged.create("tagged", at("2025-03-01T02:00:00"))
    borg.must("-r", tagged.path, "tag", "--add", "daily", "--add", "root", "tagged")
    tagged.archives[0].id = next(iter(tagged.ids()))
    listing(folder, tagged, "tagged", tagged.archives)
    info(folder, tagged, "tagged", tagged.archives)


def thirty(borg, folder):
    repo = borg.repo("thirty")
    archives = [repo.create(name, when, paths=[f"{borg.data}/file0"])[0] for name, when in daily("web", 30)]
    listing(folder, repo, "thirty-utc", archives)
    listing(folder, repo, "thirty-newyork", archives, env={"TZ": "America/New_York"})
    info(folder, repo, "thirty-all", archives)
    for option, chosen in (("--first", archives[:5]), ("--last", archives[-5:])):
        listing(folder, repo, f"thirty{option[1:]}5", chosen, option, "5")
        info(folder, repo, f"thirty{option[1:]}5", chosen, option, "5")
    listing(folder, repo, "thirty-sort-name", archives, "--sort-by", "name" if borg.generation == "2.0-early" else "archive")
    listing(folder, repo, "thirty-glob", archives[9:19], "-a", "sh:web-2025-03-1*")
    listing(folder, repo, "thirty-glob-none", [], "-a", "sh:nothing-*")
    if borg.generation == "2.0":
        output = repo.run("prune", "--json", "--list", "--dry-run", "--keep-daily", "7")
        folder.save("other", "prune", output, [], problem="unreadable")
        output = repo.run("analyze", "--json")
        folder.save("other", "analyze", output, [], problem="unknown-document")
        output = repo.run("version", "--json")
        folder.save("other", "version", output, [], problem="unknown-document")
    borg.must("-r", repo.path, "delete", "-a", archives[3].name)
    listing(folder, repo, "thirty-after-delete", [archive for archive in archives if archive is not archives[3]])
    if borg.run("-r", repo.path, "repo-list", "--deleted").status == 0:
        listing(folder, repo, "thirty-deleted", [archives[3]], "--deleted")


def mixed(borg, folder):
    """Series: names that repeat, several hosts, equal names and times."""
    repo = borg.repo("mixed")
    for day in range(1, 5):
        for hour, host in enumerate(("web", "db", "mail")):
            if host == "mail" and day > 1:
                continue
            repo.create(host, at(f"2025-03-{day:02}T{hour:02}:00:00"), host=host, more={"host": host})
    listing(folder, repo, "mixed", repo.archives)
    listing(folder, repo, "mixed-sort-name", repo.archives, "--sort-by", "name" if borg.generation == "2.0-early" else "archive")
    info(folder, repo, "mixed", repo.archives)
    listing(folder, repo, "mixed-host", [archive for archive in repo.archives if archive.name == "web"], "-a", "host:web")
    output = repo.run("info", "--json", "web")
    folder.save("info", "mixed-ambiguous-name", output, [], stderr=True)
    twins = borg.repo("twins")
    for _ in range(2):
        twins.create("twin", at("2025-03-01T02:00:00"))
    for name in ("b", "a", "c"):
        twins.create(name, at("2025-03-02T02:00:00"))
    listing(folder, twins, "mixed-twins", twins.archives)


def names(borg, folder):
    repo = borg.repo("odd")
    refused = []
    for number, name in enumerate(ODD):
        try:
            repo.create(name, at("2025-04-01T00:00:00") + datetime.timedelta(hours=number))
        except AssertionError:
            refused.append(name)
    listing(folder, repo, "odd-names", repo.archives, refused_names=refused)
    info(folder, repo, "odd-names-all", repo.archives)
    odd = os.fsencode(borg.data) + b"/caf\xe9"
    os.makedirs(odd, exist_ok=True)
    other = borg.repo("not-utf8")
    archive, output = other.create("path", at("2025-05-01T00:00:00"), paths=[odd])
    folder.save("create", "nonutf8-path", output, [other.document("create", [archive])], expect=0)
    other.create("cwd", at("2025-05-02T00:00:00"), paths=["."], cwd=odd)
    other.create("host", at("2025-05-03T00:00:00"), host=b"h\xf6st", more={"host": b"h\xf6st"})
    listing(folder, other, "surrogates-format", other.archives, "--format", "{archive}{hostname}{username}{command_line}")
    listing(folder, other, "surrogates", other.archives)
    info(folder, other, "surrogates-all", other.archives)


def user(borg, folder):
    """A user that is not UTF-8."""
    repo = borg.repo("odd-user")
    repo.create("user", at("2025-05-07T00:00:00"), more={"user": b"us\xe9r"}, LOGNAME=b"us\xe9r")
    listing(folder, repo, "nonutf8-user", repo.archives)
    info(folder, repo, "nonutf8-user", repo.archives)


def times(borg, folder):
    for zone, place, stamps in (
        ("Europe/Berlin", "berlin", ["2025-10-26T00:15:00", "2025-10-26T00:45:00", "2025-10-26T01:15:00", "2025-10-26T01:45:00"]),
        ("Australia/Lord_Howe", "lordhowe", ["2025-04-05T14:15:00", "2025-04-05T14:45:00", "2025-04-05T15:15:00"]),
    ):
        repo = borg.repo(f"dst-{place}")
        for number, stamp in enumerate(stamps):
            repo.create(f"dst-{number}", at(stamp))
        listing(folder, repo, f"dst-{place}-fall", repo.archives, env={"TZ": zone})
        info(folder, repo, f"dst-{place}-fall", repo.archives, env={"TZ": zone})
    for scenario, stamps, zone in (
        ("pre1970", ["1960-06-15T12:00:00", "1969-12-31T23:59:59"], "Asia/Kolkata"),
        ("y0999-newyork", ["0999-06-15T12:00:00"], "America/New_York"),
        ("2106", ["2106-02-07T06:28:15", "2107-07-01T00:00:00"], "America/New_York"),
        ("future", ["2025-03-01T02:00:00", "2099-01-01T00:00:00"], "UTC"),
    ):
        repo = borg.repo(f"extreme-{scenario}")
        for number, stamp in enumerate(stamps):
            repo.create(f"extreme-{number}", at(stamp))
        listing(folder, repo, f"extreme-{scenario}", repo.archives, env={"TZ": zone})
        info(folder, repo, f"extreme-{scenario}", repo.archives, env={"TZ": zone})


def modes(borg, folder):
    for mode, options in borg.modes().items():
        repo = borg.repo(f"mode-{mode}", options)
        repo_info(folder, repo, f"mode-{mode}")
        listing(folder, repo, f"mode-{mode}", [])


def outcomes(borg, folder):
    repo = borg.repo("warnings")
    archive, output = repo.create("vanished", at("2025-03-01T02:00:00"), paths=[borg.data, f"{borg.data}/vanished"], status=(1, 107))
    folder.save("create", "vanished", output, [repo.document("create", [archive])], stderr=True)
    archive, output = repo.create("vanished", at("2025-03-02T02:00:00"))
    folder.save("create", "existing-name", output, [repo.document("create", [archive])])
    gone = f"{borg.scratch}/gone"
    for kind, args in (("repo-list", ["repo-list", "--json"]), ("repo-info", ["repo-info", "--json"]), ("create", ["create", "--json", "x", borg.data])):
        folder.save(kind, "no-repository", borg.run("-r", gone, *args), [], stderr=True, expect=(2, 13))
    locked = borg.repo("locked", list(borg.modes().values())[-1])
    output = locked.run("repo-list", "--json", BORG_PASSPHRASE="wrong")
    folder.save("repo-list", "wrong-passphrase", output, [], stderr=True, expect=(2, 52))
    output = repo.run("info", "--json", "nothing")
    folder.save("info", "no-such-archive", output, [], stderr=True, expect=(2, 4))
    fifo = f"{borg.scratch}/fifo"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [borg.program, "-r", repo.path, "create", "--json", "--read-special", "interrupted", fifo],
        env=borg.env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    with open(os.open(fifo, os.O_RDWR), "wb", buffering=0) as pipe:
        pipe.write(os.urandom(4096))
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
    stdout, stderr = process.communicate(timeout=60)

    class Interrupted:
        argv, env, merged, status = process.args, borg.env(), False, process.returncode

    Interrupted.stdout, Interrupted.stderr = stdout, stderr
    folder.save("create", "interrupted", Interrupted, [], stderr=True)
    listing(folder, repo, "after-interrupted-create", repo.archives)


def denied(borg, folder):
    repo = borg.repo("denied")
    unreadable(borg, folder, repo, ["-r", repo.path, "create", "--json", "--timestamp", "2025-03-02T02:00:00+00:00", "unreadable"])


def remote(borg, folder):
    """Over ssh, with its greeting in the output."""
    repo = borg.repo("remote")
    ssh = welcoming(borg)
    url = f"ssh://backup@vault/{repo.path}"
    document = lambda kind, archives: [repo.document(kind, archives) | {"repository": {"id": repo.id, "location": url}}]
    before = repo.ids()
    output = borg.run("-r", url, "create", "--json", "--timestamp", "2025-03-01T02:00:00+00:00", "web", borg.data, merged=True, BORG_RSH=ssh)
    (new,) = repo.ids() - before
    archives = [Archive("web", at("2025-03-01T02:00:00"), new)]
    folder.save("create", "remote-merged", output, document("create", archives), expect=0)
    output = borg.run("-r", url, "repo-list", "--json", merged=True, BORG_RSH=ssh)
    folder.save("repo-list", "remote-merged", output, document("repo-list", archives), expect=0)


def noise(borg, folder):
    repo = borg.repo("noise")
    for scenario, options, paths in (
        ("noise-logjson-merged", ["--log-json", "--list"], []),
        ("noise-list-merged", ["--list"], []),
        ("noise-progress-merged", ["--progress"], []),
        ("noise-warning-merged", [], [f"{borg.data}/vanished"]),
    ):
        archive, output = repo.create(scenario, at("2025-06-01T00:00:00"), *options, paths=[borg.data, *paths], status=(0, 1, 107), merged=True)
        folder.save("create", scenario, output, [repo.document("create", [archive])])
    archives = sorted(repo.archives, key=lambda archive: archive.time)
    for scenario, options in (("debug", ["--debug"]), ("showrc", ["--show-rc"])):
        output = repo.run("repo-list", "--json", *options, merged=True)
        folder.save("repo-list", f"noise-{scenario}-merged", output, [repo.document("repo-list", archives)], expect=0)
    derived(folder)
