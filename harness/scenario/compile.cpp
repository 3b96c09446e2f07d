// SPDX-License-Identifier: Apache-2.0
// From a scenario to its programs: the preamble that `given` asks for, written out before the author's steps.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenario/capability.h"
#include "scenario/catalogue.h"
#include "scenario/scenario.h"

namespace finack {

namespace {

// What the calls of a program take for granted, beside what its author says.
void add_needs(Program& program) {
  std::set<std::string> needs(program.needs.begin(), program.needs.end());
  for (const Step& step : program.steps) {
    const auto* call = std::get_if<CallStep>(&step.body);
    if (!call) continue;
    if (std::string need = capability_for(*call); !need.empty()) needs.insert(std::move(need));
  }
  if (program.family == Family::ipv6 || program.mapped) needs.insert("inet6");
  if (program.family == Family::ipv4 && !program.mapped) needs.insert("inet");
  program.needs.assign(needs.begin(), needs.end());
}

bool is_recommendation(const std::string& id) {
  const CatalogueEntry* entry = find_catalogue_entry(id);
  return entry && (entry->level.starts_with("SHOULD") || entry->level == "MAY");
}

}  // namespace

std::string_view to_string(Variety variety) {
  return variety.mapped ? "ipv4-mapped" : to_string(variety.family);
}

std::vector<Program> compile(const Scenario& scenario) {
  std::vector<Program> programs;
  for (const Variety& variety : scenario.varieties) {
    Program program{fmt::format("{}/{}", scenario.id, to_string(variety)), scenario.title, scenario.place};
    program.covers = scenario.covers;
    program.tags = scenario.tags;
    program.needs = scenario.needs;
    program.alone = scenario.alone;
    program.recommended_only =
        !scenario.covers.empty() && std::ranges::all_of(scenario.covers, is_recommendation);
    program.family = variety.family;
    program.mapped = variety.mapped;
    program.sysctls = scenario.sysctls;
    program.peer = scenario.peer;
    program.steps = preamble(scenario.given, scenario.socket_options);
    for (Step& step : program.steps) {
      step.place = scenario.given_place;
      step.preamble = true;
    }
    program.steps.insert(program.steps.end(), scenario.steps.begin(), scenario.steps.end());
    add_needs(program);
    programs.push_back(std::move(program));
  }
  return programs;
}

}  // namespace finack
