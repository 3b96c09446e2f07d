// SPDX-License-Identifier: Apache-2.0
#include "wire/clock_pair.h"

#include <time.h>

#include <cstdlib>

namespace finack {
namespace {

constexpr std::int64_t slack = 5'000'000;
constexpr std::int64_t slewing = 1000;  // one part in this many
constexpr std::int64_t narrow = 500;    // a reading that nothing came between

std::int64_t read_clock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::int64_t half_width(const ClockReading& reading) {
  return (reading.monotonic_after - reading.monotonic_before) / 2;
}

std::int64_t middle(const ClockReading& reading) {
  return reading.monotonic_before + half_width(reading);
}

}  // namespace

ClockReading ClockReading::now() {
  ClockReading best;
  for (int i = 0; i < 3; ++i) {
    ClockReading reading;
    reading.monotonic_before = read_clock(CLOCK_MONOTONIC);
    reading.realtime = read_clock(CLOCK_REALTIME);
    reading.monotonic_after = read_clock(CLOCK_MONOTONIC);
    if (i == 0 || half_width(reading) < half_width(best)) best = reading;
    if (half_width(best) < narrow) break;
  }
  return best;
}

ClockPair::ClockPair(const ClockReading& first)
    : offset_(middle(first) - first.realtime), uncertainty_(half_width(first)), taken_(middle(first)) {}

bool ClockPair::update(const ClockReading& reading) {
  const ClockPair next(reading);
  const std::int64_t moved = std::llabs(next.offset_ - offset_);
  const std::int64_t elapsed = next.taken_ - taken_;
  const bool stepped = moved > slack + elapsed / slewing + uncertainty_ + next.uncertainty_;
  *this = next;
  return stepped;
}

}  // namespace finack
