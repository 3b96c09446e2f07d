// SPDX-License-Identifier: Apache-2.0
#include "report/preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "packet/notation.h"
#include "report/ladder.h"
#include "report/plain.h"

namespace finack {

namespace {

std::string at_target(const std::string& text) {
  return fmt::format("{:{}}[{}]", "", ladder_column + 1, text);
}

// "target: receive 500" is "receive 500" in brackets.
std::string without_key(const std::string& text) {
  const std::size_t colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

std::string line_of(const Step& step) {
  const std::string written = to_string(step);
  const std::string text = without_key(written);
  if (std::holds_alternative<SendStep>(step.body)) return ladder_sent(text);
  if (std::holds_alternative<IcmpStep>(step.body)) return ladder_sent("ICMP " + text);
  if (std::holds_alternative<ExpectStep>(step.body) || std::holds_alternative<AllOfStep>(step.body))
    return ladder_received(text);
  // Both ways: neither column's.
  if (std::holds_alternative<StreamStep>(step.body)) return fmt::format("<== {} ==>", text);
  if (std::holds_alternative<StateStep>(step.body) || std::holds_alternative<ToldStep>(step.body))
    return at_target(written);
  if (std::holds_alternative<CallStep>(step.body)) return at_target(text);
  if (std::holds_alternative<ReturnsStep>(step.body)) return at_target("returned: " + text);
  return fmt::format("({})", written);  // neither side's: time that passes, what is allowed
}

}  // namespace

std::string preview_steps(const Program& program) {
  std::string out;
  std::size_t number = 0;
  std::map<std::size_t, std::string> readings;  // by the step that their branch begins with
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const Step& step = program.steps[i];
    if (const auto reading = readings.find(i); reading != readings.end()) out += reading->second;
    const std::string mark = step.preamble ? "|" : fmt::format("{}", ++number);
    if (const auto* one_of = std::get_if<OneOfStep>(&step.body)) {
      out += fmt::format("  {:>3}  one of\n", mark);
      for (const OneOfStep::Branch& branch : one_of->branches)
        readings[i + branch.first] = fmt::format("       -- {}\n", branch.reading);
      continue;
    }
    out += fmt::format("  {:>3}  {}\n", mark, line_of(step));
    if (step.then > 1) readings[i + step.then] = "       -- either way\n";
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
