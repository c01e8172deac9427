"""What an input proves, found without borgq: by Python's json and the C library's time zones."""

import codecs
import json
import os
import re
import time
from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SKEW = timedelta(minutes=5)
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)
CHECKPOINT = re.compile(r"\.checkpoint(?:\.[0-9]+)?\Z")
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
# What is left of a document that is not whole.
FRAGMENT = re.compile(r'"(?:archives?|repository|encryption|last_modified|security_dir|barchive|id)"\s*:')


class Object(dict):
    """A JSON object that knows which keys it has twice."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.twice = set() if len(self) == len(pairs) else {
            key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1}


class Unproven(Exception):
    """The input proves nothing, for this reason."""


def require(condition, reason):
    if not condition:
        raise Unproven(reason)


DECODER = json.JSONDecoder(
    object_pairs_hook=Object, strict=True,
    # Python refuses integers of many digits.
    parse_int=lambda text: int(text) if len(text) < 40 else float(text))


def is_document(value):
    return isinstance(value, Object) and "repository" in value


def is_log_line(value):
    return isinstance(value, Object) and "archive" not in value and ("type" in value or "levelname" in value)


def texts_of(data):
    """What the bytes are in the encoding that their mark tells, or else in each that they may have."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return [decoded(data[len(mark):], name)]
    names = ["utf-8", "utf-16-le", "utf-16-be"] if b'\0"' in data or b'"\0' in data else ["utf-8"]
    return [decoded(data, name) for name in names]


def decoded(data, name):
    # Bytes that are not UTF-8 are surrogates to Python as to borg.
    return data.decode(name, "surrogateescape") if name == "utf-8" else data.decode(name, "surrogatepass" if len(data) % 2 == 0 else "replace")


def documents(text):
    """All documents of the input. Nothing that could be a part of another one is beside them."""
    found, left, end = [], [], 0
    start = re.compile(r"[\[{]")
    at = start.search(text)
    while at:
        try:
            value, after = DECODER.raw_decode(text, at.start())
        except (ValueError, RecursionError):
            value, after = None, at.start() + 1
        many = value if isinstance(value, list) else [value]
        if many and all(map(is_document, many)):
            found += many
        elif not is_log_line(value):
            after = at.start() + 1
            left.append(text[end:after])
            end = after
            at = start.search(text, after)
            continue
        left.append(text[end:at.start()])
        end = after
        at = start.search(text, after)
    left.append(text[end:])
    require(not FRAGMENT.search("".join(left)), "something is left of a document")
    require(found, "no document")
    return found


def instants(text, zone):
    """The instants that a time can mean, and whether it is a clock reading."""
    require(isinstance(text, str), "a time is no text")
    match = TIME.fullmatch(text)
    require(match, f"no time: {text!r}")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    try:
        reading = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
    except ValueError as error:
        raise Unproven(str(error)) from None
    fraction = timedelta(microseconds=int((match[7] or "0")[:6].ljust(6, "0")))
    if match[8]:
        return [reading + fraction], False
    if match[9]:
        offset = timedelta(hours=int(match[10]), minutes=int(match[11]), seconds=int(match[12] or 0))
        return [reading - offset * (-1 if match[9] == "-" else 1) + fraction], False
    local = int((reading - EPOCH).total_seconds())
    set_zone(zone)
    offsets = {time.localtime(local + days * 86400).tm_gmtoff for days in (-2, -1, 0, 1, 2)}
    fitting = [local - offset for offset in offsets if time.localtime(local - offset).tm_gmtoff == offset]
    require(fitting, f"{text} is in no hour of {zone}")
    return [EPOCH + timedelta(seconds=seconds) + fraction for seconds in sorted(fitting)], True


def set_zone(zone):
    if os.environ.get("TZ") != zone:
        os.environ["TZ"] = zone
        time.tzset()


def archives(document):
    """The archives that a document lists."""
    if "archive" in document:
        require("archives" not in document, "two kinds of document in one")
        listed = [document["archive"]]
    else:
        require("archives" in document, "the archives are not listed")
        listed = document["archives"]
    require(isinstance(listed, list), "the archives are no list")
    require(not document.get("dry_run"), "a dry run")
    for archive in listed:
        require(isinstance(archive, Object), "an archive is no object")
        require(not archive.twice & {"id", "name", "time", "start", "archive", "barchive", "hostname", "username"},
                f"keys twice: {archive.twice}")
        require("kept" not in archive or "stats" in archive, "what prune prints")
    return listed


def prove(data, now, zone, limit, by):
    """Shows that each repository, and each host or user, has a fresh complete archive, or raises Unproven."""
    reasons = []
    for text in texts_of(data):
        try:
            return prove_text(text, now, zone, limit, by)
        except Unproven as error:
            reasons.append(str(error))
    raise Unproven("; ".join(reasons))


def prove_text(text, now, zone, limit, by):
    repositories = {}
    for document in documents(text):
        require(not document.twice, f"keys twice: {document.twice}")
        repository = document["repository"]
        require(isinstance(repository, Object) and not repository.twice, "no repository")
        key = repository.get("id"), repository.get("location")
        require(isinstance(key[0], str) and HEX64.match(key[0]), "a repository without an id")
        require(isinstance(key[1], str), "a repository without a location")
        known = repositories.setdefault(key, {})
        if "security_dir" in document and not {"archive", "archives"} & document.keys():
            continue
        kinds = set()
        for archive in archives(document):
            moment, kind = instants(archive["time"] if "time" in archive else archive.get("start"), zone)
            kinds.add(kind)
            other = [archive[name] for name in ("start", "end") if name in archive]
            kinds.update(instants(text, zone)[1] for text in other)
            identity, name = archive.get("id"), archive.get("name")
            require(isinstance(identity, str) and HEX64.match(identity), "an archive without an id")
            require(isinstance(name, str), "an archive without a name")
            names = [archive.get(key) for key in ("name", "barchive", "archive")]
            checkpoint = kind and any(isinstance(name, str) and CHECKPOINT.search(name) for name in names)
            name = group(archive, by)
            if earlier := known.get(identity):
                # Twice the same archive: the older time, and what either says.
                moment = [min(earlier[0], moment[0])]
                checkpoint |= earlier[1]
                name = earlier[2] or name
            known[identity] = moment[0], checkpoint, name
        require(len(kinds) < 2, "times with and without offset")
    for known in repositories.values():
        future = any(moment - now > SKEW for moment, checkpoint, _ in known.values() if not checkpoint)
        require(not future, "an archive of the future")
        groups = {name for _, _, name in known.values()} or {None}
        for name in groups:
            fresh = any(now - moment <= limit and not checkpoint
                        for moment, checkpoint, other in known.values() if other == name)
            require(fresh, f"nothing fresh in {name or 'a repository'}")


def group(archive, by):
    """What the archive is grouped by, as far as that is plain."""
    if by == "host":
        return archive.get("hostname_b64", archive.get("hostname"))
    if by == "user":
        return archive.get("username_b64", archive.get("username"))
    if by == "series" and not re.search(r"\d|\.checkpoint", archive["name"]):
        # Without digits there is no date in it.
        return archive["name"]
    return None
