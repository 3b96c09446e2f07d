// SPDX-License-Identifier: Apache-2.0
// Any text as a scenario, and as a profile: it loads, or it is refused with a place; what loads compiles and
// prints.
#include <cstdlib>
#include <string_view>

#include "scenario/catalogue.h"
#include "scenario/load.h"
#include "scenario/profile.h"

namespace finack {
namespace {

void must_make_sense(const Error& error) {
  const bool placed = error.place && error.place->line > 0 && error.place->column > 0;
  if (!placed || error.message.empty() || error.message.find('\n') != std::string::npos) abort();
}

void try_scenario(std::string_view text) {
  static const Profile profile = parse_profile(builtin_profile("linux").value(), "linux.yaml").value();
  const auto scenarios = load_scenario(text, "fuzz.yaml", profile);
  if (!scenarios) return must_make_sense(scenarios.error());
  if (scenarios->empty()) abort();
  for (const Scenario& scenario : *scenarios) {
    const auto given = parse_given(to_string(scenario.given), {});
    if (!given || *given != scenario.given) abort();
    for (const Program& program : compile(scenario)) {
      for (std::size_t i = 0; i < program.steps.size(); ++i) {
        const Step& step = program.steps[i];
        if (to_string(step).empty() || step.place.line < 1) abort();
        // The way through the branches leads forward, and never beyond the end.
        if (step.then < 1 || i + step.then > program.steps.size()) abort();
        const auto* one_of = std::get_if<OneOfStep>(&step.body);
        if (one_of && i + one_of->branches.back().first >= program.steps.size()) abort();
      }
    }
  }
}

void try_profile(std::string_view text) {
  if (text.find("profile") == std::string_view::npos) return;
  const auto profile = parse_profile(text, "fuzz.yaml");
  if (!profile) return must_make_sense(profile.error());
  for (const std::string_view name : profile_value_names()) {
    if (!profile_value(*profile, name)) abort();
  }
}

}  // namespace
}  // namespace finack

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  finack::try_scenario(text);
  finack::try_profile(text);
  return 0;
}
