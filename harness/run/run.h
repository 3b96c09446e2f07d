// SPDX-License-Identifier: Apache-2.0
// Plays many programs at once, on one thread, and tells what each came to.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "judge/event.h"
#include "scenario/profile.h"
#include "scenario/scenario.h"
#include "world/world.h"

namespace finack {

struct RunSettings {
  std::uint64_t seed = 0;
  std::size_t jobs = 0;         // open at once, as far as the world bears it; 0: as many as that
  std::size_t rounds = 1;       // so often is each program played
  std::size_t first_round = 1;  // the number of the first of them
  bool keep_frames = false;     // in the traces, for captures
  Time deadline = never;        // what has not finished by then is left out
};

// Programs that must be alone follow when all others have finished, and then those that were inconclusive
// once more, alone. Rounds follow each other without a gap. Emits RunStarted, an InstanceFinished for each
// program and round as it finishes, and RunFinished, and returns that summary. When the user interrupts, what
// has not finished is left out. A broken world is an error after the last event.
Result<Summary> run(const std::vector<Program>& programs, const Profile& profile, World& world,
                    const RunSettings& settings, Environment environment, const EventSink& emit);

}  // namespace finack
