// SPDX-License-Identifier: Apache-2.0
// A correct TCP passes every scenario there is, and skips none: the model does, so a failure here is the
// fault of a scenario, of the judge or of the model.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "run/run.h"
#include "run/suites.h"
#include "scenario/catalogue.h"
#include "world/model_world.h"

namespace finack {
namespace {

class ModelSuites : public testing::Test {
 protected:
  Summary play_suites(ModelWorld& world, std::uint64_t seed, Matrix matrix = Matrix::out,
                      Bulk bulk = Bulk::out) {
    programs = programs_of_suites(profile, matrix, bulk);
    return play(world, seed);
  }

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
  std::vector<Program> programs;
  std::map<std::string, std::pair<Verdict, std::string>> verdicts;
};

TEST_F(ModelSuites, PassOnTheModel) {
  for (const std::uint64_t seed : {1u, 2u}) {
    ModelWorld world;
    const Summary summary = play_suites(world, seed, seed == 1 ? Matrix::in : Matrix::out);
    EXPECT_EQ(summary.total, programs.size());
    EXPECT_EQ(summary.untracked, 0u) << "the tracker has more possibilities than it keeps";
    for (const auto& [id, verdict] : verdicts) {
      EXPECT_EQ(verdict.first, Verdict::pass)
          << id << ": " << to_string(verdict.first) << ": " << verdict.second << ", seed " << seed;
    }
    EXPECT_EQ(world.records(), 0u);
  }
}

TEST_F(ModelSuites, CarryLongStreams) {
  ModelWorld world;
  const Summary summary = play_suites(world, 1, Matrix::out, Bulk::alone);
  EXPECT_GT(summary.total, 0u);
  EXPECT_EQ(summary.count(Verdict::pass), summary.total);
  EXPECT_EQ(summary.untracked, 0u);
}

// What it takes of the state machine to play them, as a lower bound that may only grow.
TEST_F(ModelSuites, TakeManyEdges) {
  std::set<std::string_view> taken;
  ModelWorld world({},
                   [&](const EndpointPair&, const model::Outcome& outcome) { taken.insert(outcome.edge); });
  play_suites(world, 1);
  EXPECT_GE(taken.size(), 55u);
}

TEST_F(ModelSuites, FailOnWhatIsWrong) {
  programs = programs_of_suites(profile, Matrix::out);
  std::size_t number = 0;
  std::erase_if(programs, [&](const Program&) { return number++ % 7 != 0; });
  for (const char* name : {"closing-skipped", "no-challenge", "T-022-suppressed", "T-023-silent",
                           "no-reset-on-unread", "fin-not-counted"}) {
    ModelWorld world(*model::find_mutant(name));
    const Summary summary = play(world, 1);
    EXPECT_GT(summary.count(Verdict::fail) + summary.count(Verdict::warn), 0u) << name;
  }
}

}  // namespace
}  // namespace finack
