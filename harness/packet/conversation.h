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
  // Those of the SYN, once sent.
  const std::vector<Option>& syn_options() const { return syn_options_; }
  // What these offer: the shift count of this end's windows, and timestamps.
  std::optional<std::uint8_t> window_scale() const { return window_scale_; }
  bool offers_timestamps() const { return offers_timestamps_; }

 private:
  struct Range {
    Seq begin, end;
  };
  void extend();

  std::optional<Seq> isn_;
  Seq next_;
  Seq unacknowledged_;
  std::optional<Seq> fin_;
  std::vector<Option> syn_options_;
  std::optional<std::uint8_t> window_scale_;
  bool offers_timestamps_ = false;
  std::vector<Range> beyond_gap_;  // sent ahead of next_; bounded
};

// Ours and the target's.
struct Conversation {
  SendingHalf ours;
  SendingHalf theirs;

  void injected(const Segment& segment);
  void arrived(const Segment& segment);
  // The target's application asks for a connection: where there was one, a SYN at another number begins it.
  void connects() { connects_ = true; }

  // The number that a SYN+ACK of the target's has to acknowledge to open another connection, over TIME-WAIT
  // or after a reset (RFC 9293 3.6.1): that after our last SYN, where it is not the one the connection began
  // with.
  std::optional<Seq> opens_anew() const;
  // Whether that is what came, or the SYN of a connection that the target was asked for; then all numbers
  // begin anew.
  bool is_opened_anew_by(const Segment& segment) const;

  // Both SYNs carried the option (RFC 7323 2.2); the shift counts of either end's windows, else 0.
  bool scales() const { return ours.window_scale() && theirs.window_scale(); }
  std::uint8_t our_shift() const { return scales() ? *ours.window_scale() : std::uint8_t{0}; }
  std::uint8_t their_shift() const { return scales() ? *theirs.window_scale() : std::uint8_t{0}; }
  // The octets that a segment of ours or of the target's announces: never scaled in a SYN (RFC 7323 2.3).
  std::uint32_t our_window(const Segment& segment) const { return scaled(segment, our_shift()); }
  std::uint32_t their_window(const Segment& segment) const { return scaled(segment, their_shift()); }
  // Octets that the target last announced (SND.WND of ours, RFC 9293 3.10.7.4).
  std::uint32_t window() const { return window_; }
  // Both SYNs carried the option (RFC 7323 3.2).
  bool timestamps() const;
  // TS.Recent of ours: the timestamp to echo (RFC 7323 4.3); 0 before the first.
  std::uint32_t timestamp_to_echo() const { return ts_recent_.value_or(Seq{}).value; }

  // For printing what we send; reversed() for what comes.
  NumberBase base() const { return {ours.isn(), theirs.isn()}; }

 private:
  static std::uint32_t scaled(const Segment& segment, std::uint8_t shift) {
    return std::uint32_t{segment.window} << (segment.flags.has(flag::syn) ? 0 : shift);
  }
  // Whether the target drops a segment of ours for its place, whatever it has processed by now (RFC 9293
  // 3.10.7.4, first).
  bool lies_outside(const Segment& segment) const;
  void note_window(const Segment& segment);
  void note_timestamp(const Segment& segment);

  std::optional<Segment> another_syn_;  // of ours, which may open another connection
  bool connects_ = false;               // and the target's next one may
  std::uint32_t window_ = 0;
  std::uint32_t most_announced_ = 0;  // of our windows, the largest
  std::optional<Seq> window_seq_;     // SND.WL1
  std::optional<Seq> window_ack_;     // SND.WL2; a SYN alone has none
  std::optional<Seq> ts_recent_;
  std::optional<Seq> their_ts_recent_;  // TS.Recent of the target
};

}  // namespace finack
