# SPDX-License-Identifier: Apache-2.0
"""A document of docs/ as what can be tried in it: commands with their output, files, and what is not run."""

import re
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("console", "yaml", "text", "json", "c++", "sh")


class DocumentError(Exception):
    """A document that cannot be tried, or does not keep what it promises."""


@dataclass
class Command:
    line: int
    text: str
    status: int
    output: list[str] = field(default_factory=list)


@dataclass
class File:
    line: int
    name: str
    promise: str  # "pass", or what it says behind its name: "fails", "broken", "may be skipped"
    text: str


@dataclass
class Shell:
    line: int
    text: str


def fences(text):
    """Each fenced block: its line, language and lines. What is neither fenced nor prose is an error."""
    inside, body, before_blank = None, [], True
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"\s*(`{3,}|~{3,})(.*)$", line)
        if inside:
            if mark and mark[1] == inside[2] and not mark[2].strip():
                yield inside[0], inside[1], body
                inside, body = None, []
            else:
                body.append(line)
        elif mark:
            inside = (number, mark[2].strip(), mark[1])
            if inside[1] not in LANGUAGES:
                known = ", ".join(LANGUAGES)
                raise DocumentError(f"{number}: a block of `{inside[1]}`; only {known} are known here")
            if line != line.lstrip() or not mark[1].startswith("`"):
                raise DocumentError(f"{number}: a block begins with backquotes at the margin")
        elif before_blank and re.match(r"( {4}|\t)", line):
            raise DocumentError(f"{number}: an indented block; write a fenced one with its language")
        before_blank = not line.strip()
    if inside:
        raise DocumentError(f"{inside[0]}: the block does not end")


def commands(first_line, body):
    found = []
    for number, line in enumerate(body, first_line + 1):
        if line.startswith("$ "):
            status = re.search(r"\s# exit (\d+)$", line)
            found.append(Command(number, line[2:], int(status[1]) if status else 0))
        elif not found:
            raise DocumentError(f"{number}: a console block begins with a command, `$ ...`")
        else:
            found[-1].output.append(line)
    return found


PROMISES = ("pass", "fails", "broken", "may be skipped", "not a scenario")


def file_of(line, body):
    head = re.fullmatch(r"# docs: ([\w./-]+)(?:, ([\w ]+))?", body[0]) if body else None
    if not head:
        raise DocumentError(f"{line}: a yaml block begins with `# docs: NAME`, the file it is")
    promise = head[2] or "pass"
    if promise not in PROMISES:
        raise DocumentError(f"{line}: `{promise}` says nothing about a file; {', '.join(PROMISES)} do")
    return File(line, head[1], promise, "\n".join(body) + "\n")


def read_document(path):
    """All that is to be tried, in its order."""
    items = []
    for line, language, body in fences(Path(path).read_text(encoding="utf-8")):
        if language == "console":
            items += commands(line, body)
        elif language == "yaml":
            items.append(file_of(line, body))
        elif language == "sh":
            items.append(Shell(line, "\n".join(body)))
    return items
