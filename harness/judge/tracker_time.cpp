// SPDX-License-Identifier: Apache-2.0
// The passing of time: what the target must have acted on and sent by now, and its timers.
#include <fmt/format.h>

#include "base/text.h"
#include "judge/tracker_futures.h"

namespace finack {

namespace {

// How long a connection must have been without an answer before it may be given up for that; far below any
// R2.
constexpr Duration shortest_give_up = 5s;

bool is_missing(const Owed& owed, Time now) {
  return owed.due < now;
}

}  // namespace

void Tracker::pass(Time now) {
  if (!judging_) return;
  // What it sent before may come later than what its application says.
  if (heard_end_at_ && now > *heard_end_at_ + delays_.processing) {
    heard_end_at_.reset();
    hear_end();
    if (!judging_) return;
  }
  if (std::ranges::any_of(set_, [&](const Hypothesis& each) { return is_overdue(each, now); })) force(now);
  if (!judging_) return;
  if (std::ranges::any_of(set_, [&](const Hypothesis& each) { return is_timed(each, now); }))
    let_timers_go(now);
}

// What comes next has had its time.
bool Tracker::is_overdue(const Hypothesis& each, Time now) const {
  const std::uint64_t stimulus = each.stimuli_seen - first_stimulus_, call = each.calls_seen - first_call_;
  return (stimulus < stimuli_.size() && stimuli_[stimulus].by < now) ||
         (call < calls_.size() && calls_[call].by < now);
}

// What has had its time has been acted on.
void Tracker::force(Time now) {
  next_.clear();
  each_future(set_, [&](const Hypothesis& each) {
    const bool overdue = is_overdue(each, now);
    if (!overdue) keep(each);
    return overdue;
  });
  if (judging_) replace();
}

// The time alone may have done something to it.
bool Tracker::is_timed(const Hypothesis& each, Time now) const {
  return std::ranges::any_of(each.owed, [&](const Owed& owed) { return is_missing(owed, now); }) ||
         is_over(each, now) || std::ranges::any_of(timeouts_from(each.state), [&](std::uint8_t place) {
           return may_go_off(each, catalogue_edges()[place].guard, now);
         });
}

void Tracker::let_timers_go(Time now) {
  next_.clear();
  const Owed* missed = nullptr;
  for (Hypothesis& each : set_) {
    for (Owed& owed : each.owed) {
      if (owed.deed == Deed::send_fin && is_missing(owed, now) && is_blocked(each))
        owed.due = now + delays_.reaction;
    }
    const auto late =
        std::ranges::find_if(each.owed, [&](const Owed& owed) { return is_missing(owed, now); });
    if (late != each.owed.end()) {
      if (!missed) missed = &*late;  // of the readings of the RFCs the one that comes first
      continue;
    }
    for (const std::uint8_t place : timeouts_from(each.state)) {
      const Facts guard = catalogue_edges()[place].guard;
      if (!may_go_off(each, guard, now)) continue;
      Stimulus timer;
      timer.kind = Stimulus::Kind::timer;
      timer.at = timer.by = now;
      timer.facts = guard;
      grown_.clear();
      act(each, timer, delays_, grown_);
      for (const Hypothesis& one : grown_) keep(one);
    }
    if (!is_over(each, now)) keep(each);
  }
  if (next_.empty() && missed) {
    const CatalogueEdge& edge = catalogue_edges()[missed->edge];
    contradiction_ =
        Contradiction{fmt::format("{} within {}: {}, {} ({}, {})", edge.emits, to_text(delays_.reaction),
                                  to_string(edge.from), edge.event, edge.id, edge.source),
                      "nothing", fmt::format("nothing for {}", edge.id), std::string(edge.id)};
    judging_ = false;
    return;
  }
  if (next_.empty()) return contradict("no end of TIME-WAIT", "no end of TIME-WAIT");
  replace();
}

bool Tracker::is_over(const Hypothesis& each, Time now) const {
  return each.state == TcpState::time_wait &&
         now > each.since_latest + 2 * profile_.msl + profile_.granularity;
}

bool Tracker::may_go_off(const Hypothesis& each, Facts guard, Time now) const {
  if (guard.has(Fact::two_msl_timeout)) return now >= each.since + 2 * profile_.msl;
  if (guard.has(Fact::orphan_timeout)) {
    return each.reader_gone &&
           (loose_timers_ || now + profile_.granularity >= each.since + profile_.fin_timeout);
  }
  if (guard.has(Fact::give_up)) {
    return loose_timers_ ||
           (awaits_answer(each) && now >= std::max(each.since, each.una_at) + shortest_give_up);
  }
  return false;
}

// There is something that it may give up for: not acknowledged, or not even sent.
bool Tracker::awaits_answer(const Hypothesis& each) const {
  const auto seen = static_cast<std::uint32_t>(each.snd_nxt - each.iss - 1);
  return !each.known || each.fin_pending || each.snd_una < each.snd_nxt ||
         (own_application_ ? our_edge_ <= each.snd_nxt : seen < asked_);
}

// The FIN waits behind data that a window holds back, the peer's or that of congestion. What does not fit in
// the peer's need not even leave in part (RFC 9293 3.8.6.2.1).
bool Tracker::is_blocked(const Hypothesis& each) const {
  if (!each.known || our_edge_ <= each.snd_nxt) return true;
  const auto seen = static_cast<std::uint32_t>(each.snd_nxt - each.iss - 1);
  if (seen >= asked_) return false;
  const auto usable = static_cast<std::uint32_t>(our_edge_ - each.snd_nxt);
  return each.snd_una < each.snd_nxt || (!own_application_ && asked_ - seen > usable);
}

Time Tracker::owed_until() const {
  Time until{};
  if (!judging_) return until;
  for (const Hypothesis& each : set_) {
    for (const Owed& owed : each.owed) {
      // What only we could bring about, nobody waits for.
      if (owed.due != never && !(owed.deed == Deed::send_fin && is_blocked(each)))
        until = std::max(until, owed.due);
    }
  }
  return until;
}

}  // namespace finack
