// SPDX-License-Identifier: Apache-2.0
// From a scenario to its programs: the preamble that `given` asks for, written out before the author's steps.
#include <fmt/format.h>

#include "scenario/scenario.h"

namespace finack {

namespace {

CallStep call(std::string word, Role role, std::vector<std::pair<std::string, std::string>> fields = {}) {
  CallStep step;
  step.word = std::move(word);
  step.role = role;
  step.fields = std::move(fields);
  return step;
}

// The target listens, we open: RFC 9293 figure 6 with the target on the right.
std::vector<Step> passive_open(Family family) {
  CallStep accept = call("accept", Role::listener);
  accept.background = true;
  SegmentSpec syn, syn_ack, ack;
  syn.flags = flag::syn;
  syn_ack.flags = flag::syn + flag::ack;
  ack.flags = flag::ack;
  std::vector<Step> steps;
  steps.push_back({call("socket", Role::listener, {{"family", family == Family::ipv4 ? "inet" : "inet6"}})});
  steps.push_back({call("option", Role::listener, {{"name", "reuseaddr"}, {"value", "1"}})});
  steps.push_back({call("bind", Role::listener)});
  steps.push_back({call("listen", Role::listener, {{"backlog", "16"}})});
  steps.push_back({accept});
  steps.push_back({SendStep{syn}});
  steps.push_back({ExpectStep{syn_ack}});
  steps.push_back({SendStep{ack}});
  steps.push_back({AwaitStep{}});
  steps.push_back({StateStep{TcpState::established}});
  return steps;
}

}  // namespace

std::vector<Program> compile(const Scenario& scenario) {
  std::vector<Program> programs;
  for (const Family family : scenario.families) {
    Program program{fmt::format("{}/{}", scenario.id, to_string(family)),
                    scenario.title,
                    scenario.place,
                    scenario.covers,
                    scenario.tags,
                    family,
                    {}};
    if (scenario.given == TcpState::established) program.steps = passive_open(family);
    for (Step& step : program.steps) {
      step.place = scenario.given_place;
      step.preamble = true;
    }
    program.steps.insert(program.steps.end(), scenario.steps.begin(), scenario.steps.end());
    programs.push_back(std::move(program));
  }
  return programs;
}

}  // namespace finack
