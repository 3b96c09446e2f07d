// SPDX-License-Identifier: Apache-2.0
// What a segment that came is to the exchange: what it may acknowledge, and whether it may come without being
// expected.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "judge/judge.h"
#include "judge/segments.h"

namespace finack {

namespace {

// How far apart the stamp of an arrival and our clock may be, and so how sure their order is.
constexpr Duration stamp_slack = 1ms;

}  // namespace

void Judge::take(Time at, const Arrived& arrived) {
  const Segment& segment = arrived.segment;
  seen_on_wire_at_ = std::max(seen_on_wire_at_, at);
  if (!heard_at_ && at >= acted_at_) heard_at_ = at;
  Waiting waiting{at, trace_.size() - 1, {}};
  Expected& expected = waiting.expected;
  const SendingHalf& theirs = conversation_.theirs;
  expected.seq = theirs.next();
  expected.acks = acks_at(at);
  expected.seq_una = theirs.unacknowledged();
  expected.ack_una = conversation_.ours.unacknowledged();
  expected.first_segment = !theirs.isn();
  expect_of_stranger(expected);
  const bool anew = conversation_.is_opened_anew_by(segment);
  if (anew) {
    begin_another(at, segment);
    expect_of_another(expected, segment.flags);
  }

  waiting.advances = advances(segment, expected);
  waiting.acknowledges = waiting.advances && segment.ack > conversation_.ours.unacknowledged();
  classify_repetition(waiting);
  if (!anew) expect_of_handshake(expected, segment.flags);
  if (waiting.probes) probed_ = true;
  if (is_window_probe(waiting)) {
    waiting.repeats = true;
    window_probed_at_ = at;
  }
  if (!waiting.repeats && unsettled_since_ && at >= *unsettled_since_) unsettled_since_.reset();
  if (segment.flags.has(flag::ack)) their_window_ = segment.window;
  if (segment.length() > 0) {
    constexpr std::size_t most_remembered_times = 4096;
    if (sent_at_.size() >= most_remembered_times) sent_at_.clear();
    sent_at_[segment.seq.value] = at;
  }

  conversation_.arrived(segment);
  tracker_.arrived(at, segment, conversation_);
  expected.base = conversation_.base().reversed();
  waiting_.push_back(std::move(waiting));
}

// By a SYN+ACK that answers another SYN of ours, or by a SYN of the target's own, to which we have sent
// nothing yet.
void Judge::begin_another(Time at, const Segment& segment) {
  sent_up_to_.clear();
  sent_at_.clear();
  if (segment.flags.has(flag::ack)) {
    sent_up_to_.push_back({at, *conversation_.opens_anew()});
  } else {
    last_sent_.reset();
  }
  if (!first_base_) first_base_ = conversation_.base();
  looked_.clear();
}

bool Judge::advances(const Segment& segment, const Expected& expected) const {
  const SendingHalf& theirs = conversation_.theirs;
  if (!is_bare_ack(segment) || !theirs.isn() || segment.seq != theirs.next() || expected.acks.empty())
    return false;
  const Seq acknowledged = conversation_.ours.unacknowledged();
  const bool new_octets = segment.ack > acknowledged && segment.ack <= expected.acks.front();
  const bool new_window = segment.ack == acknowledged && segment.window > their_window_;
  return new_octets || new_window;
}

void Judge::classify_repetition(Waiting& waiting) const {
  const Segment& segment = segment_of(waiting);
  const SendingHalf& theirs = conversation_.theirs;
  const bool seen_before = theirs.isn() && segment.length() > 0 && !segment.flags.has(flag::rst) &&
                           segment.seq >= *theirs.isn() && segment.end() <= theirs.next();
  if (!seen_before) return;
  const bool same_syn = segment.flags.has(flag::syn) == (segment.seq == *theirs.isn());
  const bool same_fin = !segment.flags.has(flag::fin) || (theirs.fin() && segment.end() - 1 == *theirs.fin());
  const bool first_syn = segment.flags.has(flag::syn) && !segment.flags.has(flag::ack);
  // What came with our SYN waits for ESTABLISHED (RFC 9293 3.10.7.2), and is not acknowledged until then.
  const SendingHalf& ours = conversation_.ours;
  const bool of_our_syn = segment.flags.has(flag::syn) && ours.isn() && segment.ack == *ours.isn() + 1;
  const bool known = std::ranges::find(waiting.expected.acks, segment.ack) != waiting.expected.acks.end();
  const bool sane_ack = first_syn || (segment.flags.has(flag::ack) && (known || of_our_syn));
  const bool unacknowledged =
      segment.end() > theirs.unacknowledged() || waiting.at - acknowledged_at_ < profile_.processing;
  const auto before = sent_at_.find(segment.seq.value);
  // Stamps and timers are exact; a tenth is for a clock that is slewed.
  const Duration rto =
      segment.flags.has(flag::syn) ? std::max(profile_.rto, profile_.initial_rto) : profile_.rto;
  const bool soon = before != sent_at_.end() && waiting.at - before->second < rto - rto / 10;
  const bool retransmits = duplicate_acks_ >= 3 || (has_sack() && duplicate_acks_ > 0);
  const bool may_probe = has_sack() && !probed_ && segment.end() == theirs.next();
  const bool early = soon && !retransmits && !may_probe;
  waiting.repeats = unacknowledged && same_syn && same_fin && sane_ack && !early;
  waiting.probes = waiting.repeats && soon && !retransmits;
  if (!unacknowledged) {
    waiting.stale =
        fmt::format("it repeats what was acknowledged {} earlier", to_text(waiting.at - acknowledged_at_));
  } else if (early) {
    waiting.stale = fmt::format("it repeats what was sent {} earlier, before the shortest timeout of {}",
                                to_text(waiting.at - before->second), to_text(rto));
  }
}

// With SACK one duplicate ACK may do where three are needed else (RFC 5681 3.2, RFC 8985 6), and the last
// segment of a flight may be repeated once as a probe (RFC 8985 7).
bool Judge::has_sack() const {
  const auto permits = [](const SendingHalf& half) {
    return std::ranges::find(half.syn_options(), option_kind::sack_permitted, &Option::kind) !=
           half.syn_options().end();
  };
  return permits(conversation_.ours) && permits(conversation_.theirs);
}

// A probe of a window that we have closed, not before a timeout is over: an octet of new data (RFC 9293
// 3.8.6.1) or, as stacks do, an old number and no data. Asked before its numbers are noted.
bool Judge::is_window_probe(const Waiting& waiting) const {
  const SendingHalf& theirs = conversation_.theirs;
  const Segment& segment = segment_of(waiting);
  const bool closed = last_sent_ && last_sent_->window == 0;
  const bool soon = window_probed_at_ && waiting.at - *window_probed_at_ < profile_.rto - profile_.rto / 10;
  if (!theirs.isn() || !closed || soon || segment.flags - flag::psh != flag::ack) return false;
  if (segment.payload.empty()) return segment.seq == theirs.next() - 1;
  const std::vector<Seq>& acks = waiting.expected.acks;
  return segment.payload.size() == 1 && segment.seq == theirs.next() &&
         std::ranges::find(acks, segment.ack) != acks.end();
}

// The numbers that what came at that time may acknowledge. In order, none is below one acknowledged before.
std::vector<Seq> Judge::acks_at(Time at) const {
  const Seq acknowledged = conversation_.ours.unacknowledged();
  const bool in_order = at >= seen_on_wire_at_;
  std::vector<Seq> acks;
  for (auto entry = sent_up_to_.rbegin(); entry != sent_up_to_.rend(); ++entry) {
    if (entry->first > at + stamp_slack) continue;
    acks.push_back(entry->second);
    if (entry->first <= at - profile_.processing || (in_order && entry->second <= acknowledged)) break;
  }
  return acks;
}

}  // namespace finack
