// SPDX-License-Identifier: Apache-2.0
// Plays mutants of the model against programs and says who noticed. Each program has a world of its own, so
// that the correct model and a mutant can be compared octet by octet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "judge/claims.h"
#include "judge/verdict.h"
#include "model/mutant.h"
#include "model/turn.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

struct Catch {
  std::string program;  // its id
  std::string what;     // the rule, or the step that failed
};

// One thing that an observer sees of the target, by a digest of it.
struct Sight {
  Time at;
  std::uint64_t digest;
  friend bool operator==(const Sight&, const Sight&) = default;
};

// What came of one mutant.
struct Notice {
  bool taken = false;                 // some program takes its edge on the correct model
  bool reached = false;               // an observer sees something else than of the correct model
  std::optional<Catch> by_scenario;   // the first where a step failed
  std::optional<Catch> by_watchers;   // the first where an invariant or the tracker spoke
  std::vector<std::string> programs;  // those in which it was reached, as far as they were played

  bool caught() const { return by_scenario || by_watchers; }
};

// When a failure with a mutant counts for a rule.
struct Suspicion {
  std::optional<TcpState> in = {};  // where the exchange shows the rule in that state, or anywhere
  // Where the rule's situation came about, the reaction to it did not, and nothing was wrong before.
  bool by_evidence = false;
};
using Suspects = std::map<std::string, Suspicion, std::less<>>;  // by rules
using Kills =
    std::map<std::string, std::string, std::less<>>;  // by rules: where one was noticed to be broken

enum class Layers : std::uint8_t {
  all,       // a step that fails counts
  watchers,  // only a finding that names a rule does
};

class Stage {
 public:
  // Plays all of them on the correct model. The profile must outlive the stage.
  Stage(std::vector<Program> programs, const Profile& profile, Layers layers);

  // Stops as soon as all layers that count have noticed; one that nobody notices is played against all
  // programs that take its edge.
  Notice notice(const model::Mutant& mutant) const;

  // For each of these rules the first program that fails with the mutant, of those that cover the rule and
  // show it on the correct model; none for rules that have none.
  Kills kills(const model::Mutant& mutant, Suspects suspects) const;

  // What the watchers found wrong with the correct model: nothing, or they are.
  const std::vector<std::string>& false_alarms() const { return false_alarms_; }
  std::size_t programs() const { return programs_.size(); }

 private:
  struct Seen {
    std::vector<Sight> sights = {};
    std::optional<Finding> finding = {};
    bool failed = false;  // or warned; not inconclusive
    std::vector<Claim> claims = {};
  };
  Seen play(const Program& program, const model::Mutant& mutant, model::EdgeHook hook = {}) const;

  // Of the programs those that may notice it.
  const std::vector<std::size_t>& places(const model::Mutant& mutant) const;

  std::vector<Program> programs_;
  const Profile& profile_;
  Layers layers_;
  std::vector<std::vector<Sight>> correct_;                              // what is seen in each program
  std::vector<std::vector<Claim>> shown_;                                // rules that each covers and shows
  std::map<std::string, std::vector<std::size_t>, std::less<>> takers_;  // programs by the edges they take
  std::vector<std::size_t> everything_;
  std::vector<std::string> false_alarms_;
};

// Those of all mutants, in their order, on all processors.
std::vector<Notice> notice_all(const Stage& stage, const std::vector<model::Mutant>& mutants);

}  // namespace finack
