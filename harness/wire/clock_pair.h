// SPDX-License-Identifier: Apache-2.0
// From the kernel's time stamps (CLOCK_REALTIME) to the world's clock (CLOCK_MONOTONIC).
#pragma once

#include <cstdint>

#include "base/time.h"

namespace finack {

// Both clocks at one moment; the realtime clock was read between the two others. All in nanoseconds.
struct ClockReading {
  std::int64_t monotonic_before = 0;
  std::int64_t realtime = 0;
  std::int64_t monotonic_after = 0;

  // Takes the first narrow one of a few, or the narrowest: a process that loses the processor gets a wide
  // one.
  static ClockReading now();
};

// Knows how far the clocks are apart. Stamps convert well when they are near the latest sample: take one at
// least every second or so.
class ClockPair {
 public:
  ClockPair() : ClockPair(ClockReading::now()) {}
  explicit ClockPair(const ClockReading& first);

  // Learns the distance anew. True when the realtime clock was set since the last sample: it moved against
  // the other by more than slewing explains, 5 ms and 0.1 % of the time between. Stamps from between the two
  // samples are then worth nothing.
  bool sample() { return update(ClockReading::now()); }
  bool update(const ClockReading& reading);

  // A stamp in the world's clock.
  Time to_time(std::int64_t realtime_ns) const { return Time(Duration(realtime_ns + offset_)); }

 private:
  std::int64_t offset_;       // monotonic - realtime
  std::int64_t uncertainty_;  // how far off that may be
  std::int64_t taken_;        // monotonic
};

}  // namespace finack
