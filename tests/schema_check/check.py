#!/usr/bin/env python3
"""Proves the schemas from outside: with another validator and with clients.

    python3 -m venv venv
    venv/bin/pip install -r tests/schema_check/requirements.txt
    venv/bin/python tests/schema_check/check.py [CORPUS]

Every schema must be one of draft 2020-12. Every document that the corpus holds
must be valid for its own kind and for no other, mutants of it must be refused
at the right place for the right reason, and clients that are generated from
the schemas must parse it and give it back. Exits with 1 on any failure, and
if there is no document.
"""

import copy
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import referencing

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
KINDS = {"create": "Create", "repo-list": "RepoList", "repo-info": "RepoInfo", "info": "Info"}

failures = []


def expect(good, text):
    if not good:
        failures.append(text)
        print("FAILED:", text)


def documents(corpus):
    """Each document of the corpus with its name, its kind, and whether borgmatic printed it."""
    decoder = json.JSONDecoder()
    for truth in sorted(corpus.rglob("*.truth.json")):
        expected = [doc["kind"] for doc in json.loads(truth.read_text())["documents"]]
        stem = truth.name.removesuffix(".truth.json")
        printed = next(truth.with_name(stem + end) for end in (".out", ".json")
                       if truth.with_name(stem + end).exists())
        data = printed.read_bytes()
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = data.decode(encoding, "replace")
        found = []
        at = 0
        while (at := min((i for i in (text.find("{", at), text.find("[", at)) if i >= 0),
                         default=-1)) >= 0:
            try:
                value, end = decoder.raw_decode(text, at)
            except json.JSONDecodeError:
                at += 1
                continue
            values = value if isinstance(value, list) else [value]
            good = [v for v in values if isinstance(v, dict) and "repository" in v]
            if good and good == values:
                found += [(v, isinstance(value, list)) for v in good]
            at = end if good or not isinstance(value, list) else at + 1
        if len(found) != len(expected):
            # Noise and damage are the reader's business.
            print(f"left to the reader: {truth.parent.name}/{stem}")
        else:
            for (document, in_array), kind in zip(found, expected):
                yield f"{truth.parent.name}/{stem}", kind, document, in_array


def at(document, path):
    for step in path:
        document = document[step]
    return document


def mutants(kind, document):
    """Changed documents, with where and by which keyword they must be refused."""
    def changed(path, key, *value):
        mutant = copy.deepcopy(document)
        if value:
            at(mutant, path)[key] = value[0]
        else:
            del at(mutant, path)[key]
        return mutant

    yield changed([], "repository"), [], "required"
    yield changed(["repository"], "id"), ["repository"], "required"
    yield changed(["repository"], "location", 5), ["repository", "location"], "type"
    yield changed(["repository"], "id", "22"), ["repository", "id"], "pattern"
    yield changed([], "encryption", None), ["encryption"], "type"
    word = "mode" if "mode" in document["encryption"] else "id_hash"
    yield changed(["encryption"], word), ["encryption"], "required"
    if kind == "repo-info":
        yield changed([], "security_dir", []), ["security_dir"], "type"
        return
    archive = ["archive"] if "archive" in document else ["archives", 0]
    if kind != "create":
        yield changed([], "archives", {}), ["archives"], "type"
    if archive[0] not in document or not document[archive[0]]:
        return
    time = "time" if "time" in at(document, archive) else "start"
    for bad in ("today", "2025-02-30", at(document, archive)[time].replace("T", " ")):
        yield changed(archive, time, bad), archive + [time], "pattern"
    for key in ("id", "name"):
        yield changed(archive, key), archive, "required"
        yield changed(archive, key, None), archive + [key], "type"
    if kind == "repo-list":
        yield changed(archive, "kept", True), archive, "not"
    else:
        stats = archive + ["stats"]
        yield changed(stats, "nfiles", "1"), stats + ["nfiles"], "type"
        yield changed(stats, "nfiles", -1), stats + ["nfiles"], "minimum"
        yield changed(stats, "original_size"), stats, "required"


def check_schemas():
    schemas = {path.stem: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    missing = (KINDS.keys() | {"borgmatic"}) - schemas.keys()
    if missing:
        sys.exit(f"no schema of {', '.join(sorted(missing))}")
    nameless = [name for name, schema in schemas.items() if "$id" not in schema]
    if nameless:
        sys.exit(f"no $id in the schema of {', '.join(sorted(nameless))}")
    registry = referencing.Registry().with_resources(
        (schema["$id"], referencing.Resource.from_contents(schema)) for schema in schemas.values())
    for name, schema in schemas.items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            expect(False, f"{name}.json is no schema: {error.message}")
    return {name: jsonschema.Draft202012Validator(schema, registry=registry)
            for name, schema in schemas.items()}


def clients(directory):
    """The modules that datamodel-code-generator makes of the schemas."""
    package = pathlib.Path(directory) / "clients"
    subprocess.run(
        [sys.executable, "-m", "datamodel_code_generator", "--input", str(SCHEMAS),
         "--input-file-type", "jsonschema", "--output", str(package),
         "--output-model-type", "pydantic_v2.BaseModel", "--use-title-as-name",
         "--formatters", "builtin", "--disable-timestamp", "--target-python-version", "3.11", "--extra-fields", "allow"],
        check=True)
    sys.path.insert(0, directory)
    return {name: importlib.import_module("clients." + name.replace("-", "_"))
            for name in (*KINDS, "borgmatic")}


def root_model(module, kind):
    titles = [value for value in vars(module).values()
              if isinstance(value, type) and value.__module__ == module.__name__]
    for value in titles:
        fields = getattr(value, "model_fields", {})
        if {"repository", "encryption"} <= fields.keys():
            return value
        if kind == "borgmatic" and "root" in fields:
            return value
    raise SystemExit(f"no client of {kind} in {titles}")


def main():
    corpus = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "tests" / "corpus"
    validators = check_schemas()
    count = mutated = 0
    with tempfile.TemporaryDirectory() as directory:
        modules = clients(directory)
        models = {name: root_model(module, name) for name, module in modules.items()}
        seen = set()
        for name, kind, document, in_array in documents(corpus):
            count += 1
            seen.add(kind)
            for other in KINDS:
                errors = [error.message for error in validators[other].iter_errors(document)]
                if other == kind:
                    expect(not errors, f"{name} is refused: {errors}")
                else:
                    expect(errors, f"{name} passes for {other}")
            expect(validators["borgmatic"].is_valid([document]), f"{name} is refused in a list")
            for model, value in ((models[kind], document), (models["borgmatic"], [document])):
                try:
                    client = model.model_validate(value)
                    back = client.model_dump(mode="python", by_alias=True, exclude_unset=True)
                    expect(back == value, f"{name}: the client gives something else back")
                except ValueError as error:
                    expect(False, f"{name}: no client: {error}")
            for mutant, place, keyword in mutants(kind, document):
                mutated += 1
                found = {(tuple(error.absolute_path), error.validator)
                         for error in validators[kind].iter_errors(mutant)}
                expect((tuple(place), keyword) in found,
                       f"{name}: a mutant must fail at {place} by {keyword}, not at {found}")
                expect(not validators["borgmatic"].is_valid([mutant]),
                       f"{name}: a mutant at {place} passes in a list")
    missing = KINDS.keys() - seen
    expect(not missing, f"no document of {', '.join(sorted(missing))} in {corpus}")
    print(f"{count} documents, {mutated} mutants, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
