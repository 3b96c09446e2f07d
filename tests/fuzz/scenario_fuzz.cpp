// SPDX-License-Identifier: Apache-2.0
// Any text as a scenario: it loads, or it is refused with a place; what loads compiles and prints.
#include <cstdlib>
#include <string_view>

#include "scenario/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finack;
  const auto scenario =
      load_scenario(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.yaml");
  if (!scenario) {
    if (!scenario.error().place || scenario.error().message.empty()) abort();
    return 0;
  }
  for (const Program& program : compile(*scenario)) {
    for (const Step& step : program.steps) static_cast<void>(to_string(step));
  }
  return 0;
}
