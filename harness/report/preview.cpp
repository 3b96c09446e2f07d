// SPDX-License-Identifier: Apache-2.0
#include "report/preview.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "packet/notation.h"
#include "report/ladder.h"
#include "report/plain.h"

namespace finack {

namespace {

std::string at_target(const std::string& text) {
  return std::string(ladder_column + 1, ' ') + "[" + text + "]";
}

std::string within(const std::optional<Duration>& limit) {
  return limit ? " within " + to_text(*limit) : "";
}

// "target: receive 500" is "receive 500" in brackets.
std::string without_key(const std::string& text) {
  const std::size_t colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

std::string outcome(const CallStep& step) {
  if (step.background) return ", and go on";
  switch (step.outcome.kind) {
    case CallOutcome::Kind::done:
      return "";
    case CallOutcome::Kind::end:
      return " -> end";
    case CallOutcome::Kind::error:
      return " -> " + step.outcome.error_name;
  }
  return "";
}

// As written, but for a transfer to the end of the stream, which asks for one octet more than is to come.
std::string asked(const CallStep& step, const std::string& written) {
  if (step.length && step.outcome.octets) return fmt::format("{} {}", step.word, *step.outcome.octets);
  return without_key(written);
}

std::string line_of(const Step& step) {
  const std::string written = to_string(step);
  if (const auto* send = std::get_if<SendStep>(&step.body)) return ladder_sent(to_string(send->segment));
  if (const auto* expect = std::get_if<ExpectStep>(&step.body))
    return ladder_received(to_string(expect->segment) + within(expect->within));
  if (const auto* state = std::get_if<StateStep>(&step.body))
    return at_target(fmt::format("state {}{}", to_string(state->state), within(state->within)));
  if (const auto* call = std::get_if<CallStep>(&step.body))
    return at_target(asked(*call, written) + outcome(*call));
  if (std::holds_alternative<AwaitStep>(step.body)) return at_target(without_key(written));
  return fmt::format("({})", written);  // neither side's: time that passes
}

}  // namespace

std::string preview_steps(const Program& program) {
  std::string out;
  std::size_t number = 0;
  for (const Step& step : program.steps) {
    const std::string mark = step.preamble ? "|" : fmt::format("{}", ++number);
    out += fmt::format("  {:>3}  {}\n", mark, line_of(step));
  }
  return plain_text(out);
}

std::string preview(const std::vector<Program>& programs) {
  struct Group {
    const Program* first;
    std::string steps;
    std::string ids = {};
  };
  std::vector<Group> groups;
  for (const Program& program : programs) {
    std::string steps = preview_steps(program);
    auto at = std::ranges::find(groups, steps, &Group::steps);
    if (at == groups.end()) at = groups.insert(groups.end(), {&program, std::move(steps)});
    at->ids += program.id + "\n";
  }
  std::string out;
  for (const Group& group : groups) {
    const Program& program = *group.first;
    const bool prepared = std::ranges::any_of(program.steps, &Step::preamble);
    out += fmt::format("{}{}  {}\n", out.empty() ? "" : "\n", group.ids, program.title);
    out += fmt::format("  {}\n", program.place.file);
    if (!program.covers.empty()) out += fmt::format("  covers {}\n", join(program.covers, ", "));
    if (!program.tags.empty()) out += fmt::format("  tags {}\n", join(program.tags, ", "));
    out += fmt::format("\n       {:<{}} target\n{}", "we", ladder_column, group.steps);
    out += "       ... and nothing else may come\n";
    if (prepared) out += "\n    |  on the way to `given`\n";
  }
  return plain_text(out);
}

}  // namespace finack
