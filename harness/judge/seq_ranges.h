// SPDX-License-Identifier: Apache-2.0
// Sets of sequence numbers: what was sent of a stream, however long that is.
#pragma once

#include <cstddef>
#include <vector>

#include "base/seq.h"

namespace finack {

// Ranges, merged where they touch. Bounded: numbers more than 2^30 below the highest are forgotten, and with
// too many gaps the lowest one counts as filled.
class SeqRanges {
 public:
  struct Range {
    Seq begin, end;
  };

  void add(Seq begin, Seq end);
  bool contains(Seq begin, Seq end) const;
  // Where the range ends that holds `from`; `from` where none does.
  Seq end_from(Seq from) const;
  std::size_t size() const { return ranges_.size(); }

 private:
  std::vector<Range> ranges_;  // ascending
};

}  // namespace finack
