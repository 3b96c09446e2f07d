// SPDX-License-Identifier: Apache-2.0
// How fast the harness was, as a small table.
#pragma once

#include <string>

#include "judge/timing.h"

namespace finack {

std::string timing_text(const Timing& timing);

}  // namespace finack
