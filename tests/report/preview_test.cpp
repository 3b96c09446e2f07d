// SPDX-License-Identifier: Apache-2.0
#include "report/preview.h"

#include <gtest/gtest.h>

#include "scenario/load.h"

namespace finack {
namespace {

std::vector<Program> programs(const std::string& steps, const std::string& head = "") {
  const auto scenarios = load_scenario("scenario: A title\n" + head + "given: ESTABLISHED\nsteps:\n" + steps,
                                       "suites/close/sample.yaml", Profile{});
  EXPECT_TRUE(scenarios) << to_string(scenarios.error());
  return compile(scenarios->at(0));
}

// Without the lines of the preamble, which are another test's.
std::string own_steps(const std::string& steps) {
  std::string out;
  const std::string all = preview_steps(programs(steps)[0]);
  for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1) {
    const std::string line = all.substr(at, all.find('\n', at) + 1 - at);
    if (!line.starts_with("    |")) out += line;
  }
  return out;
}

TEST(Preview, DrawsEveryKindOfStep) {
  EXPECT_EQ(own_steps("- target: shutdown\n"
                      "- expect: FIN+ACK\n  within: 500ms\n"
                      "- send: ACK ack=next-1\n"
                      "- quiet: 250ms\n"
                      "- state: CLOSING\n  within: 1s\n"
                      "- target: receive 500\n  result: end\n"
                      "- target: send 10\n  result: EPIPE\n"
                      "- wait: 10ms\n"
                      "- stream: send 9, expect 10 FIN\n"),
            R"(    1                                               [shutdown send]
    2  <------------------------------------------- FIN+ACK, within 500 ms
    3  ACK ack=next-1 ---------------------------->
    4  (quiet: 250 ms)
    5                                               [state: CLOSING, within 1 s]
    6                                               [receive 500, result end]
    7                                               [send 10, result EPIPE]
    8  (wait: 10 ms)
    9  <== send 9, expect 10 FIN ==>
)");
}

TEST(Preview, DrawsTheBranchesOfAOneOf) {
  EXPECT_EQ(own_steps("- send: RST\n"
                      "- one-of:\n"
                      "    - reading: it ends\n      state: CLOSED\n"
                      "    - reading: it goes on\n      steps: [{expect: ACK}, {state: ESTABLISHED}]\n"
                      "- wait: 10ms\n"),
            R"(    1  RST --------------------------------------->
    2  one of
       -- it ends
    3                                               [state: CLOSED]
       -- it goes on
    4  <------------------------------------------- ACK
    5                                               [state: ESTABLISHED]
       -- either way
    6  (wait: 10 ms)
)");
}

TEST(Preview, MarksTheWayToGiven) {
  const std::string text = preview_steps(programs("- quiet: 1s\n")[0]);
  EXPECT_NE(text.find("    |  SYN --------------------------------------->\n"), std::string::npos) << text;
  EXPECT_NE(
      text.find(
          "    |                                               [state: ESTABLISHED]\n    1  (quiet: 1 s)\n"),
      std::string::npos)
      << text;
}

TEST(Preview, ShowsInstancesThatPlayAlikeOnce) {
  auto both = programs("- quiet: 1s\n", "covers: [CR-001, CR-002]\ntags: [slow]\n");
  // The two open sockets of different families, which is not written out.
  const std::string text = preview(both);
  EXPECT_TRUE(
      text.starts_with("close/sample/ipv4\nclose/sample/ipv6\n  A title\n  suites/close/sample.yaml\n"
                       "  covers CR-001, CR-002\n  tags slow\n\n       we "))
      << text;
  EXPECT_TRUE(
      text.ends_with("    1  (quiet: 1 s)\n       ... and nothing else may come\n\n"
                     "    |  on the way to `given`\n"))
      << text;
  both[1].steps.push_back({WaitStep{1s}});
  EXPECT_NE(preview(both).find("\n\nclose/sample/ipv6\n"), std::string::npos)
      << "those that differ each alone";
}

}  // namespace
}  // namespace finack
