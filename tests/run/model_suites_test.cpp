// SPDX-License-Identifier: Apache-2.0
// A correct TCP passes every scenario there is: the model does, so a failure here is the fault of a scenario,
// of the judge or of the model.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "run/run.h"
#include "scenario/catalogue.h"
#include "scenario/load.h"
#include "world/model_world.h"

namespace finack {
namespace {

// Those that the model cannot play, with the reason. The shorter the better.
const std::set<std::string> not_played = {};

std::vector<Program> all_programs(const Profile& profile) {
  const auto scenarios = load_scenarios({FINACK_SOURCE_DIR "/suites"}, profile);
  EXPECT_TRUE(scenarios) << to_string(scenarios.error());
  std::vector<Program> out;
  for (const Scenario& scenario : *scenarios) {
    for (Program& program : compile(scenario)) out.push_back(std::move(program));
  }
  // The model is the same over both families, and the cells of the matrix are many.
  std::erase_if(out, [](const Program& program) {
    return program.id.starts_with("close/matrix/") && program.id.ends_with("/ipv6");
  });
  return out;
}

class ModelSuites : public testing::Test {
 protected:
  Summary play(ModelWorld& world, std::uint64_t seed) {
    RunSettings settings;
    settings.seed = seed;
    const auto summary = run(programs, profile, world, settings, {}, [&](const Event& event) {
      const auto* done = std::get_if<InstanceFinished>(&event);
      if (done) verdicts[done->program->id] = {done->verdict, done->reason};
    });
    EXPECT_TRUE(summary) << to_string(summary.error());
    return summary.value_or(Summary{});
  }

  Profile profile = parse_profile(builtin_profile("model").value(), "model.yaml").value();
  std::vector<Program> programs = all_programs(profile);
  std::map<std::string, std::pair<Verdict, std::string>> verdicts;
};

TEST_F(ModelSuites, PassOnTheModel) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    ModelWorld world;
    const Summary summary = play(world, seed);
    EXPECT_EQ(summary.total, programs.size());
    // The cells of the matrix do not differ by their numbers.
    std::erase_if(programs, [](const Program& program) { return program.id.starts_with("close/matrix/"); });
    for (const auto& [id, verdict] : verdicts) {
      const bool expected =
          verdict.first == Verdict::pass || (verdict.first == Verdict::skipped && not_played.contains(id));
      EXPECT_TRUE(expected) << id << ": " << to_string(verdict.first) << ": " << verdict.second << ", seed "
                            << seed;
    }
    EXPECT_EQ(world.records(), 0u);
  }
}

// What it takes of the state machine to play them, as a lower bound that may only grow.
TEST_F(ModelSuites, TakeManyEdges) {
  std::set<std::string_view> taken;
  ModelWorld world({},
                   [&](const EndpointPair&, const model::Outcome& outcome) { taken.insert(outcome.edge); });
  play(world, 1);
  EXPECT_GE(taken.size(), 55u);
}

TEST_F(ModelSuites, FailOnWhatIsWrong) {
  for (const char* name : {"closing-skipped", "no-challenge", "T-022-suppressed", "T-023-silent",
                           "no-reset-on-unread", "fin-not-counted"}) {
    ModelWorld world(*model::find_mutant(name));
    const Summary summary = play(world, 1);
    EXPECT_GT(summary.count(Verdict::fail) + summary.count(Verdict::warn), 0u) << name;
  }
}

}  // namespace
}  // namespace finack
