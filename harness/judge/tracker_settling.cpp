// SPDX-License-Identifier: Apache-2.0
// Rows of ACKs. One that only moves SND.UNA may as well be acted on at once: when exactly makes no difference
// to anything else. Possibilities that differ in how many of those they have acted on become one.
#include <algorithm>

#include "judge/tracker.h"

namespace finack {

namespace {

// Calls whose order with a segment is looked into.
constexpr std::size_t most_calls = 2;
// In a row no longer than this an ACK that takes an edge for the first time waits until it has surely been
// acted on, so that no edge is called sure too soon.
constexpr std::size_t short_row = 8;

bool is_bare(const Stimulus& stimulus) {
  return stimulus.kind == Stimulus::Kind::segment &&
         (!stimulus.flags.has(flag::ack) || stimulus.length() == 0);
}

// Only there does it send text, which makes acknowledgments many.
bool may_send(TcpState state) {
  return state == TcpState::established || state == TcpState::close_wait || state == TcpState::fin_wait_1 ||
         state == TcpState::closing || state == TcpState::last_ack;
}

}  // namespace

// Whether the segment only moves SND.UNA, be it before or after what the application asks for meanwhile, such
// as a close; one that ends the connection makes a difference.
bool Tracker::is_inert(const Hypothesis& from, const Stimulus& segment, Hypothesis* after) {
  grown_.clear();
  act(from, segment, delays_, grown_);
  if (grown_.size() != 1 || !grown_[0].same_but_acknowledged(from)) return false;
  if (after) *after = grown_[0];
  const std::size_t call = from.calls_seen - first_call_;
  if (call == calls_.size()) return true;
  if (call + most_calls < calls_.size()) return false;
  Set asked;
  act(from, calls_[call], delays_, asked);
  return std::ranges::all_of(asked, [&](const Hypothesis& each) { return is_inert(each, segment, nullptr); });
}

void Tracker::settle() {
  const auto next_of = [&](const Hypothesis& each) -> const Stimulus* {
    const std::size_t next = each.stimuli_seen - first_stimulus_;
    if (next == stimuli_.size() || !may_send(each.state) || !is_bare(stimuli_[next])) return nullptr;
    return &stimuli_[next];
  };
  if (std::ranges::none_of(set_, next_of)) return;
  // Each goes on until it has acted on all of the row, or meets one that is further.
  std::ranges::stable_sort(set_, {}, &Hypothesis::stimuli_seen);
  settled_.clear();
  for (auto each = set_.begin(); each != set_.end(); ++each) {
    bool met = false;
    for (const Stimulus* next = next_of(*each); next && !met && visits_left_ > 0; next = next_of(*each)) {
      Hypothesis after;
      if (!is_inert(*each, *next, &after)) break;
      if (after.edges != each->edges && stimuli_.size() <= short_row) break;
      --visits_left_;
      *each = std::move(after);
      met = merge({each + 1, set_.end()}, *each);
    }
    if (!met) add(settled_, *each);
  }
  set_.swap(settled_);
  forget_seen();
}

}  // namespace finack
