// SPDX-License-Identifier: Apache-2.0
// Our end during a step `stream`: an ordinary TCP that sends what the target's window allows and acknowledges
// what comes. Pure: it says which segment is due, and is told what passed. What the octets are is checked
// elsewhere, each at its number (judge/invariants.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/time.h"
#include "packet/conversation.h"
#include "packet/segment.h"
#include "packet/segment_spec.h"
#include "scenario/step.h"

namespace finack {

class Streaming {
 public:
  // `begin`: the first number of the target's that no step has taken yet.
  Streaming(const StreamStep& step, const Conversation& numbers, Family family, Seq begin, Time now);

  // Whether what is new of the target's stream belongs to this step: not all of its part has come.
  bool expects_more() const { return received_to_ != expected_end_; }
  // Why such a segment does not; none when it does.
  struct Wrong {
    std::string what;
    std::string_view signature;  // without what depends on how the target cuts its segments
  };
  std::optional<Wrong> wrong_with(const Segment& segment) const;
  void took(Time at, const Segment& segment);
  // The target has sent again what it had sent before, which asks for an ACK at once.
  void took_repetition() { ack_now_ = true; }
  // Whatever came, for what it acknowledges.
  void heard(Time at, const Conversation& numbers);
  // What was due has gone out.
  void sent(Time at, const Segment& segment);

  // The segment to send now, if any.
  std::optional<SegmentSpec> due(const Conversation& numbers, Time now) const;
  // When one will be due although nothing comes.
  Time next_look() const;
  bool is_over(const Conversation& numbers) const;
  // It is to be halted: all that was sent is acknowledged, and for what is left there is no room; where it
  // was resumed, for some there was.
  bool is_halted(const Conversation& numbers) const;
  // Goes on with what is left, as that step says, after whatever our end sent meanwhile.
  void resume(const StreamStep& step, const Conversation& numbers, Time now);
  // What it is all about, of a rest too.
  const StreamStep& step() const { return step_; }
  // Each segment that we sent again may draw one duplicate ACK (RFC 9293 3.10.7.4, first). Takes one such;
  // false when there are more than that.
  bool take_answer() { return answers_due_ > 0 && answers_due_-- > 0; }

  // "500 of 1000 octets came, all 20 were acknowledged"
  std::string progress(const Conversation& numbers) const;

 private:
  Seq first_unacknowledged(const Conversation& numbers) const;
  std::optional<SegmentSpec> piece(Seq from, std::uint32_t most, bool may_end) const;
  std::optional<SegmentSpec> new_piece(const Conversation& numbers) const;
  SegmentSpec repetition(const Conversation& numbers) const;
  bool waits() const { return acknowledged_ != send_end_; }

  StreamStep step_;
  std::uint32_t segment_size_;

  Seq expected_begin_, expected_end_;  // of the target's part, its FIN included
  Seq received_to_;
  std::uint32_t unacknowledged_ = 0;  // segments that came since our last ACK
  Time ack_due_ = never;              // when the first of them has waited long enough
  bool ack_now_ = false;

  Seq send_begin_, send_end_;  // of our part, our FIN included
  Seq sent_to_;
  std::optional<Seq> resumed_at_;
  Seq acknowledged_;
  std::uint32_t window_;
  Time waiting_since_;  // for an ACK of something new, or for the window to open
  Duration timeout_;
  std::uint32_t answers_due_ = 0;  // to what we sent again
};

}  // namespace finack
