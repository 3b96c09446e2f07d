// SPDX-License-Identifier: Apache-2.0
// The suites use all of the language: whatever a scenario can say is said somewhere, and runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "scenario/catalogue.h"
#include "scenario/load.h"

namespace finack {
namespace {

class Suites : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto profile = parse_profile(builtin_profile("linux").value(), "linux.yaml");
    ASSERT_TRUE(profile) << to_string(profile.error());
    auto scenarios = load_scenarios({FINACK_SOURCE_DIR "/suites"}, *profile);
    ASSERT_TRUE(scenarios) << to_string(scenarios.error());
    scenarios_ = std::move(*scenarios);
  }

  // What `look` returns for every step that an author wrote.
  template <class Look>
  static std::set<std::string> seen(Look look) {
    std::set<std::string> out;
    for (const Scenario& scenario : scenarios_) {
      for (const Step& step : scenario.steps) out.insert(look(step));
    }
    return out;
  }

  static inline std::vector<Scenario> scenarios_;
};

TEST_F(Suites, HoldEveryKindOfStep) {
  const auto kinds = seen([](const Step& step) { return std::to_string(step.body.index()); });
  EXPECT_EQ(kinds.size(), std::variant_size_v<decltype(Step::body)>);
  std::size_t used = 0;
  for (const Scenario& scenario : scenarios_) used += scenario.title.starts_with("What was sent before");
  EXPECT_EQ(used, 1u) << "the scenario with `use` and `with`";
}

TEST_F(Suites, HoldEveryWayIntoEveryState) {
  std::set<std::string> ways;
  for (const Scenario& scenario : scenarios_) ways.insert(to_string(scenario.given));
  std::size_t expected = 0;
  for (const std::string_view name : tcp_state_names) {
    for (const std::string by : {"", " by close", " by shutdown"}) {
      for (const std::string open : {", passive", ", active"}) {
        const auto given = parse_given(std::string(name) + by + open, {});
        if (!given) continue;
        ++expected;
        EXPECT_TRUE(ways.contains(to_string(*given))) << to_string(*given);
      }
    }
  }
  EXPECT_GE(expected, 30u);
}

TEST_F(Suites, HoldEveryCallAndOutcome) {
  std::set<std::string> calls, options, outcomes;
  for (const Scenario& scenario : scenarios_) {
    for (const auto& [name, value] : scenario.socket_options) options.insert(name);
    for (const Step& step : scenario.steps) {
      const auto* call = std::get_if<CallStep>(&step.body);
      if (!call) continue;
      calls.insert(call->word);
      if (call->word == "option") options.insert(call->fields.front().second);
      for (const CallOutcome& outcome : call->outcomes) outcomes.insert(to_string(outcome));
    }
  }
  for (const char* call : {"socket", "bind", "listen", "accept", "connect", "send", "receive", "shutdown",
                           "close", "abort", "dup", "die", "destroy", "option", "watch", "receive-urgent"})
    EXPECT_TRUE(calls.contains(call)) << call;
  for (const char* option :
       {"linger", "linger2", "user-timeout", "keepalive", "reuseaddr", "oobinline", "unread"})
    EXPECT_TRUE(options.contains(option)) << option;
  for (const char* outcome : {"success", "end", "ECONNRESET", "ETIMEDOUT", "EADDRINUSE", "ECONNABORTED"})
    EXPECT_TRUE(outcomes.contains(outcome)) << outcome;
}

TEST_F(Suites, RunOverEveryFamily) {
  std::set<std::string> families;
  for (const Scenario& scenario : scenarios_) {
    for (const Variety& variety : scenario.varieties) families.emplace(to_string(variety));
  }
  EXPECT_EQ(families, (std::set<std::string>{"ipv4", "ipv6", "ipv4-mapped"}));
}

}  // namespace
}  // namespace finack
