// SPDX-License-Identifier: Apache-2.0
#include "packet/conversation.h"

#include <algorithm>

namespace finack {

void SendingHalf::sent(const Segment& segment) {
  if (segment.bad_checksum || segment.flags.has(flag::rst)) return;
  if (segment.flags.has(flag::syn)) {
    if (isn_ && segment.seq != *isn_) return;  // draws a challenge ACK, no more (RFC 5961 4.2)
    if (!isn_) isn_ = next_ = unacknowledged_ = segment.seq;
  } else if (!isn_ || !segment.flags.has(flag::ack)) {
    return;  // nothing to count from yet, or dropped for want of ACK (RFC 9293 3.10.7.4, fifth)
  }
  if (fin_ && segment.seq > *fin_) return;  // beyond the end of the stream
  if (segment.length() == 0) return;
  if (segment.flags.has(flag::fin) && !fin_) fin_ = segment.end() - 1;
  constexpr std::size_t most_ranges = 256;
  if (beyond_gap_.size() < most_ranges) beyond_gap_.push_back({segment.seq, segment.end()});
  extend();
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

void Conversation::injected(const Segment& segment) {
  // What acknowledges something never sent is answered and dropped (RFC 9293 3.10.7.4, fifth).
  const bool wild_ack = theirs.isn() && segment.flags.has(flag::ack) && segment.ack > theirs.next();
  if (wild_ack) return;
  ours.sent(segment);
  if (segment.flags.has(flag::ack) && !segment.bad_checksum) theirs.acknowledged(segment.ack);
}

void Conversation::arrived(const Segment& segment) {
  theirs.sent(segment);
  if (segment.flags.has(flag::ack) && !segment.bad_checksum) ours.acknowledged(segment.ack);
}

}  // namespace finack
