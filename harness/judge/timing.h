// SPDX-License-Identifier: Apache-2.0
// How fast the harness was, over all exchanges of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "judge/observation.h"

namespace finack {

// How often each duration occurred, to 3 %, in the same few kilobytes however many there are.
class Distribution {
 public:
  void add(Duration duration);
  void add(const Distribution& other);
  std::size_t count() const { return count_; }
  // The duration that the given part of all, from 0 to 1, does not exceed; 0 when there is none.
  Duration quantile(double part) const;
  Duration most() const { return most_; }

 private:
  std::vector<std::uint32_t> buckets_;
  std::size_t count_ = 0;
  Duration most_{};
};

struct Timing {
  // From the target's segment, by the kernel's stamp, until what it made us send was on the wire.
  Distribution reaction;
  // From when an injection was due until it was on the wire. One that is due when a segment comes is a
  // reaction, too.
  Distribution lateness;

  void add(const Trace& trace);
  void add(const Timing& other);
};

}  // namespace finack
