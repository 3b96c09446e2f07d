// SPDX-License-Identifier: Apache-2.0
// The numbers of a connection as they pass on the wire: what each end has sent, and what the other must have
// by then. Bookkeeping only: it neither decides nor checks.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/seq.h"
#include "packet/notation.h"
#include "packet/segment.h"

namespace finack {

// One end's sending direction.
class SendingHalf {
 public:
  // Records what this end put on the wire. What the other end must discard whole changes nothing: a wrong
  // checksum, a reset, a second SYN, no ACK flag, octets beyond the FIN.
  void sent(const Segment& segment);
  // Records an acknowledgment number that the other end sent.
  void acknowledged(Seq ack);

  std::optional<Seq> isn() const { return isn_; }
  // RCV.NXT of a correct other end that has processed all of it: where the gapless part ends. For the sender
  // it is the number due next. 0 before the first segment.
  Seq next() const { return next_; }
  // The highest acknowledgment seen (SND.UNA); the ISN before the first.
  Seq unacknowledged() const { return unacknowledged_; }
  // The number of the FIN, once sent.
  std::optional<Seq> fin() const { return fin_; }

 private:
  struct Range {
    Seq begin, end;
  };
  void extend();

  std::optional<Seq> isn_;
  Seq next_;
  Seq unacknowledged_;
  std::optional<Seq> fin_;
  std::vector<Range> beyond_gap_;  // sent ahead of next_; bounded
};

struct Conversation {
  SendingHalf ours;
  SendingHalf theirs;

  void injected(const Segment& segment);
  void arrived(const Segment& segment);

  // For printing what we send; reversed() for what comes.
  NumberBase base() const { return {ours.isn(), theirs.isn()}; }
};

}  // namespace finack
