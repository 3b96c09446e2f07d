// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/loaded.h"
#include "scenario/scenario.h"

namespace finack {
namespace {

using testing::ElementsAre;

std::vector<Program> programs_of(const std::string& head, const std::string& steps = "- wait: 1s\n") {
  return compile(must_load(with_steps(steps, head), "/x/suites/close/one.yaml").front());
}

TEST(Compile, MakesOneProgramForEachVariety) {
  const auto programs = programs_of("family: [ipv6, ipv4, ipv4-mapped]\ngiven: ESTABLISHED\n");
  ASSERT_EQ(programs.size(), 3u);
  EXPECT_EQ(programs[0].id, "close/one/ipv6");
  EXPECT_EQ(programs[0].family, Family::ipv6);
  EXPECT_FALSE(programs[0].mapped);
  EXPECT_EQ(programs[1].id, "close/one/ipv4");
  EXPECT_FALSE(programs[1].mapped);
  EXPECT_EQ(programs[2].id, "close/one/ipv4-mapped");
  EXPECT_EQ(programs[2].family, Family::ipv4);
  EXPECT_TRUE(programs[2].mapped);
}

TEST(Compile, PutsThePreambleFirst) {
  const Program program = programs_of("given: CLOSE-WAIT\n", "- wait: 1s\n- quiet: 1s\n")[0];
  ASSERT_GT(program.steps.size(), 10u);
  const std::size_t own = program.steps.size() - 2;
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    EXPECT_EQ(program.steps[i].preamble, i < own) << i;
    EXPECT_EQ(program.steps[i].place.line, i < own ? 2 : static_cast<int>(4 + i - own)) << i;
  }
  EXPECT_EQ(program.steps[0].place, (Place{"/x/suites/close/one.yaml", 2, 8})) << "that of `given`";
  EXPECT_EQ(to_string(program.steps[own]), "wait: 1 s");
}

TEST(Compile, LetsBranchesLeadWhereTheyDidBeforeThePreamble) {
  const Program program = programs_of("given: LISTEN\n",
                                      "- one-of:\n    - {reading: a, expect: ACK}\n"
                                      "    - {reading: b, expect: RST}\n- wait: 1s\n")[0];
  const std::size_t first = program.steps.size() - 4;
  EXPECT_EQ(std::get<OneOfStep>(program.steps[first].body).branches[1].first, 2u);
  EXPECT_EQ(program.steps[first + 1].then, 2u);
  EXPECT_EQ(to_string(program.steps[first + 3]), "wait: 1 s");
}

TEST(Compile, NeedsWhatItsCallsNeed) {
  const auto needs = [](const std::string& head, const std::string& steps) {
    return programs_of(head, steps)[0].needs;
  };
  EXPECT_THAT(needs("given: ESTABLISHED\n", "- wait: 1s\n"), ElementsAre("inet", "option-reuseaddr"));
  EXPECT_THAT(needs("family: ipv6\ngiven: ESTABLISHED\n", "- wait: 1s\n"),
              ElementsAre("inet6", "option-reuseaddr"));
  EXPECT_THAT(needs("family: ipv4-mapped\ngiven: ESTABLISHED\n", "- wait: 1s\n"),
              ElementsAre("inet6", "option-reuseaddr"));
  EXPECT_THAT(needs("needs: [ecn, dup]\ngiven: FIN-WAIT-2 by shutdown\nconfigure: {linger2: 5}\n",
                    "- target: dup copy\n- {target: send 5 urgent, on: copy}\n"),
              ElementsAre("dup", "ecn", "half-close", "inet", "option-linger2", "option-reuseaddr", "urgent"))
      << "sorted, each once, those of the preamble too";
}

TEST(Compile, NeedsWhatStandsInABranch) {
  EXPECT_THAT(programs_of("given: ESTABLISHED\n",
                          "- one-of:\n    - {reading: a, steps: [{expect: ACK}, {target: die}]}\n"
                          "    - {reading: b, expect: RST}\n")[0]
                  .needs,
              testing::Contains("die"));
}

TEST(Compile, TellsWhatIsOnlyRecommended) {
  const auto recommended = [](const std::string& covers) {
    return programs_of(covers + "given: ESTABLISHED\n")[0].recommended_only;
  };
  EXPECT_TRUE(recommended("covers: [SHLD-2]\n"));
  EXPECT_TRUE(recommended("covers: [SHLD-2, MAY-1]\n"));
  EXPECT_FALSE(recommended("covers: [SHLD-2, MUST-13]\n")) << "a MUST among them";
  EXPECT_FALSE(recommended("covers: T-059\n")) << "an edge has no level";
  EXPECT_FALSE(recommended("")) << "without a word on it, a failure is one";
}

TEST(Compile, HandsOnWhatTheScenarioSays) {
  const Program program = programs_of(
      "covers: CR-001\ntags: [a, b]\nconfigure: {net.ipv4.tcp_sack: 0}\npeer: {window: 5}\ngiven: LISTEN\n")
      [1];
  EXPECT_EQ(program.title, "test");
  EXPECT_THAT(program.covers, ElementsAre("CR-001"));
  EXPECT_THAT(program.tags, ElementsAre("a", "b"));
  EXPECT_THAT(program.sysctls, ElementsAre(testing::Pair("net.ipv4.tcp_sack", "0")));
  EXPECT_EQ(program.peer.window, 5);
}

}  // namespace
}  // namespace finack
