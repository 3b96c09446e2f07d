// SPDX-License-Identifier: Apache-2.0
#include "judge/streaming.h"

#include <fmt/format.h>

#include <algorithm>

namespace finack {

namespace {

// RFC 9293 3.7.1: of a SYN without the option, and what fits a frame of 1,500 octets.
constexpr std::uint16_t default_mss_ipv4 = 536, default_mss_ipv6 = 1220;
constexpr std::uint16_t most_mss_ipv4 = 1460, most_mss_ipv6 = 1440;
// Beside each segment, once agreed (RFC 7323 appendix A).
constexpr std::uint16_t timestamp_octets = 12;
// A sender that knows no congestion; but no more lies ahead of the target than the tracker looks along.
constexpr std::uint32_t most_in_flight = 32;  // segments
// RFC 9293 3.8.6.3, MUST-40: less than half a second.
constexpr Duration ack_delay = 20ms;
// RFC 6298 2.1 and 5.5, the latter up to:
constexpr Duration first_timeout = 1s, longest_timeout = 8s;

std::uint32_t size_of_segments(const Conversation& numbers, Family family) {
  const bool ipv4 = family == Family::ipv4;
  std::uint16_t out = ipv4 ? default_mss_ipv4 : default_mss_ipv6;
  for (const Option& option : numbers.theirs.syn_options()) out = mss_of(option).value_or(out);
  out = std::min(out, ipv4 ? most_mss_ipv4 : most_mss_ipv6);
  if (numbers.timestamps() && out > timestamp_octets)
    out = static_cast<std::uint16_t>(out - timestamp_octets);
  return std::max<std::uint32_t>(out, 1);
}

std::uint32_t length_of(const std::optional<StreamStep::Part>& part) {
  return part ? part->octets + (part->fin ? 1 : 0) : 0;
}

std::string progress_of(const StreamStep::Part& part, std::uint32_t gone, std::string_view what) {
  const bool all = gone >= length_of(part);
  const std::uint32_t octets = std::min(gone, part.octets);
  return fmt::format("{} of {} octets{} {}", octets, part.octets,
                     part.fin ? (all ? " and the FIN" : ", and no FIN,") : "", what);
}

}  // namespace

Streaming::Streaming(const StreamStep& step, const Conversation& numbers, Family family, Seq begin, Time now)
    : step_(step),
      segment_size_(size_of_segments(numbers, family)),
      expected_begin_(begin),
      expected_end_(begin + length_of(step.expected)),
      received_to_(begin),
      send_begin_(numbers.ours.next()),
      send_end_(send_begin_ + length_of(step.sent)),
      sent_to_(send_begin_),
      acknowledged_(send_begin_),
      window_(numbers.window()),
      waiting_since_(now),
      timeout_(first_timeout) {}

std::optional<Streaming::Wrong> Streaming::wrong_with(const Segment& segment) const {
  const bool fin = segment.flags.has(flag::fin);
  const std::uint32_t wanted = step_.expected->octets;
  const Seq octets_end = expected_begin_ + wanted;
  const Seq end = segment.end() - (fin ? 1 : 0);
  if (end > octets_end)
    return Wrong{fmt::format("{} octets more than the {} wanted", end - octets_end, wanted),
                 "too many octets"};
  if (fin && !step_.expected->fin) return Wrong{"a FIN, which is not wanted", "a FIN that is not wanted"};
  if (fin && end != octets_end)
    return Wrong{fmt::format("a FIN behind {} octets, where {} were wanted", end - expected_begin_, wanted),
                 "a FIN too soon"};
  return std::nullopt;
}

void Streaming::took(Time at, const Segment& segment) {
  received_to_ = later(received_to_, segment.end());
  if (++unacknowledged_ == 1) ack_due_ = at + ack_delay;
  // Who has sent all of it may wait for this.
  ack_now_ = ack_now_ || !expects_more();
}

void Streaming::heard(Time at, const Conversation& numbers) {
  const Seq first = first_unacknowledged(numbers);
  if (first == acknowledged_ && numbers.window() == window_) return;
  acknowledged_ = first;
  window_ = numbers.window();
  waiting_since_ = std::max(waiting_since_, at);
  timeout_ = first_timeout;
}

void Streaming::sent(Time at, const Segment& segment) {
  unacknowledged_ = 0;
  ack_due_ = never;
  ack_now_ = false;
  const bool is_new = segment.length() > 0 && segment.end() > sent_to_;
  if (is_new) {
    if (sent_to_ == acknowledged_) waiting_since_ = at;
    sent_to_ = segment.end();
  } else if (segment.seq != sent_to_) {
    waiting_since_ = at;
    timeout_ = std::min(2 * timeout_, longest_timeout);
    ++answers_due_;
  }
}

Seq Streaming::first_unacknowledged(const Conversation& numbers) const {
  return later(send_begin_, numbers.ours.unacknowledged());
}

// So many octets from there on as belong into one segment, and the FIN where it is next.
std::optional<SegmentSpec> Streaming::piece(Seq from, std::uint32_t most, bool may_end) const {
  const Seq text_end = send_end_ - (step_.sent->fin ? 1 : 0);
  const std::uint32_t left = from < text_end ? static_cast<std::uint32_t>(text_end - from) : 0;
  const std::uint32_t length = std::min({left, segment_size_, most});
  const bool fin = step_.sent->fin && length == left && may_end;
  if (length == 0 && !fin) return std::nullopt;
  SegmentSpec out;
  out.flags = flag::ack;
  if (length > 0 && length == left) out.flags = out.flags + flag::psh;
  if (fin) out.flags = out.flags + flag::fin;
  out.seq = Number{Number::Base::absolute, from.value};
  out.length = length;
  return out;
}

std::optional<SegmentSpec> Streaming::new_piece(const Conversation& numbers) const {
  if (sent_to_ == send_end_) return std::nullopt;
  const Seq first = first_unacknowledged(numbers);
  const auto in_flight = first < sent_to_ ? static_cast<std::uint32_t>(sent_to_ - first) : 0;
  const std::uint32_t window = std::min(numbers.window(), most_in_flight * segment_size_);
  if (window <= in_flight) return std::nullopt;
  const std::uint32_t usable = window - in_flight;
  auto out = piece(sent_to_, usable, true);
  if (!out) return out;
  // RFC 9293 3.8.6.2.1: no small pieces for a small window while there is something on its way.
  const Seq end = sent_to_ + *out->length;
  const bool cut_short = *out->length == usable && usable < segment_size_ && end != send_end_;
  if (cut_short && in_flight > 0) return std::nullopt;
  if (out->flags.has(flag::fin) && *out->length == usable) return piece(sent_to_, usable, false);
  return out;
}

// The first segment that is not acknowledged; where all is, but the window closed, an old number.
SegmentSpec Streaming::repetition(const Conversation& numbers) const {
  const Seq first = first_unacknowledged(numbers);
  if (first < sent_to_) {
    const auto outstanding = static_cast<std::uint32_t>(sent_to_ - first);
    if (auto out = piece(first, outstanding, sent_to_ == send_end_)) return *out;
  }
  SegmentSpec probe;
  probe.flags = flag::ack;
  probe.seq = Number{Number::Base::absolute, (first - 1).value};
  return probe;
}

std::optional<SegmentSpec> Streaming::due(const Conversation& numbers, Time now) const {
  if (step_.sent) {
    if (auto out = new_piece(numbers)) return out;
    if (waits() && now >= waiting_since_ + timeout_) return repetition(numbers);
  }
  if (!ack_now_ && unacknowledged_ < step_.ack_every && now < ack_due_) return std::nullopt;
  SegmentSpec out;
  out.flags = flag::ack;
  return out;
}

Time Streaming::next_look() const {
  return std::min(ack_due_, waits() ? waiting_since_ + timeout_ : never);
}

bool Streaming::is_over(const Conversation& numbers) const {
  const bool taken = !step_.expected || numbers.theirs.unacknowledged() >= expected_end_;
  return !expects_more() && taken && first_unacknowledged(numbers) >= send_end_;
}

bool Streaming::is_halted(const Conversation& numbers) const {
  const bool answered = unacknowledged_ == 0 && !ack_now_;
  const bool left = sent_to_ != send_end_ && sent_to_ != resumed_at_;
  return step_.until_zero_window && numbers.window() == 0 && left && answered &&
         first_unacknowledged(numbers) == sent_to_;
}

// An octet that probed the window was sent ahead of its time, unless it was taken.
void Streaming::resume(const StreamStep& step, const Conversation& numbers, Time now) {
  step_.until_zero_window = step.until_zero_window;
  sent_to_ = acknowledged_ = first_unacknowledged(numbers);
  resumed_at_ = sent_to_;
  window_ = numbers.window();
  waiting_since_ = now;
  timeout_ = first_timeout;
}

std::string Streaming::progress(const Conversation& numbers) const {
  std::string out;
  if (step_.expected)
    out = progress_of(*step_.expected, static_cast<std::uint32_t>(received_to_ - expected_begin_), "came");
  if (step_.sent) {
    const auto gone = static_cast<std::uint32_t>(first_unacknowledged(numbers) - send_begin_);
    out += (out.empty() ? "" : "; ") + progress_of(*step_.sent, gone, "were acknowledged");
  }
  return out;
}

}  // namespace finack
