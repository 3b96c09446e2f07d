// SPDX-License-Identifier: Apache-2.0
// What each kind of step asks for, and when it is over.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "judge/judge.h"
#include "judge/outcome.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

// Pauses between readings of a state that is not there yet: short first, because most changes are immediate.
constexpr Duration first_pause = 500us, longest_pause = 20ms;

bool is_plain_ack(const SegmentSpec& spec) {
  return !spec.any_flags && spec.flags == flag::ack && spec.optional_flags.empty() &&
         spec.length.value_or(0) == 0 && !spec.ack;
}

}  // namespace

std::optional<Want> Judge::go_on(const SendStep&, Time now) {
  if (!acted_) return Want{Want::Kind::act, pc_};
  finish_step(sent_up_to_.empty() ? now : sent_up_to_.back().first);
  return std::nullopt;
}

Expected Judge::expected_now(const ExpectStep& step) const {
  Expected expected;
  expected.base = conversation_.base().reversed();
  expected.seq = conversation_.theirs.next();
  expected.first_segment = !conversation_.theirs.isn();
  expected.acks = {conversation_.ours.next()};
  if (!conversation_.ours.isn() && !step.segment.ack) expected.acks.clear();
  return expected;
}

std::optional<Want> Judge::go_on(const ExpectStep& step, Time now) {
  const Duration limit = step.within.value_or(profile_.reaction);
  while (!waiting_.empty()) {
    Waiting& next = waiting_.front();
    // A bare ACK is wanted for all that was sent; one that covers less is on the way there.
    if (is_plain_ack(step.segment)) next.expected.acks = {conversation_.ours.next()};
    std::vector<std::string> different = differences(step.segment, next.segment, next.expected);
    // A bare ACK that tells nothing new answers nothing that was sent after it came.
    const bool bare_ack = next.segment.flags - flag::psh == flag::ack && next.segment.payload.empty();
    if (bare_ack && !next.advances && unanswered_since_ && next.at < *unanswered_since_ - 1ms) {
      different.push_back("it came before what it would answer");
    }
    if (different.empty() && next.at <= since_ + limit) {
      const Time at = next.at;
      waiting_.pop_front();
      unanswered_since_.reset();
      finish_step(at);
      return std::nullopt;
    }
    if (!different.empty() && (next.advances || next.repeats)) {
      waiting_.pop_front();
      continue;
    }
    Finding finding;
    finding.wanted = describe(step.segment, next.expected);
    finding.got = to_string(next.segment, next.expected.base);
    finding.differences = std::move(different);
    finding.hint = next.stale;
    if (next.at > since_ + limit)
      finding.got +=
          fmt::format(", {} after the {} allowed", to_text(next.at - since_ - limit), to_text(limit));
    fail_step(std::move(finding));
    return std::nullopt;
  }
  if (now < since_ + limit) return wait(since_ + limit);
  Finding finding;
  finding.wanted = describe(step.segment, expected_now(step));
  finding.got = fmt::format("nothing within {}", to_text(limit));
  fail_step(std::move(finding));
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const QuietStep& step, Time now) {
  while (!waiting_.empty()) {
    const Waiting& next = waiting_.front();
    if (next.at > since_ + step.lasting) break;
    if (next.at >= since_ || (!next.advances && !next.repeats)) {
      fail_unexpected(next, fmt::format("silence for {}", to_text(step.lasting)));
      return std::nullopt;
    }
    waiting_.pop_front();
  }
  if (now < since_ + step.lasting) return wait(since_ + step.lasting);
  finish_step(since_ + step.lasting);
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const WaitStep& step, Time now) {
  if (now < since_ + step.lasting) return wait(since_ + step.lasting);
  finish_step(since_ + step.lasting);
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const StateStep& step, Time now) {
  const Time deadline = since_ + step.within.value_or(profile_.state);
  if (new_reading_) {
    const TcpState got = new_reading_->effective();
    Finding finding;
    finding.wanted = fmt::format("{} within {}", to_string(step.state), to_text(deadline - since_));
    finding.got = new_reading_->state ? std::string(to_string(got)) : "CLOSED (no such connection)";
    if (!new_reading_->detail.empty()) finding.got += fmt::format(" ({})", new_reading_->detail);
    const std::optional<TcpState> before = std::exchange(state_, got);
    new_reading_.reset();
    if (before && !reachable(*before, got)) {
      finding.hint = fmt::format("no edge of RFC 9293 figure 5 leads from {}, read before, to {}",
                                 to_string(*before), to_string(got));
      fail_step(std::move(finding));
      return std::nullopt;
    }
    if (got == step.state) {
      finish_step(read_again_at_);
      return std::nullopt;
    }
    if (!reachable(got, step.state) || read_again_at_ >= deadline) {
      if (!reachable(got, step.state))
        finding.hint =
            fmt::format("{} cannot be reached from {} any more", to_string(step.state), to_string(got));
      fail_step(std::move(finding));
      return std::nullopt;
    }
    reading_pause_ = reading_pause_ == Duration{} ? first_pause : std::min(2 * reading_pause_, longest_pause);
    read_again_at_ = std::min(read_again_at_ + reading_pause_, deadline);
  }
  if (now < read_again_at_) return wait(read_again_at_);
  return Want{Want::Kind::read_state, pc_};
}

std::optional<Want> Judge::go_on(const CallStep& step, Time now) {
  if (!acted_) return Want{Want::Kind::act, pc_};
  if (step.background) {
    finish_step(called_at_);
    return std::nullopt;
  }
  return collect(pc_, now);
}

std::optional<Want> Judge::go_on(const AwaitStep&, Time now) {
  if (background_) return collect(*background_, now);
  finish_step(now);
  return std::nullopt;
}

std::optional<Want> Judge::collect(std::size_t call, Time now) {
  const auto& step = std::get<CallStep>(program_.steps[call].body);
  const auto& returned = returned_[call];
  if (!returned) {
    if (now < since_ + profile_.call) return wait(since_ + profile_.call);
    Finding finding;
    finding.wanted = fmt::format("`{}` to return within {}", step.word, to_text(profile_.call));
    finding.got = "it has not";
    // Only these wait for something that TCP must do; the others wait for the agent alone.
    constexpr std::string_view patient[] = {"accept", "receive", "send"};
    harness_at_fault_ = std::ranges::find(patient, step.word) == std::end(patient);
    fail_step(std::move(finding));
    return std::nullopt;
  }
  if (std::string error = outcome_error(step, *returned); !error.empty()) {
    Finding finding;
    finding.wanted = describe_outcome(step);
    finding.got = std::move(error);
    harness_at_fault_ = returned->kind == Returned::Kind::refused;
    fail_step(std::move(finding));
    return std::nullopt;
  }
  finish_step(now);
  return std::nullopt;
}

}  // namespace finack
