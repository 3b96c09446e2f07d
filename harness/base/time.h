// SPDX-License-Identifier: Apache-2.0
// Time in the world's clock, which need not be a clock of this machine.
#pragma once

#include <chrono>

namespace finack {

using namespace std::chrono_literals;

using Duration = std::chrono::nanoseconds;

// The clock of a world (world/world.h). It has no now(): only a world knows what time it is there.
struct WorldClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<WorldClock>;
  static constexpr bool is_steady = true;
};

// A moment in the world's clock; its zero has no meaning.
using Time = WorldClock::time_point;

inline constexpr Time never = Time::max();

}  // namespace finack
