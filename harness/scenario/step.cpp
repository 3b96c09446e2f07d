// SPDX-License-Identifier: Apache-2.0
#include "scenario/step.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "packet/notation.h"

namespace finack {

namespace {

std::string outcomes_text(const std::vector<CallOutcome>& outcomes) {
  std::vector<std::string> parts;
  for (const CallOutcome& outcome : outcomes) parts.push_back(to_string(outcome));
  return join(parts, " or ");
}

bool is_success(const CallOutcome& outcome) {
  return outcome.kind == CallOutcome::Kind::done;
}

std::string within_text(const std::optional<Duration>& within) {
  return within ? ", within " + to_text(*within) : "";
}

struct Printer {
  std::string operator()(const SendStep& step) const { return "send: " + to_string(step.segment); }
  std::string operator()(const IcmpStep& step) const { return "icmp: " + to_string(step.message); }
  std::string operator()(const ExpectStep& step) const {
    std::string out = "expect: " + to_string(step.segment);
    if (step.after > Duration{}) out += ", after " + to_text(step.after);
    return out + within_text(step.within);
  }
  std::string operator()(const QuietStep& step) const { return "quiet: " + to_text(step.lasting); }
  std::string operator()(const WaitStep& step) const { return "wait: " + to_text(step.lasting); }
  std::string operator()(const StateStep& step) const {
    return fmt::format("state: {}", to_string(step.state)) + within_text(step.within);
  }
  std::string operator()(const CallStep& step) const {
    std::string out = "target: " + step.word;
    for (const auto& [key, value] : step.fields) {
      if (key == "how" || key == "name" || key == "value") out += " " + value;
    }
    // A receive that must not succeed asks for one octet more than is to come (load_call.cpp).
    const bool one_more = step.word == "receive" && std::ranges::none_of(step.outcomes, &is_success);
    const std::uint64_t length = step.length.value_or(0) - (one_more ? 1 : 0);
    if (length > 0) out += fmt::format(" {}", length);
    for (const auto& [key, value] : step.fields) {
      if (key == "urgent") out += " urgent";
      if (key == "backlog" && value != default_backlog) out += " " + value;
    }
    if (!step.makes.empty() && step.makes != connection_name) out += " " + step.makes;
    const bool on_listener = step.word == "listen" || step.word == "accept";
    if (step.socket != (on_listener ? listener_name : connection_name)) out += " on " + step.socket;
    const bool plain = step.outcomes.size() == 1 && step.outcomes[0].kind == CallOutcome::Kind::done &&
                       !step.outcomes[0].value;
    if (!plain) out += ", result " + outcomes_text(step.outcomes);
    return step.later.empty() || step.later == step.word ? out : out + ", later " + step.later;
  }
  std::string operator()(const ReturnsStep& step) const {
    std::string out = "returns: " + step.name;
    if (!step.outcomes.empty()) out += ", result " + outcomes_text(step.outcomes);
    return out;
  }
  std::string operator()(const ToldStep& step) const {
    std::string out = "told: " + step.what;
    if (step.socket != connection_name) out += " on " + step.socket;
    return out + within_text(step.within);
  }
  std::string operator()(const OneOfStep&) const { return "one-of"; }
  std::string operator()(const AllOfStep& step) const {
    std::vector<std::string> parts;
    for (const SegmentSpec& segment : step.segments) parts.push_back(to_string(segment));
    return "all-of: " + join(parts, " and ") + within_text(step.within);
  }
  std::string operator()(const AllowStep& step) const { return "allow: " + to_string(step.segment); }
  std::string operator()(const StreamStep& step) const {
    std::vector<std::string> parts;
    const auto add = [&](std::string_view word, const std::optional<StreamStep::Part>& part) {
      if (part) parts.push_back(fmt::format("{} {}{}", word, part->octets, part->fin ? " FIN" : ""));
    };
    add("send", step.sent);
    add("expect", step.expected);
    if (step.rest) parts.push_back("rest");
    std::string out = "stream: " + join(parts, ", ");
    if (step.ack_every != StreamStep::usual_ack_every) out += fmt::format(", ack-every {}", step.ack_every);
    if (step.until_zero_window) out += ", until zero-window";
    return out + within_text(step.within);
  }
};

}  // namespace

std::string to_string(const Step& step) {
  return std::visit(Printer{}, step.body);
}

std::string to_string(const CallOutcome& outcome) {
  if (outcome.value) return *outcome.value;
  switch (outcome.kind) {
    case CallOutcome::Kind::error:
      return outcome.error_name;
    case CallOutcome::Kind::end:
      return "end";
    case CallOutcome::Kind::done:
      break;
  }
  return "success";
}

}  // namespace finack
