"""What the daemons are given: the corpus in each state, hostile names, and failures.

The expected state and age come from the truth beside each document of the corpus.
"""

import dataclasses
import datetime
import json
import os
import pathlib

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "corpus"
PLACE = pathlib.Path("/var/lib/borgq-cases")
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
HOUR = 3600
# The limits of every case that names none, as the files of the integrations have them.
WARNING, CRITICAL = "26h", "50h"

# From each folder of the corpus that has them.
SCENARIOS = (
    "repo-list--thirty-utc", "repo-list--hosts", "repo-list--one-kolkata", "repo-list--two-utc", "info--thirty-all",
    "info--two-utc", "repo-list--surrogates", "repo-list--odd-names", "info--odd-names-all", "repo-list--checkpoints",
)

HOSTILE = {
    "newline": "a\nBORG OK: all is well\n| x=1;;;; y=2",
    "pipe": "a|b=1;2;3 'c'=4s",
    "quotes": "it's \"quoted\" `touch /var/tmp/injected` $(touch /var/tmp/injected)",
    "escapes": "\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b1m",
    "bidi": "\u202egnp.exe\u2066\u200f",
    "prefix": "disk::check::x=1",
    "bytes": "not utf-8: \udcff\udc80\udcc3",
    "controls": "a\r\nb\tc\x00d\x7fe\u2028f\u0085g",
    "macros": "$USER1$ $ARG1$ $HOSTNAME$ %s%n {{x}} \\n \\",
    "semicolons": "a;b;c;;;=;1",
    "markup": "<script>alert(1)</script>&amp;'\"",
    "long": "x" * 3000,
    "wide": "\U0001f4be\u00e4\u20ac\ufeff\U0010ffff",
    "blank": "   ",
}


@dataclasses.dataclass
class Case:
    """One call of the plugin."""

    name: str
    # CRITICAL, …; None: whatever the plugin itself says, but not OK.
    state: str | None
    # Options by their long names without the dashes: a text, a list of texts, or True.
    options: dict
    inputs: list = dataclasses.field(default_factory=list)
    command: list = dataclasses.field(default_factory=list)
    # Seconds; None if no archive has one.
    age: float | None = None
    # Must be in the output.
    says: str = ""

    def limits(self):
        """The first warning and the first critical limit."""
        return listed(self.options.get("warning", WARNING))[0], listed(self.options.get("critical", CRITICAL))[0]

    def further(self):
        """The arguments beside those."""
        arguments = []
        for name, values in self.options.items():
            if values is True:
                arguments.append(name if name.startswith("-") else f"--{name}")
                continue
            for value in listed(values)[1 if name in ("warning", "critical") else 0:]:
                arguments += [f"--{name}", value]
        arguments += self.inputs
        return arguments + (["--", *self.command] if self.command else [])

    def arguments(self):
        warning, critical = self.limits()
        return ["-w", warning, "-c", critical, *self.further()]


def listed(values):
    return [values] if isinstance(values, str) else values


def put(name, content, mode=0o644):
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / name
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def utc(time):
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def judged(age):
    return "CRITICAL" if age > 50 * HOUR else "WARNING" if age > 26 * HOUR else "OK"


def lasts(truth):
    """The time of the last complete archive of each repository."""
    newest = {}
    for document in truth["documents"]:
        archives = [archive for archive in document.get("archives", []) if archive["id"] in document.get("last_complete", [])]
        for archive in archives:
            time = instant(archive["time"]).replace(microsecond=0)
            newest[document["repository"]["id"]] = max(time, newest.get(document["repository"]["id"], time))
    return newest


def corpus():
    """Documents of every recorded tool, each judged at three ages."""
    for folder in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
        for scenario in SCENARIOS:
            source = folder / f"{scenario}.out"
            if not source.exists():
                continue
            truth = json.loads((folder / f"{scenario}.truth.json").read_bytes())
            newest = lasts(truth)
            path = put(f"{folder.name}--{scenario}.json", source.read_bytes())
            for hours in (1, 30, 60):
                now = max(newest.values()) + datetime.timedelta(hours=hours)
                age = (now - min(newest.values())).total_seconds()
                options = {"now": utc(now), "timezone": truth["timezone"]}
                yield Case(f"{folder.name} {scenario} {hours}h", judged(age), options, [path], age=age)


