// SPDX-License-Identifier: Apache-2.0
// The run as one JSON object: environment, summary, scenarios (docs/json-report.md).
#pragma once

#include <functional>
#include <string>

#include "judge/event.h"

namespace finack {

// The version of the object's form.
inline constexpr int json_report_version = 1;

// Calls `write` once, at the end of the run, with the whole text. `strict`: whether a warning counted as a
// failure.
EventSink json_report(std::function<void(const std::string&)> write, bool strict = false,
                      bool timing = false);

}  // namespace finack
