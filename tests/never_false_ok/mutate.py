"""Breaks a document in all ways that come to mind. The same seed breaks it the same way."""

import json
import random
import re
from datetime import timedelta

# A key that begins so is printed without it: an object can have a key twice.
TWICE = "\0twice:"
HUGE = "9" * 400
TIMES = {"time", "start", "end", "last_modified"}


def nest(depth):
    value = None
    for _ in range(depth):
        value = [value]
    return value


class Mutator:
    """Mutations of documents of one `now`. `stamp` writes an instant as the document writes times."""

    def __init__(self, rng: random.Random, now, limit, stamp):
        self.rng, self.now, self.limit, self.stamp = rng, now, limit, stamp

    # Values

    def odd(self):
        return self.rng.choice([
            None, True, False, 0, -1, 1, 0.5, 1e308, -1e-320, "", " ", "null", "now", [], {}, [[]], {"": None},
            [None], int(HUGE), -int(HUGE), nest(60), nest(140), "\ud800", "\udcff", "\udfff\ud83d", "\x00", "a" * 300,
            "\u202e|'=\n", 10**18, 2**63, 2**64, self.time(), self.time(), "1970-01-01T00:00:00.000000", "0" * 64,
        ])

    def time(self):
        """A time that is fresh, is so but just, is not but just, or lies in the future."""
        second = timedelta(seconds=1)
        ago = self.rng.choice([
            timedelta(0), self.limit, self.limit - second, self.limit + second, timedelta(minutes=-4),
            timedelta(minutes=-6), timedelta(hours=-2), timedelta(days=-3650), self.limit * 2,
            self.limit * self.rng.random(), self.limit * self.rng.random(),
        ])
        return self.stamp(self.now - ago)

    def places(self, value):
        """All places of a value: containers and keys."""
        found, todo = [], [value]
        while todo:
            here = todo.pop()
            keys = here.keys() if isinstance(here, dict) else range(len(here))
            for key in keys:
                found.append((here, key))
                if isinstance(here[key], (dict, list)):
                    todo.append(here[key])
        return found

    def place(self, value, fits=lambda _: True):
        # Archives outnumber the rest: go down step by step.
        if self.rng.random() < 0.5:
            found = [place for place in self.places(value) if fits(place)]
            return self.rng.choice(found) if found else None
        here = value
        while isinstance(here, (dict, list)) and here:
            key = self.rng.choice(list(here)) if isinstance(here, dict) else self.rng.randrange(len(here))
            if fits((here, key)) and (self.rng.random() < 0.4 or not isinstance(here[key], (dict, list))):
                return here, key
            here = here[key]
        return None

    def drop(self, value):
        if place := self.place(value):
            del place[0][place[1]]

    def drop_everywhere(self, value):
        if place := self.place(value, lambda place: isinstance(place[1], str)):
            for container, key in self.places(value):
                if key == place[1]:
                    container.pop(key, None)

    def duplicate(self, value):
        if place := self.place(value):
            container, key = place
            if isinstance(container, list):
                container.insert(self.rng.randrange(len(container) + 1), container[key])
            elif self.rng.random() < 0.5:
                container[TWICE + key] = container[key]
            else:
                container[TWICE + key] = self.odd()

    def reorder(self, value):
        if place := self.place(value, lambda place: isinstance(place[0][place[1]], (dict, list))):
            inner = place[0][place[1]]
            order = list(inner.items()) if isinstance(inner, dict) else list(inner)
            self.rng.shuffle(order)
            place[0][place[1]] = dict(order) if isinstance(inner, dict) else order

    def replace(self, value):
        if place := self.place(value):
            place[0][place[1]] = self.odd()

    def replace_everywhere(self, value):
        if place := self.place(value, lambda place: isinstance(place[1], str)):
            odd = self.odd()
            for container, key in self.places(value):
                if key == place[1]:
                    container[key] = odd

    def retype(self, value):
        if place := self.place(value):
            inner = place[0][place[1]]
            place[0][place[1]] = self.rng.choice([[inner], {"value": inner}, str(inner), [inner, inner]])

    def rename(self, value):
        if place := self.place(value, lambda place: isinstance(place[1], str)):
            container, key = place
            other = self.rng.choice([key.upper(), key + "s", key + " ", "\ud800", "", "time", "start", "archives",
                                     "archive", "cache", "security_dir", "dry_run", "kept", "id", "name"])
            container[other] = container.pop(key)

    def swap(self, value):
        one, other = self.place(value), self.place(value)
        if one and other:
            here, there = one[0][one[1]], other[0][other[1]]
            # Not into itself.
            if not isinstance(here, (dict, list)) and not isinstance(there, (dict, list)):
                one[0][one[1]], other[0][other[1]] = there, here

    def null_everything(self, value):
        odd = self.rng.choice([None, 0, "", [], {}])
        for container, key in self.places(value):
            if not isinstance(container[key], (dict, list)):
                container[key] = odd

    def checkpoint(self, value):
        names = [place for place in self.places(value) if place[1] in ("name", "archive", "barchive")]
        end = self.rng.choice([".checkpoint", ".checkpoint.1", ".checkpoint.x", ".checkpoint.", "\n"])
        some = self.rng.random()
        for container, key in names:
            if self.rng.random() < some and isinstance(container[key], str):
                container[key] += end

    # Times

    def freshen(self, value):
        """Makes times fresh: all, some keys, some archives or one, or what is no archive's."""
        rng = self.rng
        keys = rng.choice([TIMES, TIMES, TIMES, {"time", "start"}, {"time", "start"}, {"time"}, {"start"}, {"end"}, {"last_modified"}])
        found = [(container, key) for container, key in self.places(value) if key in keys]
        how = rng.random()
        if how < 0.6:
            for container, key in found:
                container[key] = self.stamp(self.now - self.limit * rng.random())
        elif how < 0.8:
            # One object's times: an archive's mostly.
            if found:
                chosen = rng.choice(found)[0]
                moment = self.time()
                for container, key in found:
                    if container is chosen:
                        container[key] = moment
        else:
            for container, key in found:
                if rng.random() < 0.3:
                    container[key] = self.time()

    OPERATIONS = [drop, drop, drop_everywhere, duplicate, duplicate, reorder, replace, replace, replace,
                  replace_everywhere, retype, rename, swap, null_everything, checkpoint, freshen]

    def change(self, value):
        root = [value]
        self.rng.choice(self.OPERATIONS)(self, root)
        return root[0] if len(root) == 1 else root

    # Texts

    def dump(self, value):
        indent = 4 if self.rng.random() < 0.2 else None
        return json.dumps(value, indent=indent).replace(json.dumps(TWICE)[1:-1], "").encode()

    def truncate(self, data, _):
        return data[:self.rng.randrange(len(data) + 1)] if self.rng.random() < 0.8 else data[self.rng.randrange(len(data) + 1):]

    def flip(self, data, _):
        data = bytearray(data)
        for _ in range(self.rng.randrange(1, 6)):
            if data:
                at = self.rng.randrange(len(data))
                data[at] = self.rng.choice([data[at] ^ (1 << self.rng.randrange(8)), self.rng.randrange(256)])
        return bytes(data)

    def span(self, data):
        start = self.rng.randrange(len(data) + 1)
        return start, min(len(data), start + self.rng.choice([1, 2, 8, 64, 512, 4096]))

    def cut_out(self, data, _):
        start, end = self.span(data)
        return data[:start] + data[end:]

    def repeat(self, data, _):
        start, end = self.span(data)
        return data[:end] + data[start:]

    def insert(self, data, _):
        piece = self.rng.choice([b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\n", b"\r", b"\0", b"\xff",
                                 b"\xed\xa0\x80", b"\\ud800", b"NaN", b"Infinity", b"-", b"0", b"1e999", b"//",
                                 b"\xef\xbb\xbf", b"null", HUGE.encode(), b"[" * 2000, b"{\"a\":" * 2000,
                                 b"\n{\n", b"Terminated\n", b"\n{\"archives\": [\n"])
        at = self.rng.randrange(len(data) + 1)
        return data[:at] + piece + data[at:]

    def key_inside(self, data, _):
        """A key once more, in the midst of the text, before or behind the one that stands there."""
        keys = list(re.finditer(rb'"[a-z_]+": *("[^"\\]*"|[0-9.]+)', data))
        if not keys:
            return data
        key = self.rng.choice(keys)
        other = key[0].split(b":")[0] + b": " + json.dumps(self.odd()).encode()
        new = self.rng.choice([key[0] + b", " + other, other + b", " + key[0]])
        return data[:key.start()] + new + data[key.end():]

    def escape(self, data, _):
        """Characters of texts written as escapes."""
        letters = [match.start() for match in re.finditer(rb"(?<=[a-z\"])[a-z0-9](?=[a-z0-9\"])", data)]
        for at in sorted(self.rng.sample(letters, min(len(letters), 3)), reverse=True):
            data = data[:at] + b"\\u%04x" % data[at] + data[at + 1:]
        return data

    def merge(self, data, other):
        how = self.rng.randrange(8)
        if how == 0:
            return data + other
        if how == 1:
            return data + b"\n" + other
        if how == 2:
            return b"[" + data + b"," + other + b"]"
        if how == 3:
            return other + b"\r\n" + data
        if how == 4:
            return data[:self.rng.randrange(len(data) + 1)] + other[self.rng.randrange(len(other) + 1):]
        if how == 5:
            return data[:self.rng.randrange(len(data) + 1)] + b"\n" + other
        if how == 6:
            lines, others = data.split(b"\n"), other.split(b"\n")
            at = self.rng.randrange(len(lines) + 1)
            return b"\n".join(lines[:at] + others + lines[at:])
        at = self.rng.randrange(len(data) + 1)
        return data[:at] + other + data[at:]

    def noise(self, data, _):
        piece = self.rng.choice([b"Warning: attempting to access\n", b"{not json}\n", b"\r 12 files\r", b"\n\n",
                                 b'{"type": "log_message", "time": 1.5, "levelname": "INFO", "message": "x"}\n',
                                 b"[]\n", b"{}\n", b"null\n", b"[null]", b"terminating with success status, rc 0\n"])
        return self.rng.choice([piece + data, data + b"\n" + piece, piece + data + b"\n" + piece])

    def encode(self, data, _):
        text = data.decode("utf-8", "replace")
        return text.encode(self.rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"]))

    TEXTS = [truncate, flip, flip, cut_out, repeat, insert, insert, key_inside, escape, merge, merge, merge, noise, noise, encode]

    def text(self, data, other):
        return self.rng.choice(self.TEXTS)(self, data, other)
