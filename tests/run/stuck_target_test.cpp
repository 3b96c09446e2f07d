// SPDX-License-Identifier: Apache-2.0
// A check that cannot fail checks nothing: on a target that gets stuck once `given` is reached, every
// scenario fails but those of stuck_passes.txt, each with the reason why it may pass.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "run/run.h"
#include "run/stuck_world.h"
#include "run/suites.h"
#include "scenario/catalogue.h"
#include "scenario/selection.h"

namespace finack {
namespace {

const std::string list_file = FINACK_SOURCE_DIR "/tests/run/stuck_passes.txt";

struct Excuse {
  std::string target, glob, reason;
};

std::string trimmed(std::string text) {
  const auto begin = text.find_first_not_of(' '), end = text.find_last_not_of(' ');
  return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

std::vector<Excuse> read_excuses() {
  std::vector<Excuse> out;
  std::ifstream file(list_file);
  EXPECT_TRUE(file) << list_file;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    const auto first = line.find('|'), second = line.find('|', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      ADD_FAILURE() << "no `targets | glob | reason`: " << line;
      continue;
    }
    out.push_back({trimmed(line.substr(0, first)), trimmed(line.substr(first + 1, second - first - 1)),
                   trimmed(line.substr(second + 1))});
    EXPECT_FALSE(out.back().reason.empty()) << line;
  }
  return out;
}

class StuckTarget : public testing::Test {
 protected:
  void SetUp() override { programs = programs_of_suites(profile_, Matrix::in); }

  void expect_failures(Face face, const std::string& target) {
    std::vector<Excuse> excuses = read_excuses();
    std::erase_if(excuses, [&](const Excuse& each) {
      return (" " + each.target + " ").find(" " + target + " ") == std::string::npos;
    });
    std::set<std::string> needed;
    for (const Program& program : programs) {
      const InstanceFinished done = play(program, face);
      const bool passes = done.verdict == Verdict::pass;
      const bool fails = done.verdict == Verdict::fail || done.verdict == Verdict::warn;
      EXPECT_TRUE(passes || fails) << program.id << ": " << to_string(done.verdict) << ": " << done.reason;
      EXPECT_FALSE(fails && fails_too_early(program, done)) << program.id << ": " << done.reason;
      bool excused = false;
      for (const Excuse& excuse : excuses) {
        if (!names_instance(excuse.glob, program.id)) continue;
        excused = true;
        needed.insert(excuse.glob);
        EXPECT_TRUE(passes) << program.id << " is excused (" << excuse.glob
                            << "), but does not pass: " << done.reason;
      }
      EXPECT_TRUE(excused || !passes) << program.id << " passes";
    }
    for (const Excuse& excuse : excuses)
      EXPECT_TRUE(needed.contains(excuse.glob)) << excuse.glob << " names no instance";
  }

  std::vector<Program> programs;

  InstanceFinished play(const Program& program, Face face) {
    StuckWorld world(program, face);
    RunSettings settings;
    settings.seed = 1;
    InstanceFinished out;
    const auto summary = run({program}, profile_, world, settings, {}, [&](const Event& event) {
      if (const auto* done = std::get_if<InstanceFinished>(&event)) {
        out.verdict = done->verdict;
        out.reason = done->reason;
        out.finding = done->finding;
      }
    });
    EXPECT_TRUE(summary) << to_string(summary.error());
    return out;
  }

 private:
  // Until `given` the target is correct.
  static bool fails_too_early(const Program& program, const InstanceFinished& done) {
    const std::size_t step = done.finding ? done.finding->step : 0;
    return step < program.steps.size() && program.steps[step].preamble;
  }

  Profile profile_ = parse_profile(builtin_profile("model").value(), "model.yaml").value();
};

// Else all four might be the same one.
TEST_F(StuckTarget, ShowsTheFaceItIsToldTo) {
  const auto got = [&](Face face) {
    for (const Program& program : programs) {
      if (program.id != "close/passive-close/ipv4") continue;
      const InstanceFinished done = play(program, face);
      return done.finding.value_or(Finding{}).got;
    }
    return std::string("no such program");
  };
  EXPECT_EQ(got(Face::mute), "nothing within 500 ms");
  EXPECT_EQ(got(Face::resets), "RST seq=1 win=0");
  EXPECT_EQ(got(Face::acknowledges), "ESTABLISHED as the state that the system tells");
  EXPECT_EQ(got(Face::replays), "SYN+ACK seq=0 ack=1 win=65535 <mss 1460>");
}

TEST_F(StuckTarget, Mute) {
  expect_failures(Face::mute, "mute");
}

TEST_F(StuckTarget, Resets) {
  expect_failures(Face::resets, "resets");
}

TEST_F(StuckTarget, Acknowledges) {
  expect_failures(Face::acknowledges, "acknowledges");
}

TEST_F(StuckTarget, Replays) {
  expect_failures(Face::replays, "replays");
}

}  // namespace
}  // namespace finack
