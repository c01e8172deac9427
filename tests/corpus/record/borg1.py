"""Scenarios of borg 1.x."""

import datetime
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from case import Archive, Output, document, run

UTC = datetime.timezone.utc


def at(text):
    """An instant from a text in UTC."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)


class Borg1:
    """A borg 1.x and its scratch directory."""

    generation = "1.x"

    def __init__(self, tool, program, scratch):
        self.tool, self.program, self.scratch = tool, program, scratch
        self.data = f"{scratch}/data"
        os.makedirs(self.data)
        for number in range(3):
            with open(f"{self.data}/file{number}", "w") as file:
                file.write(f"file {number}\n" * 500)

    def env(self, **more):
        env = {
            "PATH": os.environ["PATH"],
            "HOME": self.scratch,
            "BORG_BASE_DIR": f"{self.scratch}/base",
            "BORG_PASSPHRASE": "correct horse",
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
            "TZ": "UTC",
            "LANG": "C.UTF-8",
        }
        env.update(more)
        return {key: value for key, value in env.items() if value is not None}

    def run(self, *args, cwd=None, merged=False, stdin=None, host=None, **env):
        argv = [self.program, *args]
        if host is not None:
            # The name is looked up before anything else, and no lookup takes bytes that are not UTF-8.
            script = (
                "import os, socket, sys\n"
                "def unknown(*_, **__): raise OSError\n"
                "socket.sethostname(os.fsencode(sys.argv[1])); socket.getaddrinfo = unknown\n"
                "sys.argv = sys.argv[2:]\n"
                "from borg.archiver import main\n"
                "sys.exit(main())\n"
            )
            python = os.path.join(os.path.dirname(self.program), "python3")
            wrapped = ["unshare", "--uts", python, "-c", script, host, *argv]
            output = run(wrapped, self.env(**env), cwd, merged, stdin)
            output.argv = argv
            return output
        return run(argv, self.env(**env), cwd, merged, stdin)

    def must(self, *args, status=(0,), **more):
        output = self.run(*args, **more)
        if output.status not in status:
            raise AssertionError(f"{self.tool} {args}: {output.status}\n{output.stdout}\n{output.stderr}")
        return output

    def repo(self, name, mode="none"):
        return Repo1(self, f"{self.scratch}/{name}", mode)


class Repo1:
    """A repository and the archives that were made in it."""

    def __init__(self, borg, path, mode="none", create=True):
        self.borg, self.path, self.archives = borg, path, []
        if create:
            borg.must("init", "-e", mode, path)
        with open(f"{path}/config") as config:
            lines = dict(line.strip().split(" = ", 1) for line in config if " = " in line)
        self.id = lines["id"]

    def truth(self, **more):
        return {"id": self.id, "location": self.path} | more

    def document(self, kind, archives=None):
        return document(kind, self.borg.generation, self.truth(), archives)

    def ids(self):
        """The ids from a text listing."""
        options = [] if self.borg.tool == "borg-1.1.18" else ["--consider-checkpoints"]
        output = self.borg.must("list", *options, "--format", "{id}{NUL}", self.path)
        return set(output.stdout.decode().split("\0")) - {""}

    def create(self, name, when, *options, status=(0,), paths=None, checkpoint=False, more=None, **env):
        """Makes an archive with a time that is known."""
        stamp = when.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
        before = self.ids()
        target = os.fsencode(f"{self.path}::") + os.fsencode(name)
        output = self.borg.must(
            "create", "--json", "--timestamp", stamp, *options, target, *(paths or [self.borg.data]), status=status, **env
        )
        (new,) = self.ids() - before
        archive = Archive(name, when, new, checkpoint, **(more or {}))
        self.archives.append(archive)
        return archive, output

    def create_many(self, names_and_times):
        """Makes many archives and maps ids by their names."""
        for name, when in names_and_times:
            self.borg.must("create", "--timestamp", when.strftime("%Y-%m-%dT%H:%M:%S"), f"{self.path}::{name}", self.borg.data + "/file0")
        listing = self.borg.must("list", "--format", "{id} {archive}{NUL}", self.path).stdout.decode()
        ids = {name: id for id, _, name in (entry.partition(" ") for entry in listing.split("\0") if entry)}
        made = [Archive(name, when, ids[name]) for name, when in names_and_times]
        self.archives += made
        return made

    def ordered(self):
        return sorted(self.archives, key=lambda archive: archive.time)


def daily(prefix, count, start="2025-03-01T02:00:00"):
    first = at(start)
    return [
        (f"{prefix}-{first + datetime.timedelta(days=day):%Y-%m-%dT%H:%M:%S}", first + datetime.timedelta(days=day))
        for day in range(count)
    ]


def record(borg, folder, only=None):
    """Records the scenarios of a borg 1.x: all, or those of some steps."""
    steps = [plain, options, thirty, names, not_utf8, times, modes, checkpoints, warnings, failures, hosts, noise]
    if borg.tool == "borg-1.4.5":
        steps.append(many)
    take(steps, borg, folder, only)


def take(steps, borg, folder, only):
    for step in steps:
        if only and step.__name__ not in only:
            continue
        begun = time.time()
        step(borg, folder)
        print(f"{borg.tool} {step.__name__}: {time.time() - begun:.0f} s", flush=True)


def listing(borg, folder, repo, scenario, archives, *options, env=None, **more):
    output = borg.run("list", "--json", *options, repo.path, **(env or {}))
    folder.save("repo-list", scenario, output, [repo.document("repo-list", archives)], expect=0, **more)
    return output


def info(borg, folder, repo, scenario, archives, *options, target=None, env=None, **more):
    where = repo.path if target is None else os.fsencode(f"{repo.path}::") + os.fsencode(target)
    output = borg.run("info", "--json", *options, where, **(env or {}))
    kind = "info" if archives is not None else "repo-info"
    folder.save(kind, scenario, output, [repo.document(kind, archives)], expect=0, **more)
    return output


def plain(borg, folder):
    repo = borg.repo("plain")
    listing(borg, folder, repo, "empty-utc", [])
    listing(borg, folder, repo, "empty-last1", [], "--last", "1")
    info(borg, folder, repo, "empty", None)
    info(borg, folder, repo, "empty-last1", [], "--last", "1")
    archive, output = repo.create("plain", at("2025-03-01T02:00:00"), "--comment", "a comment")
    folder.save("create", "plain", output, [repo.document("create", [archive])], expect=0)
    for zone in ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York"):
        place = zone.split("/")[-1].lower()
        listing(borg, folder, repo, f"one-{place}", repo.archives, env={"TZ": zone})
        info(borg, folder, repo, f"one-{place}", repo.archives, target="plain", env={"TZ": zone})
        info(borg, folder, repo, f"one-{place}", None, env={"TZ": zone})
    listing(borg, folder, repo, "lang-c", repo.archives, env={"LANG": "C", "LC_ALL": "C"})
    if borg.tool == "borg-1.4.5":
        for indent in ("none", "", "2"):
            env = {"BORG_JSON_INDENT": indent}
            scenario = f"json-indent-{indent or 'empty'}"
            listing(borg, folder, repo, scenario, repo.archives, env=env)
            info(borg, folder, repo, scenario, repo.archives, "--last", "1", env=env)
    wide = "{comment}{bcomment}{hostname}{username}{command_line}{start}{end}" + ("" if borg.tool == "borg-1.1.18" else "{tam}")
    listing(borg, folder, repo, "format-wide", repo.archives, "--format", wide)
    listing(borg, folder, repo, "format-narrow", repo.archives, "--format", "{id}")
    output = borg.run("create", "--json", "--dry-run", f"{repo.path}::dry", borg.data)
    folder.save("create", "dry-run", output, [], expect=0)
    for location in (f"{borg.scratch}/./plain", f"{borg.scratch}/data/../plain/", f"file://{borg.scratch}/plain"):
        output = borg.run("info", "--json", location)
        scenario = "location-" + {"file": "url"}.get(location[:4], "dot" if "/./" in location else "slash")
        folder.save("repo-info", scenario, output, [repo.document("repo-info")], expect=0)


def options(borg, folder):
    """Options of create that change what it prints."""
    repo = borg.repo("options")
    stamp = f"{borg.scratch}/stamp"
    when = at("2025-03-01T02:00:00.789012")
    with open(stamp, "w"):
        os.utime(stamp, (when.timestamp(), when.timestamp()))
    output = borg.must("create", "--json", "--timestamp", stamp, f"{repo.path}::from-file", borg.data)
    (new,) = repo.ids()
    folder.save("create", "timestamp-from-file", output, [repo.document("create", [Archive("from-file", when, new)])])
    if borg.tool == "borg-1.4.5":
        archive, output = repo.create("quick", at("2025-03-02T02:00:00"), "--quick-stats")
        folder.save("create", "quick-stats", output, [repo.document("create", [archive])], expect=0)


def thirty(borg, folder):
    repo = borg.repo("thirty")
    archives = repo.create_many(daily("web", 30))
    listing(borg, folder, repo, "thirty-utc", archives)
    listing(borg, folder, repo, "thirty-newyork", archives, env={"TZ": "America/New_York"})
    info(borg, folder, repo, "thirty-all", archives, "-a" if borg.tool == "borg-1.4.5" else "--glob-archives", "*")
    info(borg, folder, repo, "thirty", None)
    for option, chosen in (("--first", archives[:5]), ("--last", archives[-5:])):
        listing(borg, folder, repo, f"thirty{option[1:]}5", chosen, option, "5")
        info(borg, folder, repo, f"thirty{option[1:]}5", chosen, option, "5")
    listing(borg, folder, repo, "thirty-last1", archives[-1:], "--last", "1")
    listing(borg, folder, repo, "thirty-sort-name", archives, "--sort-by", "name")
    listing(borg, folder, repo, "thirty-sort-id", archives, "--sort-by", "id")
    info(borg, folder, repo, "thirty-sort-id-last3", sorted(archives, key=lambda archive: archive.id)[-3:], "--sort-by", "id", "--last", "3")
    glob = ["--glob-archives", "web-2025-03-1*"]
    listing(borg, folder, repo, "thirty-glob", archives[9:19], *glob)
    listing(borg, folder, repo, "thirty-glob-none", [], "--glob-archives", "nothing-*")
    borg.must("delete", f"{repo.path}::{archives[3].name}")
    borg.must("rename", f"{repo.path}::{archives[4].name}", "renamed")
    repo.archives = archives = [archive for archive in archives if archive is not archives[3]]
    archives[3].name = "renamed"
    listing_ids = borg.must("list", "--format", "{id} {archive}{NUL}", repo.path).stdout.decode()
    archives[3].id = next(entry.split(" ")[0] for entry in listing_ids.split("\0") if entry.endswith(" renamed"))
    listing(borg, folder, repo, "thirty-after-delete-rename", archives)


def many(borg, folder):
    repo = borg.repo("thousand")
    archives = repo.create_many(daily("host", 1000, "2022-06-07T02:00:00"))
    listing(borg, folder, repo, "thousand", archives)


ODD = [
    "with blank", "quote'single", 'quote"double', "pipe|here", "equals=sign", "newline\nhere", "cr\rhere", "tab\there",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "bell\x07", "emoji-😀", "umlaut-äöü", "rtl-\u202eevil", "c1-\x9b2J",
    " lead", "trail ", "a;b", "$(id)", "`id`", "line\u2028sep", "zero\u200bwidth", "-dash", "=formula", "<tag>", "100%",
    "foo.checkpoint-not", "foo.checkpoint.x", "pre.checkpoint.post-2025",
]


def names(borg, folder):
    repo = borg.repo("odd")
    start = at("2025-04-01T00:00:00")
    for number, name in enumerate(ODD):
        repo.create(name, start + datetime.timedelta(hours=number))
    archives = repo.ordered()
    shown = archives if borg.tool == "borg-1.1.18" else [archive for archive in archives if ".checkpoint" not in archive.name]
    listing(borg, folder, repo, "odd-names", shown)
    if borg.tool != "borg-1.1.18":
        listing(borg, folder, repo, "odd-names-considered", archives, "--consider-checkpoints")
    info(borg, folder, repo, "odd-names-all", archives, "--glob-archives", "*")
    for scenario, name in (("odd-newline", "newline\nhere"), ("odd-escape", "\x1b[31mred\x1b[0m"), ("odd-pipe", "pipe|here")):
        archive = next(archive for archive in archives if archive.name == name)
        info(borg, folder, repo, scenario, [archive], target=name)
    user = borg.repo("user-checkpoint")
    user.create("real", at("2025-04-01T00:00:00"))
    archive, output = user.create("mine.checkpoint", at("2025-04-02T00:00:00"), checkpoint=True)
    folder.save("create", "user-checkpoint", output, [user.document("create", [archive])], expect=0)
    info(borg, folder, user, "user-checkpoint", user.archives, "--last", "2")


def not_utf8(borg, folder):
    """Only 1.1 can write such archives; what 1.1 wrote the others read."""
    shared = os.path.join(os.path.dirname(borg.scratch), "not-utf8")
    odd = os.fsencode(borg.data) + b"/caf\xe9"
    os.makedirs(odd, exist_ok=True)
    if borg.tool == "borg-1.1.18":
        repo = Repo1(borg, shared)
        archive, output = repo.create("path", at("2025-05-01T00:00:00"), paths=[odd])
        folder.save("create", "nonutf8-path", output, [repo.document("create", [archive])], expect=0)
        archive, output = repo.create(b"caf\xe9", at("2025-05-02T00:00:00"))
        folder.save("create", "nonutf8-name", output, [repo.document("create", [archive])], expect=0)
        archive, output = repo.create("comment", at("2025-05-03T00:00:00"), "--comment", b"\xff\xfe comment")
        folder.save("create", "nonutf8-comment", output, [repo.document("create", [archive])], expect=0)
        archive, output = repo.create(b"cesu-\xed\xa0\xbd\xed\xb8\x80", at("2025-05-04T00:00:00"))
        folder.save("create", "two-surrogates", output, [repo.document("create", [archive])], expect=0)
        with open(f"{shared}.truth", "w") as file:
            file.write(repr([(archive.name, archive.time.isoformat(), archive.id) for archive in repo.archives]))
    elif not os.path.exists(f"{shared}.truth"):
        print(f"{borg.tool}: record borg-1.1.18 first for archives that are not UTF-8")
        return
    with open(f"{shared}.truth") as file:
        import ast

        made = [Archive(name, datetime.datetime.fromisoformat(when), id) for name, when, id in ast.literal_eval(file.read())]
    # Later versions want to upgrade what they read: give them a copy.
    path = f"{borg.scratch}/not-utf8"
    shutil.copytree(shared, path)
    repo = Repo1(borg, path, create=False)
    listing(borg, folder, repo, "surrogates", made)
    listing(borg, folder, repo, "surrogates-format", made, "--format", "{comment}{bcomment}{command_line}")
    info(borg, folder, repo, "surrogates-all", made, "--glob-archives", "*")
    if borg.tool == "borg-1.4.5":
        own = borg.repo("odd-places")
        archive, output = own.create("cwd", at("2025-05-05T00:00:00"), paths=["."], cwd=odd)
        folder.save("create", "nonutf8-cwd", output, [own.document("create", [archive])], expect=0)
        info(borg, folder, own, "nonutf8-cwd", own.archives, target="cwd")
        archive, output = own.create("host", at("2025-05-06T00:00:00"), host=b"h\xf6st", more={"host": b"h\xf6st"})
        info(borg, folder, own, "nonutf8-host", own.archives, "--last", "2")
        odd_user(borg, folder)


def odd_user(borg, folder):
    repo = borg.repo("odd-user")
    repo.create("user", at("2025-05-07T00:00:00"), more={"user": b"us\xe9r"}, BORG_USERNAME=b"us\xe9r")
    listing(borg, folder, repo, "nonutf8-user", repo.archives, "--format", "{hostname}{username}")
    info(borg, folder, repo, "nonutf8-user", repo.archives, "--last", "1")


def times(borg, folder):
    repo = borg.repo("ties")
    for name in ("b", "a", "c"):
        repo.create(name, at("2025-03-01T02:00:00"))
    listing(borg, folder, repo, "ties", repo.archives)
    info(borg, folder, repo, "ties", repo.archives, "--glob-archives", "*")

    for zone, place, season, stamps in (
        ("Europe/Berlin", "berlin", "fall", ["2025-10-26T00:15:00", "2025-10-26T00:45:00", "2025-10-26T01:15:00", "2025-10-26T01:45:00"]),
        ("Europe/Berlin", "berlin", "spring", ["2025-03-30T00:30:00", "2025-03-30T01:00:00", "2025-03-30T01:30:00"]),
        ("Australia/Lord_Howe", "lordhowe", "fall", ["2025-04-05T14:15:00", "2025-04-05T14:45:00", "2025-04-05T15:15:00"]),
        ("Australia/Lord_Howe", "lordhowe", "spring", ["2025-10-04T15:15:00", "2025-10-04T15:30:00", "2025-10-04T15:45:00"]),
    ):
        repo = borg.repo(f"dst-{place}-{season}")
        for number, stamp in enumerate(stamps):
            repo.create(f"dst-{number}", at(stamp))
        listing(borg, folder, repo, f"dst-{place}-{season}", repo.archives, env={"TZ": zone})
        info(borg, folder, repo, f"dst-{place}-{season}", repo.archives, "--glob-archives", "*", env={"TZ": zone})
        if season == "fall":
            for number, archive in enumerate(repo.archives):
                listing(borg, folder, repo, f"dst-{place}-fall-only{number}", [archive], "--glob-archives", archive.name, env={"TZ": zone})

    # Printed in UTC, these readings are in the hours that Berlin and Lord Howe skip.
    repo = borg.repo("skipped")
    repo.create("berlin", at("2025-03-30T02:30:00"))
    listing(borg, folder, repo, "skipped-berlin", repo.archives[:1], impossible_in="Europe/Berlin")
    repo.create("lordhowe", at("2025-10-05T02:15:00"))
    listing(borg, folder, repo, "skipped-lordhowe", repo.archives[1:], "--last", "1", impossible_in="Australia/Lord_Howe")

    for scenario, stamps, zone in (
        ("pre1970", ["1960-06-15T12:00:00", "1969-12-31T23:59:59"], "Asia/Kolkata"),
        ("2038", ["2038-01-19T03:14:07", "2038-01-19T03:14:08"], "UTC"),
        ("2106", ["2106-02-07T06:28:15", "2106-02-07T06:28:16", "2107-07-01T00:00:00"], "America/New_York"),
    ):
        repo = borg.repo(f"extreme-{scenario}")
        for number, stamp in enumerate(stamps):
            repo.create(f"extreme-{number}", at(stamp))
        listing(borg, folder, repo, f"extreme-{scenario}", repo.archives, env={"TZ": zone})
        info(borg, folder, repo, f"extreme-{scenario}", repo.archives, "--glob-archives", "*", env={"TZ": zone})

    repo = borg.repo("future")
    repo.create("past", at("2025-03-01T02:00:00"))
    repo.create("future", at("2099-01-01T00:00:00"))
    listing(borg, folder, repo, "extreme-future", repo.archives)


def modes(borg, folder):
    for mode in ("none", "repokey", "repokey-blake2", "keyfile", "keyfile-blake2", "authenticated", "authenticated-blake2"):
        repo = borg.repo(f"mode-{mode}", mode)
        info(borg, folder, repo, f"mode-{mode}", None)
        listing(borg, folder, repo, f"mode-{mode}", [])


def interrupted(borg, repo, name, when):
    """Interrupts a real run after its first checkpoint was written."""
    fifo = f"{borg.scratch}/fifo-{name}"
    os.mkfifo(fifo)
    before = repo.ids()
    process = subprocess.Popen(
        [borg.program, "create", "--json", "--read-special", "--checkpoint-interval", "1", "--chunker-params", "10,16,14,4095",
         "--timestamp", when.strftime("%Y-%m-%dT%H:%M:%S"), f"{repo.path}::{name}", fifo],
        env=borg.env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    end = time.time() + 4
    try:
        # Opened for both, so that a borg that never opens it does not block.
        with open(os.open(fifo, os.O_RDWR), "wb", buffering=0) as pipe:
            while time.time() < end and process.poll() is None:
                pipe.write(os.urandom(65536))
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            pipe.write(os.urandom(65536))
    except BrokenPipeError:
        pass
    stdout, stderr = process.communicate(timeout=60)
    options = [] if borg.tool == "borg-1.1.18" else ["--consider-checkpoints"]
    names = borg.must("list", *options, "--format", "{id} {archive} {time}{NUL}", repo.path).stdout.decode()
    made = []
    for entry in names.split("\0"):
        id, _, rest = entry.partition(" ")
        if id and id not in before:
            # Some versions give a checkpoint the real time, so the text listing tells it.
            found, _, shown = rest.partition(" ")
            made.append(Archive(found, at(shown.split(", ")[1].replace(" ", "T")), id, checkpoint=True))
    assert made and all(".checkpoint" in archive.name for archive in made), (stdout, stderr, names)
    repo.archives += made
    return Output(process.args, borg.env(), stdout, stderr, process.returncode, False)


def checkpoints(borg, folder):
    repo = borg.repo("checkpoints")
    repo.create("web-1", at("2025-03-01T02:00:00"))
    output = interrupted(borg, repo, "web-2", at("2025-03-02T02:00:00"))
    # A pipe that is read when the signal comes is an error of its own.
    folder.save("create", "interrupted", output, [], stderr=True, expect=(2, 130))
    archives = repo.ordered()
    complete = [archive for archive in archives if not archive.checkpoint]
    shown = archives if borg.tool == "borg-1.1.18" else complete
    listing(borg, folder, repo, "checkpoints", shown)
    listing(borg, folder, repo, "checkpoints-last1", shown[-1:], "--last", "1")
    if borg.tool != "borg-1.1.18":
        listing(borg, folder, repo, "checkpoints-considered", archives, "--consider-checkpoints")
    info(borg, folder, repo, "checkpoints-all", archives, "--glob-archives", "*")
    info(borg, folder, repo, "checkpoints-last1", archives[-1:], "--last", "1")
    alone = borg.repo("checkpoint-only")
    interrupted(borg, alone, "web", at("2025-03-02T02:00:00"))
    shown = alone.ordered() if borg.tool == "borg-1.1.18" else []
    listing(borg, folder, alone, "checkpoint-only", shown)
    info(borg, folder, alone, "checkpoint-only", alone.ordered()[-1:], "--last", "1")


def warnings(borg, folder):
    repo = borg.repo("warnings")
    missing = f"{borg.data}/vanished"
    archive, output = repo.create("vanished", at("2025-03-01T02:00:00"), paths=[borg.data, missing], status=(1, 107))
    folder.save("create", "vanished", output, [repo.document("create", [archive])], stderr=True)
    unreadable(borg, folder, repo, ["create", "--json", "--timestamp", "2025-03-02T02:00:00", f"{repo.path}::unreadable"])
    if borg.tool == "borg-1.4.5":
        archive, output = repo.create("modern", at("2025-03-03T02:00:00"), paths=[borg.data, missing], status=(107,), BORG_EXIT_CODES="modern")
        folder.save("create", "vanished-modern", output, [repo.document("create", [archive])], stderr=True)


def unreadable(borg, folder, repo, create):
    """A file that may not be read. The superuser may read everything until he gives that up."""
    place = f"{borg.scratch}/unreadable"
    os.makedirs(place)
    with open(f"{place}/secret", "w") as file:
        file.write("secret")
    os.chmod(f"{place}/secret", 0)
    os.chmod(borg.scratch, 0o777)
    before = repo.ids()
    nobody = ["setpriv", "--clear-groups", "--reuid", "0", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
    output = run([*nobody, borg.program, *create, place], borg.env())
    output.argv = output.argv[len(nobody):]
    (new,) = repo.ids() - before
    archive = Archive("unreadable", at("2025-03-02T02:00:00"), new)
    repo.archives.append(archive)
    folder.save("create", "unreadable", output, [repo.document("create", [archive])], stderr=True, expect=(1, 105, 106, 107))


def failures(borg, folder):
    repo = borg.repo("failures", "repokey")
    repo.create("one", at("2025-03-01T02:00:00"))
    gone = f"{borg.scratch}/gone"
    for kind, args in (("repo-list", ["list", "--json", gone]), ("repo-info", ["info", "--json", gone]), ("create", ["create", "--json", f"{gone}::x", borg.data])):
        folder.save(kind, "no-repository", borg.run(*args), stderr=True, expect=2)
    output = borg.run("list", "--json", repo.path, BORG_PASSPHRASE="wrong")
    folder.save("repo-list", "wrong-passphrase", output, stderr=True, expect=2)
    output = borg.run("info", "--json", f"{repo.path}::nothing")
    folder.save("info", "no-such-archive", output, stderr=True, expect=2)
    output = borg.run("create", "--json", f"{repo.path}::one", borg.data)
    folder.save("create", "existing-name", output, stderr=True, expect=2)
    holder = subprocess.Popen(
        [borg.program, "with-lock", repo.path, "sleep", "30"], env=borg.env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(2)
    output = borg.run("list", "--json", repo.path)
    folder.save("repo-list", "locked", output, stderr=True, expect=2)
    if borg.tool == "borg-1.4.5":
        for scenario, env in (("no-repository-modern", {}), ("wrong-passphrase-modern", {"BORG_PASSPHRASE": "wrong"})):
            where = gone if "no-repository" in scenario else repo.path
            if "wrong" in scenario:
                os.killpg(holder.pid, signal.SIGTERM)
                holder.wait()
            output = borg.run("list", "--json", where, BORG_EXIT_CODES="modern", **env)
            folder.save("repo-list", scenario, output, stderr=True)
    if holder.poll() is None:
        os.killpg(holder.pid, signal.SIGTERM)
        holder.wait()


def hosts(borg, folder):
    repo = borg.repo("hosts")
    for day in range(1, 4):
        for hour, host in enumerate(("web", "db", "mail")):
            if host == "mail" and day > 1:
                continue
            when = at(f"2025-03-{day:02}T{hour:02}:00:00")
            repo.create(f"{host}-{when:%Y-%m-%d}", when, host=host, more={"host": host})
    archives = repo.ordered()
    listing(borg, folder, repo, "hosts", archives)
    listing(borg, folder, repo, "hosts-format", archives, "--format", "{hostname}{username}{comment}")
    info(borg, folder, repo, "hosts-all", archives, "--glob-archives", "*")


def noise(borg, folder):
    fresh = {"BORG_BASE_DIR": f"{borg.scratch}/fresh", "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": None}
    thirty = Repo1(borg, f"{borg.scratch}/ties", create=False)
    listed = borg.must("list", "--format", "{id} {archive}{NUL}", thirty.path).stdout.decode()
    archives = [Archive(name, at("2025-03-01T02:00:00"), id) for id, _, name in (entry.partition(" ") for entry in listed.split("\0") if entry)]
    document = [thirty.document("repo-list", archives)]
    output = borg.run("list", "--json", thirty.path, merged=True, stdin=b"y\n", BORG_DISPLAY_PASSPHRASE="n",
                      **(fresh | {"BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes"}))
    folder.save("repo-list", "noise-unknown-unencrypted-merged", output, document, expect=0)
    moved = f"{borg.scratch}/ties-moved"
    os.rename(thirty.path, moved)
    output = borg.run("list", "--json", moved, merged=True)
    relocated = Repo1(borg, moved, create=False)
    folder.save("repo-list", "noise-relocated-merged", output, [relocated.document("repo-list", archives)], expect=0)
    os.rename(moved, thirty.path)
    borg.must("list", thirty.path)
    for scenario, options in (("debug", ["--debug"]), ("showrc", ["--show-rc"])):
        output = borg.run("list", "--json", *options, thirty.path, merged=True)
        folder.save("repo-list", f"noise-{scenario}-merged", output, document, expect=0)
    url = f"ssh://backup@vault{thirty.path}"
    output = borg.run("list", "--json", url, merged=True, BORG_RSH=welcoming(borg))
    remote = [thirty.document("repo-list", archives) | {"repository": {"id": thirty.id, "location": url}}]
    folder.save("repo-list", "remote-merged", output, remote, expect=0)
    repo = borg.repo("noise")
    for scenario, options in (
        ("noise-progress-merged", ["--progress"]),
        ("noise-logjson-merged", ["--log-json", "--progress", "--list"]),
        ("noise-list-stats-merged", ["--list"]),
        ("noise-warning-merged", []),
    ):
        paths = [borg.data] + ([f"{borg.data}/vanished"] if "warning" in scenario else [])
        archive, output = repo.create(scenario, at("2025-06-01T00:00:00"), *options, paths=paths, status=(0, 1), merged=True)
        folder.save("create", scenario, output, [repo.document("create", [archive])])
    archive, output = repo.create("logjson", at("2025-06-02T00:00:00"), "--log-json", "--progress", "--list")
    folder.save("create", "progress-logjson", output, [repo.document("create", [archive])], stderr=True)
    derived(folder)


def welcoming(borg):
    """An ssh that greets, and then serves from this machine."""
    ssh = f"{borg.scratch}/ssh"
    with open(ssh, "w") as file:
        file.write("#!/bin/sh\necho '*** Welcome to the vault ***' >&2\necho 'message of the day: {not json}' >&2\n"
                   f"while [ \"$1\" != borg ]; do shift; done\nshift\nexec {borg.program} \"$@\"\n")
    os.chmod(ssh, 0o755)
    return ssh


def derived(folder):
    """Cases made by hand from recorded ones."""
    import json

    name = "repo-list--thirty-utc"
    whole = (folder.path / f"{name}.out").read_bytes()
    documents = json.loads((folder.path / f"{name}.truth.json").read_text())["documents"]
    single = (folder.path / "create--plain.out").read_bytes()
    single_truth = json.loads((folder.path / "create--plain.truth.json").read_text())["documents"]
    for scenario, cut in (("half", len(whole) // 2), ("last-bracket", len(whole.rstrip()) - 1), ("first-line", 2), ("in-number", 400)):
        folder.derive(name, f"noise-truncated-{scenario}", whole[:cut], [], problem="truncated")
    folder.derive(name, "noise-concatenated-two", whole + single, documents + single_truth)
    folder.derive(name, "noise-concatenated-same", whole + whole, documents + documents)
    folder.derive(name, "noise-concatenated-cut", single + whole[:-30], single_truth, problem="truncated")
    for scenario, stdout, problem in (
        ("empty", b"", "empty"), ("newline", b"\n", "empty"), ("text-only", b"Warning: nothing here\n", "no-document"),
        ("empty-array", b"[]", "no-document"),
    ):
        folder.derive(name, f"noise-{scenario}", stdout, [], problem=problem)
    for scenario, stdout in (
        ("crlf", whole.replace(b"\n", b"\r\n")), ("bom", b"\xef\xbb\xbf" + whole), ("utf16le", b"\xff\xfe" + whole.decode().encode("utf-16le")),
        ("utf16be", b"\xfe\xff" + whole.decode().encode("utf-16be")), ("nul-tail", whole + b"\0" * 100), ("text-tail", whole + b"terminating with success status, rc 0\n"),
        ("brace-line", b"{ this is a log line\n" + whole), ("bracket-line", b"[INFO] starting {now}\n" + whole),
    ):
        folder.derive(name, f"noise-{scenario}", stdout, documents)
