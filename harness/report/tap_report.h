// SPDX-License-Identifier: Apache-2.0
// The run for programs that read the Test Anything Protocol, version 14 (testanything.org), or KTAP, the
// Linux kernel's variety of it.
#pragma once

#include <functional>
#include <string_view>

#include "judge/event.h"

namespace finack {

struct TapSettings {
  bool strict = false;     // a warning counts as a failure
  std::size_t rounds = 1;  // how often each program runs; 0: until something fails, and the plan comes last
};

// Writes through `print`, whole lines at a time: an `ok` or `not ok` for each instance in the order of their
// ends, a YAML block below it unless it passed. A skipped instance is `ok ... # SKIP`, a known deviation `not
// ok ... # TODO`, so that neither makes the run a bad one. A run that ends early says `Bail out!`.
EventSink tap_report(std::function<void(std::string_view)> print, const TapSettings& settings = {});

}  // namespace finack
