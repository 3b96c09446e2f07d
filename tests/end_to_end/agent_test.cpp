// SPDX-License-Identifier: Apache-2.0
// An agent that dies or talks nonsense: finack ends soon, says why, and does not blame the target.
#include <gmock/gmock.h>

#include "end_to_end/leftovers.h"
#include "end_to_end/report.h"

namespace finack {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct BadAgent {
  std::string name;
  std::string script;
  int exit_status;
  std::string message;  // a part of what is said, on standard error or in the report
};

std::ostream& operator<<(std::ostream& stream, const BadAgent& agent) {
  return stream << agent.name;
}

const std::string hello =
    "echo '0 hello protocol=1 capabilities=half-close,linger0,inet,inet6,option-reuseaddr'\n";

const BadAgent bad_agents[] = {
    {"EndsAtOnce", "exit 7\n", 3, "the agent ended (exit status 7)"},
    {"SaysNoHello", "exec sleep 60\n", 3, "the agent sent no hello within 5 s"},
    {"IsOfAnotherRelease", "echo '0 hello protocol=99'\nexec sleep 60\n", 3,
     "the agent speaks protocol version 99, this finack speaks 1"},
    {"IsNoAgent", "echo 'Hello, world'\nexec sleep 60\n", 3,
     "the agent sent \"Hello, world\", which is not a line of the protocol"},
    {"SaysOctetsAtRandom", "head -c 100000 /dev/urandom | tr '\\n' x\nexec sleep 60\n", 3, "the agent sent "},
    {"SaysNonsenseAfterItsHello", hello + "read line\necho 'done it!'\nexec sleep 60\n", 3,
     "the agent sent \"done it!\", which is not a line of the protocol"},
    {"IsKilledInTheMiddle", hello + "read line\nkill -9 $$\n", 3, "the agent ended (killed by signal 9)"},
    {"EndsInTheMiddle", hello + "read line\nexit 0\n", 3, "the agent ended (exit status 0)"},
    {"RefusesAllCalls", hello + "while read id call; do echo \"$id refused why=holiday\"; done\n", 4,
     "holiday"},
    {"AnswersWhatWasNotAsked", hello + "while read id call; do echo \"$id done handle=1\"; done\n", 4,
     "error  "},
};

class BadAgents : public LeavesNothing, public testing::WithParamInterface<BadAgent> {
 protected:
  Stage stage_;
};

TEST_P(BadAgents, AreTheAgentsFault) {
  stage_.replace_agent(GetParam().script);
  const Outcome outcome = stage_.finack(run_without_matrix(close_suite()), 15s);
  ASSERT_FALSE(outcome.timed_out) << outcome;
  EXPECT_EQ(outcome.exit_status, GetParam().exit_status) << outcome;
  EXPECT_THAT(outcome.err + outcome.out, HasSubstr(GetParam().message));
  for (const auto& [id, block] : blocks_of(outcome.out)) {
    EXPECT_THAT(block, testing::Not(testing::StartsWith("fail"))) << id;
    EXPECT_THAT(block, testing::Not(testing::StartsWith("pass"))) << id;
  }
  if (outcome.exit_status == 3) {
    EXPECT_THAT(outcome.err, testing::StartsWith("finack: the agent "));
  }
}

INSTANTIATE_TEST_SUITE_P(Scripts, BadAgents, testing::ValuesIn(bad_agents),
                         [](const auto& test) { return test.param.name; });

class AgentTrouble : public LeavesNothing {
 protected:
  Stage stage_;
};

TEST_F(AgentTrouble, AMissingAgentIsNamed) {
  std::filesystem::remove(stage_.path("finack-agent"));
  const Outcome outcome = stage_.finack({"run", close_suite()});
  EXPECT_EQ(outcome.exit_status, 3) << outcome;
  EXPECT_THAT(outcome.err, HasSubstr("cannot start the agent " + stage_.path("finack-agent").string()));
  EXPECT_EQ(outcome.out, "");
}

// By 0.45 s the quick scenario has passed, and the slow one goes on.
class DyingAgent : public AgentTrouble {
 protected:
  Json run(const std::string& first_steps) const {
    stage_.replace_agent("(sleep 0.45; kill -9 $$) </dev/null >/dev/null 2>&1 &\nexec \"$AGENT\"\n");
    stage_.write("suites/mine/slow.yaml", "scenario: Slow\ncovers: [CR-001]\ngiven: ESTABLISHED\nsteps:\n" +
                                              first_steps + "  - quiet: 30s\n");
    const Outcome outcome = stage_.finack({"run", close_suite("active-close.yaml"), stage_.path("suites"),
                                           "--json", stage_.path("report.json")});
    EXPECT_EQ(outcome.exit_status, 3) << outcome;
    EXPECT_THAT(outcome.err, HasSubstr("the agent ended (killed by signal 9)"));
    return Json::parse(read_file(stage_.path("report.json")));
  }
};

TEST_F(DyingAgent, DoesNotCostWhatHadFinished) {
  // No connection that its death could close.
  const Json report = run("  - send: RST\n  - state: CLOSED\n");
  EXPECT_EQ(entry_of(report, "close/active-close/ipv4").at("verdict"), "pass");
  EXPECT_EQ(entry_of(report, "close/active-close/ipv6").at("verdict"), "pass");
  EXPECT_EQ(report.at("summary").at("total"), 4);
}

// The system closes the connections of the dead: that FIN is not the target's fault.
TEST_F(DyingAgent, MakesNothingFail) {
  for (int i = 0; i < 10 && !HasFailure(); ++i) EXPECT_EQ(run("").at("summary").at("fail"), 0);
}

// A call that the agent never answers says nothing about the target.
TEST_F(AgentTrouble, ASilentAgentIsNotTheTargetsFault) {
  stage_.replace_agent(hello + "exec cat >/dev/null\n");
  const Outcome outcome = stage_.finack({"run", close_suite("active-close.yaml")});
  EXPECT_THAT(outcome.exit_status, testing::AnyOf(3, 4)) << outcome;
}

}  // namespace
}  // namespace finack
