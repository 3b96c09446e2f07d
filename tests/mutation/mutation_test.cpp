// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fmt/format.h>

#include "mutation/stage.h"
#include "mutation/stimuli.h"
#include "scenario/catalogue.h"
#include "scenario/load.h"

namespace finack {
TEST(Mutation, Try) {
  const Profile profile = parse_profile(builtin_profile("model").value(), "model.yaml").value();
  const auto scenarios = load_scenarios({FINACK_SOURCE_DIR "/suites"}, profile);
  ASSERT_TRUE(scenarios);
  std::vector<Program> programs, stimuli;
  for (const Scenario& scenario : *scenarios)
    for (Program& program : compile(scenario)) { stimuli.push_back(stimuli_of(program)); programs.push_back(std::move(program)); }
  for (int mode = 0; mode < 2; ++mode) {
    const auto t0 = std::chrono::steady_clock::now();
    Stage stage(mode ? stimuli : programs, profile, mode ? Layers::watchers : Layers::all);
    for (auto& f : stage.false_alarms()) fmt::print("FALSE {}\n", f);
    const auto t1 = std::chrono::steady_clock::now();
    auto all = notice_all(stage, model::model_mutants());
    const auto t2 = std::chrono::steady_clock::now();
    fmt::print("TIME {} {}\n", std::chrono::duration<double>(t1-t0).count(), std::chrono::duration<double>(t2-t1).count());
    int reached=0, s=0,w=0,c=0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto& n = all[i];
      reached += n.reached; s += !!n.by_scenario; w += !!n.by_watchers; c += n.caught();
      if (n.reached && !n.caught()) fmt::print("SURV{} {} | {} | {}\n", mode, model::model_mutants()[i].name, n.programs.size(), n.programs[0]);
      if (n.reached && n.caught() && !n.by_watchers) fmt::print("NOWATCH{} {} | {}: {}\n", mode, model::model_mutants()[i].name, n.by_scenario->program, n.by_scenario->what);
      if (!n.reached) fmt::print("UNREACHED{} {}\n", mode, model::model_mutants()[i].name);
    }
    fmt::print("MODE {} reached {} scen {} watch {} caught {}\n", mode, reached, s, w, c);
  }
}
}
