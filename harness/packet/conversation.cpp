// SPDX-License-Identifier: Apache-2.0
#include "packet/conversation.h"

#include <algorithm>

#include "packet/codec.h"

namespace finack {

void SendingHalf::sent(const Segment& segment) {
  if (segment.bad_checksum || segment.flags.has(flag::rst)) return;
  if (segment.flags.has(flag::syn)) {
    // It draws a challenge ACK, no more (RFC 5961 4.2), and so does the first one once it is acknowledged.
    if (isn_ && (segment.seq != *isn_ || unacknowledged_ > *isn_)) return;
    if (!isn_) {
      isn_ = next_ = unacknowledged_ = segment.seq;
      syn_options_ = segment.options;
      window_scale_ = window_scale_of(syn_options_);
      offers_timestamps_ = timestamps_of(syn_options_).has_value();
    }
  } else if (!isn_ || !segment.flags.has(flag::ack)) {
    return;  // nothing to count from yet, or dropped for want of ACK (RFC 9293 3.10.7.4, fifth)
  } else if (segment.end() <= next_) {
    return;  // all of it was sent before, its FIN too, whatever that one said
  }
  if (fin_ && segment.seq >= *fin_) return;  // beyond the end of the stream
  if (segment.length() == 0) return;
  if (segment.flags.has(flag::fin) && !fin_) fin_ = segment.end() - 1;
  constexpr std::size_t most_ranges = 256;
  if (segment.seq <= next_) {
    next_ = later(next_, segment.end());
  } else if (beyond_gap_.size() < most_ranges) {
    beyond_gap_.push_back({segment.seq, segment.end()});
  }
  if (!beyond_gap_.empty()) extend();
}

void SendingHalf::extend() {
  for (bool moved = true; moved;) {
    moved = false;
    for (const Range& range : beyond_gap_) {
      if (range.begin <= next_ && range.end > next_) {
        next_ = range.end;
        moved = true;
      }
    }
  }
  std::erase_if(beyond_gap_, [&](const Range& range) { return range.end <= next_; });
}

void SendingHalf::acknowledged(Seq ack) {
  if (isn_) unacknowledged_ = later(unacknowledged_, ack);
}

void Conversation::injected(const Segment& sent) {
  std::optional<Segment> changed;
  const Segment* segment = as_received(sent, changed);
  if (!segment) return;
  const bool opens =
      segment->flags.has(flag::syn) && !segment->flags.has(flag::ack) && !segment->flags.has(flag::rst);
  if (opens && ours.isn() && segment->seq != *ours.isn()) another_syn_ = *segment;
  // What acknowledges something never sent is answered and dropped (RFC 9293 3.10.7.4, fifth).
  const bool acks = segment->flags.has(flag::ack);
  const bool wild_ack = theirs.isn() && acks && segment->ack > theirs.next();
  // And one that is older than any window of ours (RFC 5961 5.2).
  const bool stale_ack = theirs.isn() && acks && segment->ack < theirs.unacknowledged() - most_announced_;
  // In SYN-SENT also one that does not reach the SYN (3.10.7.3, first).
  const bool handshake = theirs.isn() && theirs.unacknowledged() <= *theirs.isn();
  const bool short_ack = handshake && !ours.isn() && acks && segment->ack <= *theirs.isn();
  if (wild_ack || stale_ack || short_ack) return;
  // What is old by its timestamp is dropped, too (RFC 7323 5.3 R1).
  const bool syn = segment->flags.has(flag::syn), rst = segment->flags.has(flag::rst);
  const auto stamps = timestamps_of(segment->options);
  const bool stamped = stamps && (syn || timestamps()) && !rst;
  if (stamped && !syn && their_ts_recent_ && Seq{stamps->value} < *their_ts_recent_) return;
  if (stamped && (!their_ts_recent_ || segment->seq <= ours.unacknowledged()))
    their_ts_recent_ = Seq{stamps->value};
  most_announced_ = std::max(most_announced_, our_window(*segment));
  const bool outside = lies_outside(*segment);
  // Of a SYN it counts as long as the target's is not acknowledged, of a reset never (3.10.7.4, second).
  const bool ack_counts = acks && !rst && (syn ? handshake : !outside);
  if (!outside) ours.sent(*segment);
  if (ack_counts) theirs.acknowledged(segment->ack);
}

bool Conversation::lies_outside(const Segment& segment) const {
  if (!window_ack_) return false;
  const bool left = segment.seq < *window_ack_ && segment.end() <= *window_ack_;
  const bool right = segment.seq >= *window_ack_ + window_ && segment.seq > ours.next();
  return left || right;
}

std::optional<Seq> Conversation::opens_anew() const {
  return another_syn_ ? std::optional(another_syn_->seq + 1) : std::nullopt;
}

bool Conversation::is_opened_anew_by(const Segment& segment) const {
  const bool syn = segment.flags.has(flag::syn) && !segment.flags.has(flag::rst);
  const bool syn_ack = syn && segment.flags.has(flag::ack);
  if (syn && !syn_ack)
    return connects_ && !segment.bad_checksum && theirs.isn() && segment.seq != *theirs.isn();
  return syn_ack && !segment.bad_checksum && another_syn_ && segment.ack > another_syn_->seq &&
         segment.ack <= another_syn_->end();
}

void Conversation::arrived(const Segment& segment) {
  if (is_opened_anew_by(segment)) {
    Conversation anew;
    if (segment.flags.has(flag::ack)) anew.injected(*another_syn_);
    *this = anew;
  }
  if (segment.flags.has(flag::syn) && !segment.bad_checksum) connects_ = false;
  theirs.sent(segment);
  if (segment.bad_checksum) return;
  if (segment.flags.has(flag::ack)) ours.acknowledged(segment.ack);
  if (segment.flags.has(flag::rst)) return;
  note_window(segment);
  note_timestamp(segment);
}

void Conversation::note_window(const Segment& segment) {
  const bool syn = segment.flags.has(flag::syn);
  if (!syn && !segment.flags.has(flag::ack)) return;
  const bool older =
      window_seq_ && (segment.seq < *window_seq_ ||
                      (segment.seq == *window_seq_ && window_ack_ && segment.ack < *window_ack_));
  if (older) return;
  window_ = their_window(segment);
  window_seq_ = segment.seq;
  if (segment.flags.has(flag::ack)) window_ack_ = segment.ack;
}

bool Conversation::timestamps() const {
  return ours.offers_timestamps() && theirs.offers_timestamps();
}

void Conversation::note_timestamp(const Segment& segment) {
  const auto stamps = timestamps_of(segment.options);
  if (!stamps) return;
  // Last.ACK.sent is the highest number we have acknowledged: a delayed ACK echoes the earliest timestamp.
  const bool due = segment.flags.has(flag::syn) || segment.seq <= theirs.unacknowledged();
  if (due && (!ts_recent_ || Seq{stamps->value} >= *ts_recent_)) ts_recent_ = Seq{stamps->value};
}

}  // namespace finack
