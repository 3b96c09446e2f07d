// SPDX-License-Identifier: Apache-2.0
#include "judge/seq_ranges.h"

#include <algorithm>

namespace finack {

void SeqRanges::add(Seq begin, Seq end) {
  if (begin == end) return;
  const auto first = std::ranges::find_if(ranges_, [&](const Range& range) { return range.end >= begin; });
  auto last = first;
  for (; last != ranges_.end() && last->begin <= end; ++last) {
    if (last->begin < begin) begin = last->begin;
    end = later(end, last->end);
  }
  ranges_.insert(ranges_.erase(first, last), {begin, end});

  constexpr std::uint32_t reach = 1u << 30;  // beyond half the circle, before and after mean nothing
  const Seq floor = ranges_.back().end - reach;
  std::erase_if(ranges_, [&](const Range& range) { return range.end <= floor; });
  if (ranges_.front().begin < floor) ranges_.front().begin = floor;
  constexpr std::size_t most = 512;
  if (ranges_.size() > most) {
    ranges_[1].begin = ranges_[0].begin;
    ranges_.erase(ranges_.begin());
  }
}

bool SeqRanges::contains(Seq begin, Seq end) const {
  return std::ranges::any_of(ranges_,
                             [&](const Range& range) { return range.begin <= begin && end <= range.end; });
}

Seq SeqRanges::end_from(Seq from) const {
  const auto at = std::ranges::find_if(
      ranges_, [&](const Range& range) { return range.begin <= from && from <= range.end; });
  return at == ranges_.end() ? from : at->end;
}

}  // namespace finack
