#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries everything that a document shows: docs_test.py CHECKOUT BUILD DOCUMENT

Commands of ```console blocks (`$ COMMAND`, `# exit N` behind it unless 0) print what stands below them, and every
```yaml block, a file named by `# docs: NAME`, passes when it is played. All in a folder of its own, in which suites/ is
a copy of the checkout's and finack is in the PATH.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import document
import output

# They build for minutes, or run these very tests. What the first shows is what the command beside it prints.
SLOW = {"scripts/conform": "finack run suites", "scripts/test": None}

# ```sh blocks, by their first line, and why they are not run.
NOT_RUN = {
    "c++ -std=c++17 -O2 -pthread -I harness harness/agent/*.cpp -o finack-agent":
        "the build does the same",
    "git bisect start BAD GOOD": "takes a repository with a fault",
    "scripts/build-uml": "builds for minutes",
    "scripts/bench 10000 --table docs/performance.svg":
        "builds and measures for minutes; bench/bench_test.sh does the same with less",
    "finack run suites --target uml": "takes a kernel that was built for it; end_to_end/uml_run_test.cpp does the same",
    "finack run suites/close/resources/kinds.yaml suites/close/resources/kinds-in-time.yaml --target uml --repeat 100 "
    "--resources":
        "takes a kernel that was built for it; end_to_end/resources_test.cpp does the same",
    "finack run suites --target uml:$(scripts/build-uml ~/linux)": "takes a kernel tree",
    "git -C ~/linux bisect start BAD GOOD": "takes a kernel tree with a fault",
}

TRIES = 5  # of what is inconclusive: the machine was busy


class Trial:
    def __init__(self, checkout, build, folder):
        self.checkout, self.folder = checkout, folder
        shutil.copytree(checkout / "suites", folder / "suites")
        (folder / "build").mkdir()
        for program in ("finack", "finack-agent"):
            if not (build / program).exists():
                raise document.DocumentError(f"{build / program} is not built")
            shutil.copy(build / program, folder / "build" / program)
        self.environment = {
            "PATH": f"{folder}/build:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def shell(self, text):
        """Status and lines, of standard output and error as they come on a terminal."""
        done = subprocess.run(["bash", "-c", text], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace").splitlines()

    def command(self, command):
        text = command.text.split("  #")[0].strip()
        if text in SLOW:
            if not os.access(self.checkout / text, os.X_OK):
                raise document.DocumentError(f"{command.line}: {text} is no program here")
            if SLOW[text] is None:
                return
            text = SLOW[text]
        for attempt in range(TRIES):
            status, lines = self.shell(text)
            wrong = output.difference(command.output, lines)
            if status == command.status and not wrong:
                return
            if not any("inconclusive" in line for line in lines):
                break
        if status != command.status:
            shown = "\n".join(lines)
            raise document.DocumentError(
                f"{command.line}: `{text}` ended with status {status}, not {command.status}:\n{shown}")
        raise document.DocumentError(f"{command.line}: `{text}` printed something else:\n{wrong}")

    def file(self, file):
        path = self.folder / file.name
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise document.DocumentError(f"{file.line}: {file.name} lies outside of the folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
        if file.promise == "not a scenario":
            return
        for attempt in range(TRIES):
            status, lines = self.shell(f"XDG_STATE_HOME=$PWD/.own finack run {file.name} --json .result.json")
            verdicts = self.verdicts() if status != 2 else {"broken"}
            if "inconclusive" not in verdicts:
                break
        wanted = {"pass": {"pass"}, "fails": {"fail"}, "broken": {"broken"}, "may be skipped": {"pass", "skipped"}}
        if not verdicts or not verdicts <= wanted[file.promise]:
            shown = "\n".join(lines)
            raise document.DocumentError(f"{file.line}: {file.name}, {file.promise}: it came to "
                                         f"{', '.join(sorted(verdicts)) or 'nothing'}:\n{shown}")

    def verdicts(self):
        path = self.folder / ".result.json"
        if not path.exists():
            return set()
        result = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return {scenario["verdict"] for scenario in result["scenarios"]}


def check_shell(block):
    first = block.text.splitlines()[0] if block.text else ""
    if first not in NOT_RUN:
        raise document.DocumentError(
            f"{block.line}: `{first}` is in no list of what is not run; make it a console block")


def try_document(checkout, build, path):
    """The errors, one text each."""
    errors = []
    try:
        items = document.read_document(path)
    except document.DocumentError as error:
        return [f"{path}:{error}"]
    with tempfile.TemporaryDirectory(prefix="finack-docs-") as folder:
        trial = Trial(checkout, build, Path(folder))
        for item in items:
            try:
                if isinstance(item, document.Command):
                    trial.command(item)
                elif isinstance(item, document.File):
                    trial.file(item)
                else:
                    check_shell(item)
            except (document.DocumentError, subprocess.TimeoutExpired) as error:
                errors.append(f"{path}:{error}")
    return errors


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    checkout, build, path = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    errors = try_document(checkout, build, path)
    print("\n\n".join(errors) if errors else f"{path} keeps what it promises")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
