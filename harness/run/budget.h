// SPDX-License-Identifier: Apache-2.0
// What instances cost their world while they are open, and what there is.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "base/time.h"
#include "scenario/scenario.h"
#include "world/world.h"

namespace finack {

// Derived from a program: at most so much at any time.
struct Weight {
  std::size_t descriptors = 0;  // of the agent
  std::size_t time_waits = 0;   // of the target's table
  std::size_t memory = 0;       // octets
};
Weight weight_of(const Program& program);

// How many of the lightest of these a world bears at once, which is as many as there can ever be; at least
// one, as it may not need all that it could. Of heavier ones the budget lets in fewer.
std::size_t bearable(const std::vector<Program>& programs, const Capacity& capacity);

// What of a capacity is taken.
class Budget {
 public:
  explicit Budget(const Capacity& capacity) : capacity_(capacity) {}

  bool fits(const Weight& weight) const;
  void take(const Weight& weight);
  // The instance is over; its records of TIME-WAIT stay until `rest` is over.
  void give(const Weight& weight, Time now, Duration rest);
  // The records whose rest is over are gone.
  void pass(Time now);
  Time next_rest() const { return resting_.empty() ? never : resting_.front().until; }

 private:
  struct Resting {
    Time until;
    std::size_t time_waits;
  };
  Capacity capacity_;
  Weight taken_;
  std::deque<Resting> resting_;
};

}  // namespace finack
