// SPDX-License-Identifier: Apache-2.0
// Entries for `deviations` of a profile, made of the failures in a JSON report.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace finack {

// One entry a failure; instances of one scenario that failed alike in all families share one. Each lacks its
// `why`, which a profile demands: nothing is accepted before somebody has explained it. Fails on a text that
// is no JSON report of this program.
Result<std::string> propose_deviations(std::string_view json_report);

}  // namespace finack
