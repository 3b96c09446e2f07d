#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas of suites/, before a validator that is not ours: every scenario and profile is accepted, and of the
broken ones those are refused, and no others, in which a line is `# schema: refuses`. Debian: python3-jsonschema,
python3-yaml."""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = b"# schema: refuses"


class Loader(yaml.SafeLoader):
    """YAML 1.2, as editors read it: PyYAML takes `on` and `yes` for truth values."""


Loader.yaml_implicit_resolvers = {}
for tag, form, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", "-+.0123456789"),
):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(form), list(first))


def validator(name):
    schemas = {path.name: json.loads(path.read_text()) for path in (ROOT / "suites").glob("*.schema.json")}
    schema = schemas[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver("", schema, store=schemas)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def documents(path):
    """What the file holds; none when it is no YAML."""
    try:
        return list(yaml.load_all(path.read_bytes().decode(), Loader))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None


def complaint(schema, document):
    error = jsonschema.exceptions.best_match(schema.iter_errors(document))
    return error and f"{error.json_path}: {error.message}"


def check(path, schema, refused):
    """What is wrong with the answer to this file."""
    found = documents(path)
    if found is None:
        return "is marked, but it is no YAML" if refused else None
    why = next(filter(None, (complaint(schema, document) for document in found)), None) if found else None
    if refused and not why:
        return "is accepted, though it is marked"
    if why and not refused:
        return f"is refused: {why}"
    return None


def main():
    scenario, sequences, profile = map(validator, ("scenario.schema.json", "sequences.schema.json", "profile.schema.json"))
    wrong = count = 0

    def look(path, schema, refused):
        nonlocal wrong, count
        count += 1
        answer = check(path, schema, refused)
        if answer:
            wrong += 1
            print(f"{path.relative_to(ROOT)}: {answer}")

    for path in sorted((ROOT / "suites").rglob("*.yaml")):
        folder = path.relative_to(ROOT / "suites").parts[0]
        if folder == "catalogue":
            continue
        schema = profile if folder == "targets" else sequences if path.name == "sequences.yaml" else scenario
        look(path, schema, False)
    for folder, schema in (("broken", scenario), ("broken_profiles", profile)):
        for path in sorted((ROOT / "tests/scenario" / folder).rglob("*.yaml")):
            if path.name == "sequences.yaml":
                continue
            look(path, schema, MARK in path.read_bytes().splitlines())
    print(f"{count} files, {wrong} with the wrong answer")
    return 1 if wrong or count < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
