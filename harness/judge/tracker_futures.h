// SPDX-License-Identifier: Apache-2.0
// How the tracker looks ahead: what the target may be once it has acted on more of what it was sent and
// asked. For the tracker's own files.
#pragma once

#include <algorithm>

#include "judge/tracker.h"

namespace finack {

// Those that have acted on equally many stimuli make a layer. Layer by layer the ways that lead to the same
// are followed as one, so that a row of n stimuli has about n futures, whatever the order of segments and
// calls.
template <class Visit>
bool Tracker::look_ahead(Set& from, Visit visit) {
  const auto look = [&](const Hypothesis& each) {
    if (!visit(each) || has_seen_all(each)) return true;
    if (visits_left_ == 0) return false;
    --visits_left_;
    grow(each);
    return true;
  };
  const auto acted_on = [](const Hypothesis& each) { return each.stimuli_seen + each.calls_seen; };
  if (!std::ranges::is_sorted(from, {}, acted_on)) std::ranges::stable_sort(from, {}, acted_on);
  following_.clear();
  std::uint64_t acted = 0;
  for (auto next = from.begin(); next != from.end() || !following_.empty(); ++acted) {
    layer_.swap(following_);
    following_.clear();
    const bool alone = layer_.empty();  // then those that begin here are looked at where they are
    if (alone) acted = acted_on(*next);
    for (; next != from.end() && acted_on(*next) == acted; ++next) {
      if (!alone) add(layer_, *next);
      if (alone && !look(*next)) return false;
    }
    for (const Hypothesis& each : layer_) {
      if (!look(each)) return false;
    }
  }
  return true;
}

template <class Visit>
void Tracker::each_future(Set& from, Visit visit) {
  if (!look_ahead(from, visit)) lose_track();
}

}  // namespace finack
