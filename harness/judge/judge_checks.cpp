// SPDX-License-Identifier: Apache-2.0
// How the steps that look at the target stand: fulfilled, not yet, or not any more.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "judge/judge.h"
#include "judge/segments.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

bool is_plain_ack(const SegmentSpec& spec) {
  return !spec.any_flags && spec.flags == flag::ack && spec.optional_flags.empty() &&
         spec.length.value_or(0) == 0 && !spec.ack;
}

}  // namespace

// Where there is no connection an answer is made of the segment that it answers (RFC 9293 3.10.7.1).
void Judge::expect_of_stranger(Expected& expected) const {
  if (!last_sent_) {
    if (!conversation_.ours.isn()) expected.acks.clear();
    return;
  }
  if (!conversation_.ours.isn()) expected.acks = {last_sent_->seq + sent_length_};
  if (!conversation_.theirs.isn() && last_sent_->flags.has(flag::ack)) expected.seq = last_sent_->ack;
}

// The segment that opens another connection has a number of its own.
void Judge::expect_of_another(Expected& expected, Flags flags) const {
  expected.first_segment = true;
  if (flags.has(flag::ack)) expected.acks = {*conversation_.opens_anew()};
}

// A SYN+ACK acknowledges our SYN: what came with it waits for ESTABLISHED (RFC 9293 3.10.7.2).
void Judge::expect_of_handshake(Expected& expected, Flags flags) const {
  const auto isn = conversation_.ours.isn();
  if (isn && flags.has(flag::syn) && flags.has(flag::ack)) expected.acks = {*isn + 1};
}

Expected Judge::expected_now(const SegmentSpec& wanted) const {
  Expected expected;
  expected.base = conversation_.base().reversed();
  expected.seq = conversation_.theirs.next();
  expected.first_segment = !conversation_.theirs.isn();
  expected.acks = {conversation_.ours.next()};
  expect_of_stranger(expected);
  expect_of_handshake(expected, wanted.flags);
  const bool syn_ack = wanted.flags.has(flag::syn) && wanted.flags.has(flag::ack);
  if (syn_ack && conversation_.opens_anew()) expect_of_another(expected, wanted.flags);
  expected.seq_una = conversation_.theirs.unacknowledged();
  expected.ack_una = conversation_.ours.unacknowledged();
  return expected;
}

std::vector<std::string> Judge::compare(const SegmentSpec& wanted, const Waiting& waiting) const {
  // A bare ACK is wanted for all that was sent; one that covers less is on the way there.
  Expected all_acknowledged;
  const bool plain = is_plain_ack(wanted);
  if (plain) {
    const Expected& then = waiting.expected;
    all_acknowledged = {then.base,    then.seq,     {conversation_.ours.next()},
                        then.seq_una, then.ack_una, then.first_segment};
  }
  std::vector<std::string> different =
      differences(wanted, segment_of(waiting), plain ? all_acknowledged : waiting.expected);
  // A bare ACK that tells nothing new answers nothing that was sent after it came.
  if (is_bare_ack(segment_of(waiting)) && !waiting.acknowledges && unanswered_since_ &&
      waiting.at < *unanswered_since_ - 1ms) {
    different.push_back("it came before what it would answer");
  }
  return different;
}

bool Judge::is_free(const Waiting& waiting) const {
  return waiting.advances || waiting.repeats || is_allowed(waiting);
}

bool Judge::is_allowed(const Waiting& waiting) const {
  return std::ranges::any_of(allowed_, [&](const SegmentSpec& allowed) {
    return differences(allowed, segment_of(waiting), waiting.expected).empty();
  });
}

Judge::Check Judge::failed(Finding finding) {
  Check out;
  out.kind = Check::Kind::failed;
  out.finding = std::make_unique<const Finding>(std::move(finding));
  return out;
}

Judge::Looked& Judge::looked(std::size_t branch) {
  if (looked_.size() <= branch) looked_.resize(branch + 1);
  return looked_[branch];
}

Judge::Check Judge::check(const ExpectStep& step, Time now, Looked& looked) const {
  const Duration limit = step.within.value_or(profile_.reaction);
  // Without `after` it may have come before this step was due.
  const Time earliest = step.after > Duration{} ? since_ + step.after : Time::min();
  const Time latest = ready_ + limit;
  for (std::size_t& i = looked.at; i < waiting_.size(); ++i) {
    const Waiting& next = waiting_[i];
    if (next.at > latest) break;
    const Segment& segment = segment_of(next);
    std::vector<std::string> different = compare(step.segment, next);
    const bool wanted = different.empty();
    if (wanted && next.at >= earliest) return {Check::Kind::done, next.at, {}, false, i + 1};
    if (!wanted && is_free(next)) {
      if (segment.flags == step.segment.flags) looked.near = i;
      continue;
    }
    Finding finding;
    finding.wanted = describe(step.segment, next.expected);
    finding.got = to_string(segment, next.expected.base);
    finding.differences = std::move(different);
    finding.hint = next.stale;
    if (wanted) {
      finding.got +=
          fmt::format(", {} sooner than the {} demanded", to_text(earliest - next.at), to_text(step.after));
      finding.signature = "too soon";
    }
    return failed(std::move(finding));
  }
  if (now < latest) return {Check::Kind::pending, latest};
  Finding finding;
  finding.wanted = describe(step.segment, expected_now(step.segment));
  finding.got = fmt::format("nothing within {}", to_text(limit));
  finding.signature = "nothing";
  if (looked.near) {
    const Waiting& near = waiting_[*looked.near];
    finding.got += "; before that " + to_string(segment_of(near), near.expected.base);
    finding.differences = compare(step.segment, near);
    finding.signature.clear();
  }
  // Whether we have seen it hangs on when we came to look, and so is no part of the signature.
  if (looked.at < waiting_.size()) {
    const Waiting& late = waiting_[looked.at];
    finding.got += fmt::format("; {} after that {}", to_text(late.at - latest),
                               to_string(segment_of(late), late.expected.base));
    finding.hint = late.stale;
  }
  return failed(std::move(finding));
}

