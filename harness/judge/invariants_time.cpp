// SPDX-License-Identifier: Apache-2.0
// Invariants of timestamps (RFC 7323), of resets, and of the time between repetitions.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "judge/invariants.h"

namespace finack {

namespace {

// The fields that a reset has when there is no connection (RFC 9293 3.10.7.1).
bool answers(const Segment& reset, const Segment& segment, Seq segment_end) {
  if (segment.flags.has(flag::ack)) return reset.seq == segment.ack;
  return reset.seq == Seq{} && reset.flags.has(flag::ack) && reset.ack == segment_end;
}

// For timers: an eighth, as of a timer wheel, and a tick.
Duration tolerated(Duration interval) {
  return interval / 8 + 10ms;
}

}  // namespace

// `due`: our next number before this one.
void Invariants::note_timestamp(const Segment& segment, Seq due) {
  Connection& known = connection_;
  const auto stamps = timestamps_of(segment.options);
  const SendingHalf& ours = known.conversation.ours;
  if (!stamps || !ours.isn()) return;
  const Seq value{stamps->value};
  // That of a reset may be, where the reset was ignored (RFC 7323 5.3 R3, RFC 1337 F1).
  constexpr std::size_t most_stamps = 1024, most_stamped = 256;
  if (std::ranges::find(known.stamps, value) == known.stamps.end()) known.stamps.push_back(value);
  if (known.stamps.size() > most_stamps) {
    known.stamps.pop_front();
    known.stamps_forgotten = true;
  }
  // It is TS.Recent once it is acknowledged: it came in order, nothing before it may have had the same
  // octets, and it begins at or below Last.ACK.sent.
  const bool recent = segment.length() > 0 && !segment.flags.has(flag::syn) &&
                      !segment.flags.has(flag::rst) && segment.seq == due && ours.next() == segment.end() &&
                      known.takable.end_from(due) == due && known.acknowledged &&
                      segment.seq <= *known.acknowledged && (!known.echoed || value >= *known.echoed);
  if (recent) known.stamped.push_back({segment.end(), value});
  if (known.stamped.size() > most_stamped) known.stamped.pop_front();
}

void Invariants::check_timestamps(const Segment& segment) {
  Connection& known = connection_;
  const auto stamps = timestamps_of(segment.options);
  if (!stamps) {
    if (known.conversation.timestamps())
      broken(Rule::timestamp_present, "the option `ts` is missing (RFC 7323 3.2)");
    return;
  }
  const Seq value{stamps->value};
  if (known.clock && value < *known.clock && in_order()) {
    broken(Rule::timestamp_clock,
           fmt::format("the timestamp {} comes after {} (RFC 7323 5.4)", value.value, known.clock->value));
  }
  known.clock = known.clock ? later(*known.clock, value) : value;
  if (segment.flags.has(flag::ack)) check_echo(segment, Seq{stamps->echo});
}

void Invariants::check_echo(const Segment& segment, Seq echo) {
  Connection& known = connection_;
  if (known.stamps.empty() || !in_order()) return;
  if (known.echoed && echo < *known.echoed) {
    broken(Rule::timestamp_echo, fmt::format("the echo {} is older than {}, echoed before (RFC 7323 4.3)",
                                             echo.value, known.echoed->value));
    return;
  }
  if (!known.stamps_forgotten && std::ranges::find(known.stamps, echo) == known.stamps.end()) {
    broken(Rule::timestamp_echo,
           fmt::format("the echo {} is no timestamp of ours (RFC 7323 3.2)", echo.value));
    return;
  }
  while (!known.stamped.empty() && known.stamped.front().end <= segment.ack) {
    const Seq recent = known.stamped.front().value;
    known.stamped.pop_front();
    if (echo >= recent) continue;
    broken(Rule::timestamp_echo,
           fmt::format("the echo {} is older than {}, of octets that it acknowledges (RFC 7323 4.3)",
                       echo.value, recent.value));
    return;
  }
  known.echoed = echo;
  known.stamps.erase_if([&](Seq each) { return each < echo; });
}

void Invariants::check_reset(const Segment& segment) {
  Connection& known = connection_;
  const SendingHalf& theirs = known.conversation.theirs;
  const bool ends_connection =
      theirs.isn() && segment.seq >= theirs.unacknowledged() && segment.seq <= theirs.next();
  bool answers_segment = false;  // other than a reset
  const Sent* reset = nullptr;   // of ours, that it answers by its fields
  Time before_reset = called_at_;
  for (const Sent& sent : recent_) {
    const bool fits = answers(segment, sent.segment, sent.end);
    const bool is_reset = sent.segment.flags.has(flag::rst);
    answers_segment = answers_segment || (fits && !is_reset);
    if (fits && is_reset) reset = &sent;
    if (!is_reset) before_reset = std::max(before_reset, sent.at);
  }
  // Nothing but our reset can have caused it when all else lies longer back than the target takes to act.
  const bool nothing_else = reset && before_reset != Time::min() &&
                            reset->at - before_reset > profile_.processing &&
                            at_ - reset->at < profile_.processing;
  if (reset && (nothing_else || (!answers_segment && !ends_connection))) {
    broken(Rule::reset_for_reset, "it answers our RST (RFC 9293 3.10.7.1)");
  } else if (!ends_connection && !answers_segment && !recent_.empty()) {
    std::string due = theirs.isn() ? fmt::format("seq: wanted {}", relative_theirs(theirs.next())) : "seq";
    broken(Rule::reset_fields,
           fmt::format("{}, got {}; no segment of ours has that for its ACK number (RFC 9293 3.10.7.1)", due,
                       relative_theirs(segment.seq)));
  }
  known.reopens = true;
  if (known.synchronized && !known.reset_at) known.reset_at = at_;
}

void Invariants::check_after_reset(const Segment&) {
  if (!connection_.reset_at || at_ <= *connection_.reset_at) return;
  broken(Rule::after_reset, fmt::format("it comes {} after a RST of the target's (RFC 9293 3.10.5)",
                                        to_text(at_ - *connection_.reset_at)));
}

// Only while we do nothing: ACKs, windows and errors all may move a timer.
void Invariants::check_backoff(const Segment& segment) {
  const Connection& known = connection_;
  const bool probe = known.our_edge && segment.seq >= *known.our_edge;
  if (segment.length() == 0 || probe || segment.end() <= known.conversation.theirs.unacknowledged()) return;
  constexpr std::size_t most_series = 1024;
  auto found = series_.find(segment.seq.value);
  if (found == series_.end()) {
    if (series_.size() < most_series) series_.emplace(segment.seq.value, Series{at_});
    return;
  }
  Series& series = found->second;
  const Duration interval = at_ - series.last;
  ++series.intervals;
  if (series.intervals == 1) series.first_interval = interval;
  const bool shrinks = series.intervals > 1 && interval + tolerated(series.interval) < series.interval;
  // A SYN may be repeated evenly a few times before it backs off; a tail-loss probe comes before the first
  // timeout.
  const bool grows = segment.flags.has(flag::syn) || series.intervals < 4 ||
                     series.first_interval > profile_.rto_max / 2 ||
                     interval + tolerated(interval) >= series.first_interval * 3 / 2;
  if (shrinks) {
    broken(Rule::backoff,
           fmt::format("repeated after {}, the time before after {} (RFC 6298 5.5)", to_text(interval),
                       to_text(series.interval)),
           "shrinks");
  } else if (!grows) {
    broken(Rule::backoff,
           fmt::format("repeated for the {}th time after {}, the first time after {} (RFC 6298 5.5)",
                       series.intervals, to_text(interval), to_text(series.first_interval)),
           "does not grow");
  }
  series.interval = interval;
  series.last = at_;
}

}  // namespace finack
