# SPDX-License-Identifier: Apache-2.0
"""Compares what a command printed with what a document shows, but for what differs from run to run."""

import re
from difflib import unified_diff

# In the order in which they are put to work.
_VARIES = (
    (r"Linux \S+ \S+?(?=[,\s]|$)", "Linux RELEASE MACHINE"),
    (r"\bseed \d+", "seed N"),
    (r"\bagent \d+\.\d+\.\d+", "agent VERSION"),
    (r"^\s+\d+\.\d{6}(?=\s)", "  TIME"),  # of a line of a ladder
    (r"\bin \d+(\.\d+)? (ns|us|ms|s|min)$", "in TIME"),  # "18 pass in 0.5 s"
    (r"^((?:pass|fail|warn|known|inconclusive|skipped|error) +\S+(?: \(\d+ of \d+\))?) +\d+(\.\d+)? (ns|us|ms|s|min)\b",
     r"\1 TIME"),  # "pass  ID  302 ms"
    (r"^((?:not )?ok \d+ - .*) \d+(\.\d+)? (ns|us|ms|s|min)$", r"\1 TIME"),
    (r"\(timer [^)]*\)", "(timer)"),
    (r", timer [^\]]*\]", ", timer]"),
    (r" \(\d+ times\)$", ""),  # readings of a state
    (r"\bwin=\d+", "win=N"),
    (r"[ \t]+$", ""),
    (r"-{3,}", "---"),
    (r"(?<=\S) {2,}", " "),
)

_VERDICT = re.compile(r"(pass|known|skipped) \S+( \(\d+ of \d+\))? TIME\b")
_RETURN = re.compile(r"  TIME +\[[\w-]+: [^\]]*\]$")


def _in_order(lines):
    """Verdicts come as they fall, and a call's return before or after a segment that it causes: sorted."""
    out, verdicts = [], []
    for line in lines:
        if _VERDICT.match(line):
            verdicts.append(line)
            continue
        out += sorted(verdicts)
        verdicts = []
        out.append(line)
    out += sorted(verdicts)
    for at in range(1, len(out)):
        if _RETURN.match(out[at]):
            # Up to the call that it belongs to, over segments that came meanwhile.
            call = out[at].split("[")[1].split(":")[0]
            place = at
            while place > 0 and out[place - 1].startswith("  TIME <") and f"[{call}" not in out[place - 1]:
                place -= 1
            out.insert(place, out.pop(at))
    return out


def normalised(lines):
    out = []
    for line in lines:
        for pattern, instead in _VARIES:
            line = re.sub(pattern, instead, line)
        out.append(line)
    while out and not out[-1]:
        out.pop()
    while out and not out[0]:
        out.pop(0)
    return _in_order(out)


def _line_matches(shown, got):
    if "..." not in shown:
        return shown == got
    pattern = ".*".join(re.escape(part) for part in shown.split("..."))
    return re.fullmatch(pattern, got) is not None


def matches(shown, got):
    """Whether all of `got` is what was shown; a line `...` stands for any lines, none included."""
    reach = {0}  # how many lines of `got` may be used up
    for line in shown:
        if line.strip() == "...":
            reach = set(range(min(reach), len(got) + 1)) if reach else set()
        else:
            reach = {at + 1 for at in reach if at < len(got) and _line_matches(line, got[at])}
    return len(got) in reach


def difference(shown, got):
    """Empty when the output is as shown."""
    left, right = normalised(shown), normalised(got)
    if matches(left, right):
        return ""
    return "\n".join(unified_diff(left, right, "shown in the document", "printed", lineterm="", n=50))
