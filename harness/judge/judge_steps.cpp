// SPDX-License-Identifier: Apache-2.0
// What each kind of step asks for, and when it is over. Steps that look at the target are in
// judge_checks.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "judge/judge.h"
#include "judge/outcome.h"

namespace finack {

namespace {

void add_new(std::vector<std::string>& texts, std::string text) {
  if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

}  // namespace

std::optional<Want> Judge::go_on(const SendStep&, Time) {
  if (!acted_) return Want{Want::Kind::act, pc_};
  finish_step(acted_at_, acted_at_);
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const IcmpStep&, Time) {
  if (!acted_) return Want{Want::Kind::act, pc_};
  finish_step(acted_at_, acted_at_);
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const WaitStep& step, Time now) {
  if (now < since_ + step.lasting) return wait(since_ + step.lasting);
  finish_step(since_ + step.lasting, since_ + step.lasting);
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const AllowStep& step, Time) {
  allowed_.push_back(step.segment);
  finish_step(since_, since_);
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const CallStep& step, Time now) {
  if (!acted_) return Want{Want::Kind::act, pc_};
  if (!step.later.empty()) {
    finish_step(acted_at_, acted_at_);
    return std::nullopt;
  }
  return collect(pc_, step.outcomes, now);
}

std::optional<Want> Judge::go_on(const ReturnsStep& step, Time now) {
  const auto call = later_.find(step.name);
  if (call == later_.end()) {  // the call stands in a branch that was not taken
    finish_step(since_, since_);
    return std::nullopt;
  }
  const auto& outcomes = std::get<CallStep>(program_.steps[call->second].body).outcomes;
  const auto want = collect(call->second, step.outcomes.empty() ? outcomes : step.outcomes, now);
  if (!want) later_.erase(step.name);
  return want;
}

// Whether the program sets SO_LINGER to some time.
bool Judge::lingers() const {
  return std::ranges::any_of(program_.steps, [](const Step& each) {
    const auto* call = std::get_if<CallStep>(&each.body);
    return call && call->word == "option" && call->fields.size() == 2 && call->fields[0].second == "linger" &&
           call->fields[1].second != "0" && call->fields[1].second != "off";
  });
}

std::optional<Want> Judge::collect(std::size_t call, const std::vector<CallOutcome>& outcomes, Time now) {
  const auto& step = std::get<CallStep>(program_.steps[call].body);
  const auto& returned = returned_[call];
  Finding finding;
  if (!returned) {
    const Time latest = std::max(ready_, acted_ ? acted_at_ : ready_) + profile_.call;
    if (now < latest) return wait(latest);
    finding.wanted = fmt::format("`{}` to return within {}", step.word, to_text(profile_.call));
    finding.got = "it has not";
    // Only these wait for something that TCP must do, as does a close that lingers; the others wait for the
    // agent alone.
    constexpr std::string_view patient[] = {"accept", "connect", "receive", "send", "close"};
    const bool listed = std::ranges::find(patient, step.word) != std::end(patient);
    const bool waits = !step.later.empty() || (listed && (step.word != "close" || lingers()));
    harness_at_fault_ = !waits;
    fail_step(std::move(finding));
    return std::nullopt;
  }
  if (std::string error = outcome_error(step, outcomes, *returned); !error.empty()) {
    finding.wanted = describe_outcomes(step, outcomes);
    finding.got = std::move(error);
    // What the agent's machine ran out of, and what the agent itself gave up, is not TCP's doing.
    constexpr std::string_view not_tcp[] = {"EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "ECANCELED"};
    harness_at_fault_ = returned->kind == Returned::Kind::refused ||
                        std::ranges::find(not_tcp, returned->text) != std::end(not_tcp);
    fail_step(std::move(finding));
    return std::nullopt;
  }
  const Time at = returned_at_[call];
  finish_step(ideal_return(step, *returned, acted_ ? acted_at_ : since_), at);
  return std::nullopt;
}

// The application learns late what has passed the wire when its machine is busy, and we learn it later still.
// What it waits for is on the wire, but for a timer that runs out, and a close that lingers. What waits for
// nothing is as late as the first that came of it.
Time Judge::ideal_return(const CallStep& step, const Returned& returned, Time asked) {
  const Time at = std::max(returned_at_[static_cast<std::size_t>(returned.step)], asked);
  const bool by_timer = returned.kind == Returned::Kind::error || (step.word == "close" && lingers());
  if (by_timer) return at;
  const bool on_wire = seen_on_wire_at_ >= asked;
  const Time due = on_wire ? std::min(at, seen_on_wire_at_) : at;
  constexpr std::string_view patient[] = {"accept", "connect", "receive"};
  const bool waits = !step.later.empty() || std::ranges::find(patient, step.word) != std::end(patient);
  if (on_wire && waits) return due;
  lag_ += std::min(due, heard_at_.value_or(due)) - asked;  // from here on the exchange is that much behind
  worst_lateness_ = std::max(worst_lateness_, lag_);
  return due;
}

std::optional<Want> Judge::go_on(const ToldStep& step, Time now) {
  const Time latest = ready_ + step.within.value_or(profile_.reaction);
  std::string others;
  for (auto at = told_.begin(); at != told_.end(); ++at) {
    const Told& told = at->second;
    if (told.socket != step.socket) continue;
    if (told.what == step.what && at->first <= latest) {
      const Time when = at->first;
      told_.erase(at);
      finish_step(when, when);
      return std::nullopt;
    }
    others += fmt::format("{}{}", others.empty() ? "" : ", ", told.what);
  }
  if (now < latest) return wait(latest);
  Finding finding;
  finding.wanted = fmt::format("the application to be told `{}` of `{}` within {}", step.what, step.socket,
                               to_text(latest - ready_));
  finding.got = others.empty() ? "nothing told" : "told " + others;
  fail_step(std::move(finding));
  return std::nullopt;
}

std::optional<Want> Judge::follow(Check check) {
  switch (check.kind) {
    case Check::Kind::pending:
      if (!check.wants_reading) return wait(check.at);
      reading_due_ = check.at;
      return Want{Want::Kind::read_state, pc_};
    case Check::Kind::failed:
      fail_step(*check.finding);
      return std::nullopt;
    case Check::Kind::done:
      break;
  }
  waiting_.pop_front(check.taken);
  finish_step(check.at, check.really.value_or(check.at));
  return std::nullopt;
}

std::optional<Want> Judge::go_on(const ExpectStep& step, Time now) {
  Check found = check(step, now, looked());
  if (found.kind == Check::Kind::done) unanswered_since_.reset();
  return follow(std::move(found));
}

std::optional<Want> Judge::go_on(const QuietStep& step, Time now) {
  return follow(check(step, now, looked()));
}

std::optional<Want> Judge::go_on(const StateStep& step, Time now) {
  return follow(check(step, now));
}

std::optional<Want> Judge::go_on(const AllOfStep& step, Time now) {
  Check found = check(step, now, looked());
  if (found.kind == Check::Kind::done) unanswered_since_.reset();
  return follow(std::move(found));
}

std::optional<Want> Judge::go_on(const OneOfStep& step, Time now) {
  const OneOfStep::Branch* taken = nullptr;
  Check earliest;
  Check pending;
  pending.at = never;
  bool open = false;
  Finding all;
  std::vector<std::string> got, signatures;
  for (const OneOfStep::Branch& branch : step.branches) {
    const Step& first = program_.steps[pc_ + branch.first];
    Check found = check_first(first, now, looked(static_cast<std::size_t>(&branch - step.branches.data())));
    if (found.kind == Check::Kind::done) {
      // More than one may be by now, when much came at once: what counts is when.
      if (!taken || found.at < earliest.at) {
        taken = &branch;
        earliest = std::move(found);
      }
      continue;
    }
    if (found.kind == Check::Kind::pending) {
      open = true;
      pending.at = std::min(pending.at, found.at);
      pending.wants_reading = pending.wants_reading || found.wants_reading;
      continue;
    }
    const Finding& finding = *found.finding;
    all.wanted += fmt::format("{}{} ({})", all.wanted.empty() ? "" : ", or ", finding.wanted, branch.reading);
    add_new(got, finding.got);
    add_new(signatures, what_went_wrong(finding));
    for (const std::string& difference : finding.differences)
      all.differences.push_back(fmt::format("{}: {}", branch.reading, difference));
    if (all.hint.empty()) all.hint = finding.hint;
  }
  if (taken) {
    pc_ += taken->first;
    readings_.push_back(taken->reading);
    if (std::holds_alternative<ExpectStep>(program_.steps[pc_].body)) unanswered_since_.reset();
    return follow(std::move(earliest));
  }
  if (open) return follow(std::move(pending));
  all.got = join(got, "; ");
  all.signature = join(signatures, "; ");
  fail_step(std::move(all));
  return std::nullopt;
}

}  // namespace finack
