// SPDX-License-Identifier: Apache-2.0
// What people read: a line for each verdict, what went wrong below it, a summary.
#pragma once

#include <functional>
#include <string_view>

#include "judge/event.h"

namespace finack {

// Writes through `print`, whole lines at a time.
EventSink text_report(std::function<void(std::string_view)> print);

}  // namespace finack
