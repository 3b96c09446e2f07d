// SPDX-License-Identifier: Apache-2.0
// The run as JUnit XML, which most CI systems show.
#pragma once

#include <functional>
#include <string>

#include "judge/event.h"

namespace finack {

// Calls `write` once, at the end of the run, with the whole text. A test case for each instance, whose class
// is the folder of its scenario. fail (with `strict` also warn) is a failure; inconclusive and error are
// errors; skipped and known are skipped.
EventSink junit_report(std::function<void(const std::string&)> write, bool strict = false);

}  // namespace finack
