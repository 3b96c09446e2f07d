// SPDX-License-Identifier: Apache-2.0
// The one stream of events that a run emits, and that every report is made from.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "judge/claims.h"
#include "judge/observation.h"
#include "judge/resources.h"
#include "judge/timing.h"
#include "judge/verdict.h"
#include "packet/notation.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"

namespace finack {

// Where and with what a run took place.
struct Environment {
  std::string world;                                // "kernel"
  std::string kernel;                               // "Linux 6.1.0 x86_64"
  std::string release = {};                         // of the target's stack: "6.1.0"
  std::map<std::string, std::string> sysctls = {};  // those of the target that bear on TCP
  std::uint64_t seed = 0;
  std::string profile = {};
  std::map<std::string, std::string> versions = {};  // of finack, the language, the protocols
  std::size_t left_out = 0;  // instances, because they are slow and --slow was not given
  std::size_t at_once = 0;   // so many instances may be open together
};

struct Summary {
  std::array<std::size_t, verdict_names.size()> counts{};  // by Verdict
  std::size_t total = 0;                                   // instances that were to run
  bool interrupted = false;                                // by the user, before all had finished
  std::vector<Deviation> vanished = {};                    // declared, and not seen though their scenario ran
  // Edges that are a choice of the target's (all but those of standing base), and in how many instances each
  // was seen.
  std::map<std::uint8_t, std::size_t> choices = {};
  std::size_t untracked = 0;  // instances with more possibilities than the tracker keeps
  bool out_of_time = false;   // the deadline came before all had finished
  std::size_t repeated = 0;   // instances that were inconclusive among others and were played again alone
  Timing timing = {};
  Duration duration{};
  Resources resources = {};

  std::size_t count(Verdict verdict) const { return counts[static_cast<std::size_t>(verdict)]; }
};

struct RunStarted {
  Environment environment;
  std::size_t total;
};

// One program has run. `program` is valid during the event only.
struct InstanceFinished {
  const Program* program;
  EndpointPair pair;
  Verdict verdict;
  std::string reason = {};
  std::optional<Finding> finding = {};
  std::optional<Deviation> deviation = {};  // that declares the failure: the verdict is known
  std::vector<std::string> readings = {};   // of each one-of: what the target was seen to follow
  std::vector<std::uint8_t> edges =
      {};                          // that the target has taken for sure, by their places in catalogue_edges()
  bool tracked = true;             // by the reference tracker, to the end
  std::vector<Claim> claims = {};  // of the author, and whether the exchange showed them
  bool again = false;              // played alone after it had been inconclusive among others
  Time started = {};
  Duration duration{};
  std::int64_t realtime_offset_ns = 0;  // what to add to a Time to get nanoseconds since 1970
  Trace trace = {};
  NumberBase base = {};        // of the first connection; sender: ours
  std::size_t round = 1;       // of a program that is played several times
  std::size_t taken_away = 0;  // connection and listener that were still there, and were destroyed
};

// Of the program, with the number of the round: "close/active-close/ipv4#2".
std::string id_of(const InstanceFinished& event);

struct RunFinished {
  Summary summary;
};

using Event = std::variant<RunStarted, InstanceFinished, RunFinished>;
using EventSink = std::function<void(const Event&)>;

// 0: something passed, and nothing failed or was inconclusive or in error; 1: a failure, or a target that
// holds more than it did before; 4: no failure, but
// something inconclusive, in error or not finished in time, or nothing passed; 130: interrupted before a
// failure was seen. `strict` takes a warning for a failure.
int exit_status(const Summary& summary, bool strict = false);

}  // namespace finack
