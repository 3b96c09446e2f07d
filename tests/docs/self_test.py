#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests what tries the documents: a document that does not keep its promises must not get through."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import document
import docs_test
import output

# Stands in for finack: plays nothing, comes to what the file says in `verdict:`.
FAKE = """#!/bin/sh
verdict=$(sed -n 's/^verdict: //p' "$2")
case $verdict in
  broken) echo broken; exit 2 ;;
esac
echo "{\\"scenarios\\": [{\\"verdict\\": \\"$verdict\\"}]}" > "$4"
"""


def fence(language, *lines):
    return "\n".join([f"```{language}", *lines, "```", ""])


class Documents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "suites").mkdir()
        (self.folder / "scripts").mkdir()
        for program in ("finack", "finack-agent"):
            (self.folder / program).write_text(FAKE)
            os.chmod(self.folder / program, 0o755)

    def errors(self, *blocks):
        path = self.folder / "page.md"
        path.write_text("# A page\n\n" + "\n".join(blocks))
        return docs_test.try_document(self.folder, self.folder, path)

    def refused(self, part, *blocks):
        errors = self.errors(*blocks)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn(part, errors[0])

    def test_commands_print_what_is_shown(self):
        self.assertEqual(self.errors(fence("console", "$ printf 'a\\nb\\n'", "a", "b", "$ echo c", "c")), [])
        self.refused("page.md:4: `echo a` printed something else", fence("console", "$ echo a", "b"))
        self.refused("printed something else", fence("console", "$ echo a"))
        self.refused("printed something else", fence("console", "$ true", "a"))

    def test_commands_end_as_is_shown(self):
        self.assertEqual(self.errors(fence("console", "$ false  # exit 1")), [])
        self.refused("ended with status 1, not 0", fence("console", "$ false", "..."))
        self.refused("ended with status 0, not 1", fence("console", "$ true  # exit 1"))

    def test_every_command_is_run(self):
        self.refused("nothing-like-this", fence("console", "$ true", "$ nothing-like-this", "..."))
        self.assertEqual(len(self.errors(fence("console", "$ false", "$ false"))), 2)

    def test_no_command_hides(self):
        for language in ("", "bash", "shell", "yml", "console-session", "text title"):
            self.refused("only console, yaml, text, json, c++, sh are known", fence(language, "$ false"))
        self.refused("in no list", fence("sh", "make"))
        self.refused("an indented block", "    finack run\n")
        self.refused("an indented block", "- a list\n\n    finack run\n")
        self.refused("begins with a command", fence("console", "finack run"))
        self.refused("the block does not end", "```text\n$ false\n")
        self.refused("at the margin", "  " + fence("console", "$ false"))
        self.refused("at the margin", "~~~console\n$ false\n~~~\n")

    def test_slow_commands_are_there(self):
        block = fence("console", "$ scripts/test")
        self.refused("scripts/test is no program here", block)
        (self.folder / "scripts/test").write_text("#!/bin/sh\nexit 1\n")
        os.chmod(self.folder / "scripts/test", 0o755)
        self.assertEqual(self.errors(block), [])

    def test_scenarios_come_to_what_is_promised(self):
        def scenario(verdict, promise=""):
            return fence("yaml", f"# docs: a.yaml{promise}", f"verdict: {verdict}")

        for promise, verdicts in (("", ("pass",)), (", fails", ("fail",)), (", broken", ("broken",)),
                                  (", may be skipped", ("pass", "skipped")),
                                  (", not a scenario", ("pass", "fail", "broken", "skipped"))):
            for verdict in ("pass", "fail", "broken", "skipped", "inconclusive"):
                if verdict in verdicts:
                    self.assertEqual(self.errors(scenario(verdict, promise)), [])
                elif promise != ", not a scenario":
                    self.refused(f"it came to {verdict}", scenario(verdict, promise))
        self.refused("`might pass` says nothing", scenario("pass", ", might pass"))
        self.refused("the file it is", fence("yaml", "verdict: pass"))
        self.refused("lies outside", fence("yaml", "# docs: ../a.yaml", "verdict: pass"))

    def test_files_are_there_for_commands(self):
        block = fence("yaml", "# docs: suites/a.yaml", "verdict: pass")
        self.assertEqual(self.errors(block, fence("console", "$ sed -n 2p suites/a.yaml", "verdict: pass")), [])


class Outputs(unittest.TestCase):
    def same(self, shown, got):
        self.assertEqual(output.difference(shown.split("\n"), got.split("\n")), "")

    def differ(self, shown, got):
        self.assertNotEqual(output.difference(shown.split("\n"), got.split("\n")), "")

    def test_what_varies_is_no_difference(self):
        self.same("2 instances on Linux 6.1.0 x86_64, profile linux, seed 1", "2 instances on Linux 7.2 arm64, profile linux, seed 23")
        self.same("pass         close/a/ipv4          302 ms", "pass         close/a/ipv4      1.3 s")
        self.same("2 pass in 302 ms", "2 pass in 1.2 s")
        self.same("     0.000100  <---- FIN+ACK seq=1 win=64240", "     1.200000  <---- FIN+ACK seq=1 win=64000")
        self.same("     0.1000000 [state FIN-WAIT-1, timer retransmit 204 ms]", "     0.1000000 [state FIN-WAIT-1, timer retransmit 1.2 s]")

    def test_what_does_not_is_one(self):
        self.differ("pass         close/a/ipv4          302 ms", "fail         close/a/ipv4          302 ms")
        self.differ("2 pass in 302 ms", "1 pass in 302 ms")
        self.differ("    got     nothing within 1 s", "    got     nothing within 2 s")
        self.differ("     0.000100  <---- FIN+ACK seq=1 win=1", "     0.000100  <---- FIN+ACK seq=2 win=1")
        self.differ("     0.000100  ----> ACK", "     0.000100  <---- ACK")

    def test_verdicts_come_in_any_order(self):
        one, other = "pass         a/ipv4  1 ms", "pass         a/ipv6  2 ms"
        self.same(f"{one}\n{other}", f"{other}\n{one}")
        self.differ(f"{one}\n{other}", f"{one}\n{one}")

    def test_a_call_may_return_before_its_segment_comes(self):
        call, fin, done = "     0.000001      [close]", "     0.000002  <--- FIN+ACK seq=1", "     0.000003      [close: done]"
        self.same("\n".join((call, fin, done)), "\n".join((call, done, fin)))
        self.differ("\n".join((call, fin, done)), "\n".join((done, call, fin)))

    def test_dots_are_anything(self):
        self.same("a\n...\nd", "a\nb\nc\nd")
        self.same("...", "")
        self.same("a ... d", "a b c d")
        self.same("...\nb\n...\nd", "a\nb\nc\nb\nd")
        self.differ("a\n...\nd", "a\nb\nc")
        self.differ("...\nb", "a")
        self.differ("a ... d", "a b c")


if __name__ == "__main__":
    unittest.main()