def listing(archive="web", location="/backup/web", label=None, age=HOUR, now=None):
    """A document of borg 1.x with one archive of this age, in UTC, and the options for it."""
    now = now or datetime.datetime(2025, 3, 2, 12, tzinfo=datetime.timezone.utc)
    time = (now - datetime.timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%S.000000")
    repository = {"id": f"{hash_of(location):064x}", "last_modified": time, "location": location}
    if label is not None:
        repository["label"] = label
    entry = {"archive": archive, "barchive": archive, "id": f"{hash_of(archive):064x}", "name": archive, "start": time, "time": time}
    document = {"archives": [entry], "encryption": {"mode": "repokey"}, "repository": repository}
    return document, {"now": utc(now), "timezone": "UTC"}


def hash_of(text):
    return int.from_bytes(text.encode("utf-8", "surrogatepass")[:20], "big")


def hostile():
    """Names that try to forge a line, a metric, a state or a command."""
    for number, (what, name) in enumerate(HOSTILE.items()):
        age = (1, 30, 60)[number % 3] * HOUR
        for where in ("archive", "location", "label"):
            document, options = listing(age=age, **{where: name})
            path = put(f"hostile-{what}-{where}.json", json.dumps([document]).encode())
            yield Case(f"hostile {what} {where}", judged(age), options, [path], age=age)


def failures():
    """What proves nothing."""
    whole = (CORPUS / "borg-1.4.5/repo-list--thirty-utc.out").read_bytes()
    options = {"now": "2025-03-31T00:00:00Z", "timezone": "UTC"}
    good = put("good.json", whole)
    cut = put("cut.json", whole[: len(whole) // 2])
    yield Case("cut", "UNKNOWN", options, [cut], says="the input ends within a document")
    yield Case("one good and one cut", "UNKNOWN", options, [good, cut], says="the input ends within a document")
    yield Case("no file", "UNKNOWN", options, [str(PLACE / "gone.json")], says="No such file or directory")
    yield Case("nothing in it", "UNKNOWN", options, [put("empty.json", b"")])
    yield Case("no JSON", "UNKNOWN", options, [put("text.json", b"Repository is locked | x=1\n")])
    yield Case("not readable", "UNKNOWN", options, [put("secret.json", whole, 0o600)], says="Permission denied")
    yield Case("usage", "UNKNOWN", options | {"clock-skew": "a|b=1"}, [good])
    yield Case("wrong limit", "UNKNOWN", options | {"warning": "30:10"}, [good])
    yield Case("nothing matched", None, options | {"match-archives": "sh:*'|\"$HOME;!`&<>"}, [good])
    yield Case("no archive", None, options, [put("none.json", (CORPUS / "borg-1.4.5/repo-list--empty-utc.out").read_bytes())])
    yield Case("only in the future", None, options | {"now": "2020-01-01T00:00:00Z"}, [good])


def commands():
    """The plugin runs a command."""
    age = 22 * HOUR
    good = put("good.json", (CORPUS / "borg-1.4.5/repo-list--thirty-utc.out").read_bytes())
    options = {"now": "2025-03-31T00:00:00Z", "timezone": "UTC"}
    yield Case("command", "OK", options, command=["/bin/cat", good], age=age)
    yield Case("failed command", "UNKNOWN", options, command=["/bin/sh", "-c", f"cat {good}; echo 'a|b=1' >&2; exit 2"])
    yield Case("hanging command", "UNKNOWN", options | {"timeout": "1s"}, command=["/bin/sleep", "100000"])
    yield Case("no such command", "UNKNOWN", options, command=["/nonexistent/borg", "list"])


def options():
    """Every option and every metric at least once."""
    now = instant("2025-03-31T00:00:00Z")
    age = 22 * HOUR
    usual = {"now": utc(now), "timezone": "UTC"}
    path = put("info.json", (CORPUS / "borg-1.4.5/info--thirty-all.out").read_bytes())
    written = now.timestamp() - 600
    os.utime(path, (written, written))
    hosts = put("hosts.json", (CORPUS / "borg-1.4.5/info--hosts-all.out").read_bytes())
    warning = [
        "26h", "files=1:", "original-size=100B:", "deduplicated-size=1GiB", "repository-size=1TiB", "size-change=-50:100", "files-change=-10:10",
        "duration=1h", "oldest=90d", "gap=2d", "archives=@0:5", "input-age=1h",
    ]
    yield Case("all metrics", "OK", usual | {"warning": warning, "critical": ["50h", "input-age=2h"], "since": "20d"}, [path], age=age)
    yield Case("input too old", "CRITICAL", usual | {"critical": ["50h", "input-age=5m"]}, [path], age=age)
    yield Case("few archives", "WARNING", usual | {"warning": ["26h", "archives=31:"]}, [path], age=age)
    yield Case("expected", "OK", usual | {"expect": "sh:**/thirty", "expect-repositories": "1"}, [path], age=age)
    yield Case("missing", "CRITICAL", usual | {"expect": ["sh:**/thirty", "mail|x=1 '$HOME'"]}, [path], says="is expected and missing")
    yield Case("too few", "CRITICAL", usual | {"expect-repositories": "3"}, [path], says="3 repositories are expected")
    expected = put("expected.txt", b"sh:**/thirty\nnobody\n")
    yield Case("missing of a file", "WARNING", usual | {"expect-file": expected, "state": ["missing=warning", "unencrypted=ok"]}, [path], says="nobody")
    rules = put("rules.toml", b'[[rule]]\nrepository = "sh:**/thirty"\ncritical = "1h"\nowner = "x | y=1"\n[[rule]]\nlabel = "mail"\nexpect = true\n')
    yield Case("rules", "CRITICAL", usual | {"rules": rules}, [path], says="label mail is expected by rule 2 and missing")
    yield Case("rules with a mistake", "UNKNOWN", usual | {"rules": put("wrong.toml", b"[[rule]]\nlable = 'a|b=1'\n")}, [path], says="line 2, column 1")
    yield Case("only problems", "OK", usual | {"only-problems": True}, [path], age=age)
    yield Case("too long", "UNKNOWN", usual | {"max-input": "100B"}, [path], says="it is longer than 100B")
    yield Case("touched", None, usual | {"touched-since": "1d"}, [path])
    yield Case("hosts", "CRITICAL", usual | {"group-by": "host", "perfdata-limit": "1"}, [hosts], says="mail")
    yield Case("one host", "CRITICAL", usual | {"match-archives": ["host:web", "sh:web-*"], "repository": "sh:**/hosts"}, [hosts], says="web-2025-03-03")
    yield Case("verbose", "OK", usual | {"-v": True, "clock-skew": "10m"}, [path], age=age)
    yield Case("more verbose", "OK", usual | {"-vv": True}, [path], age=age, says="read: ")


def many():
    """More groups than fit, in names and numbers."""
    for count in (30, 1000):
        documents = []
        for number in range(count):
            document, options = listing(f"host{number}-2025", f"/backup/host{number}", f"host {number}", age=60 * HOUR if number == 7 else HOUR)
            documents.append(document)
        path = put(f"many-{count}.json", json.dumps(documents).encode())
        yield Case(f"{count} repositories", "CRITICAL", options, [path], age=60 * HOUR, says="host 7")


def limits():
    """Every form of range, with ends that are reached exactly."""
    for warning, critical, state in (
        ("3600", "@0:3599", "OK"), ("3599", "7200", "WARNING"), ("~:3600", "3601:", "CRITICAL"), ("@3600:3700", "@10:20", "WARNING"),
        ("1h:2h", "30m:3h", "OK"), ("0", "0", "CRITICAL"),
    ):
        document, options = listing()
        path = put("limits.json", json.dumps(document).encode())
        yield Case(f"limits {warning} {critical}", state, options | {"warning": warning, "critical": critical}, [path], age=HOUR)


def every():
    return [*corpus(), *hostile(), *failures(), *commands(), *options(), *many(), *limits()]