Judge::Check Judge::check(const QuietStep& step, Time now, Looked& looked) const {
  const Time end = since_ + step.lasting;
  for (std::size_t& i = looked.at; i < waiting_.size() && waiting_[i].at <= end; ++i) {
    const Waiting& next = waiting_[i];
    const bool before = next.at < ready_ && (next.advances || next.repeats);
    if (before || is_allowed(next)) continue;
    Finding finding;
    finding.wanted = fmt::format("silence for {}", to_text(step.lasting));
    finding.got = to_string(segment_of(next), next.expected.base);
    finding.hint = next.stale;
    finding.signature = to_string(segment_of(next).flags);
    return failed(std::move(finding));
  }
  if (now < end) return {Check::Kind::pending, end};
  return {Check::Kind::done, end, {}, false, looked.at};
}

// A listener is no part of a connection that is over. It is all there is where no connection ever was, and
// what is left where it should be gone itself.
TcpState Judge::shown(const Reading& reading, TcpState wanted) const {
  const bool never_opened = !conversation_.ours.isn() && !conversation_.theirs.isn();
  const bool listener_counts = wanted == TcpState::listen || never_opened || listener_closed_;
  return listener_counts ? reading.with_listener() : reading.effective();
}

Judge::Check Judge::check(const StateStep& step, Time now) const {
  const auto read_from = [&](Time when) { return Check{Check::Kind::pending, when, {}, now >= when}; };
  if (!reading_) return read_from(read_again_at_);
  const Time deadline = ready_ + step.within.value_or(profile_.state);
  const TcpState got = shown(*reading_, step.state);
  if (impossible_.empty() && got == step.state) {
    // What is as it was may be so only because the target has not looked at our segment yet.
    const bool unproven =
        shown_ == shown_before_ && unsettled_since_ && read_at_ < *unsettled_since_ + profile_.processing;
    if (unproven) return read_from(*unsettled_since_ + profile_.processing);
    // It was so when the reading was due, or we are too late to tell.
    return {Check::Kind::done, std::min(reading_due_, read_at_), read_at_};
  }
  // To LISTEN no connection leads; it is there or not.
  const bool possible = step.state == TcpState::listen || reachable(got, step.state);
  if (impossible_.empty() && possible && read_at_ < deadline)
    return read_from(std::min(read_again_at_, deadline));
  Finding finding;
  finding.wanted = fmt::format("{} within {}", to_string(step.state), to_text(deadline - ready_));
  finding.got = got == TcpState::closed ? "CLOSED (no such connection)" : std::string(to_string(got));
  if (!reading_->detail.empty()) finding.got += fmt::format(" ({})", reading_->detail);
  finding.signature = to_string(got);
  finding.hint = impossible_;
  if (impossible_.empty() && !possible)
    finding.hint =
        fmt::format("{} cannot be reached from {} any more", to_string(step.state), to_string(got));
  return failed(std::move(finding));
}

// Each segment takes the first of those still wanted that it fits.
Judge::Check Judge::check(const AllOfStep& step, Time now, Looked& looked) const {
  const Duration limit = step.within.value_or(profile_.reaction);
  std::vector<bool>& here = looked.here;
  here.resize(step.segments.size());
  Finding finding;
  for (std::size_t& i = looked.at; i < waiting_.size(); ++i) {
    const Waiting& next = waiting_[i];
    if (next.at > ready_ + limit) break;
    bool taken = false;
    for (std::size_t k = 0; k < here.size() && !taken; ++k) {
      taken = !here[k] && compare(step.segments[k], next).empty();
      if (taken) here[k] = true;
    }
    const bool all = std::ranges::find(here, false) == here.end();
    if (taken && all) return {Check::Kind::done, next.at, {}, false, i + 1};
    if (taken || is_free(next)) continue;
    finding.got = to_string(segment_of(next), next.expected.base);
    finding.hint = next.stale;
    finding.signature = "unexpected " + to_string(segment_of(next).flags);
    break;
  }
  if (finding.got.empty() && now < ready_ + limit) return {Check::Kind::pending, ready_ + limit};
  std::vector<std::string> wanted;
  for (std::size_t k = 0; k < here.size(); ++k) {
    if (!here[k]) wanted.push_back(describe(step.segments[k], expected_now(step.segments[k])));
  }
  finding.wanted = join(wanted, " and ");
  if (finding.got.empty()) {
    finding.got = fmt::format("nothing more within {}", to_text(limit));
    finding.signature = "nothing";
  }
  return failed(std::move(finding));
}

Judge::Check Judge::check_first(const Step& step, Time now, Looked& looked) const {
  if (const auto* expect = std::get_if<ExpectStep>(&step.body)) return check(*expect, now, looked);
  if (const auto* quiet = std::get_if<QuietStep>(&step.body)) return check(*quiet, now, looked);
  return check(std::get<StateStep>(step.body), now);  // the loader admits no other
}

}  // namespace finack
