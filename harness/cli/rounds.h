// SPDX-License-Identifier: Apache-2.0
// Playing a list of programs several times, as one run.
#pragma once

#include <cstddef>
#include <cstdint>
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
  std::size_t most_together = SIZE_MAX;   // programs of as many rounds as make no more than that

  // As reports want it: 0 when nobody knows.
  std::size_t expected() const { return times ? *times : until_fail ? 0 : 1; }
};

// What plays the list `count` times, as the rounds from `first` on: run() of run/run.h with the rest bound.
using Play = std::function<Result<Summary>(std::size_t first, std::size_t count, const EventSink&)>;

// Emits one RunStarted, every InstanceFinished and one RunFinished with the sum of all rounds, which it also
// returns. `programs`: how many are in the list. An interruption, the deadline and an error end it.
Result<Summary> play_rounds(std::size_t programs, const Rounds& rounds, const Play& play,
                            const EventSink& emit);

}  // namespace finack
