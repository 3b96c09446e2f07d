// SPDX-License-Identifier: Apache-2.0
// Playing a list of programs several times, as one run.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "judge/event.h"

namespace finack {

struct Rounds {
  std::optional<std::size_t> times = {};  // unset: once, or without end when `until_fail`
  bool until_fail = false;                // no further round when something is no good
  bool strict = false;                    // a warning is no good either
  std::size_t at_once = 256;  // rounds of a short list are played together, up to so many programs

  // As reports want it: 0 when nobody knows.
  std::size_t expected() const { return times ? *times : until_fail ? 0 : 1; }
};

// What plays one list: run() of run/run.h with the rest bound.
using Play = std::function<Result<Summary>(const std::vector<Program>&, const EventSink&)>;

// Emits one RunStarted, every InstanceFinished and one RunFinished with the sum of all rounds, which it also
// returns. From the second round on programs have the number of their round in their ids. An interruption,
// the deadline and an error end it.
Result<Summary> play_rounds(const std::vector<Program>& programs, const Rounds& rounds, const Play& play,
                            const EventSink& emit);

}  // namespace finack
