// SPDX-License-Identifier: Apache-2.0
// Coverage for programs to read: docs/json-report.md.
#pragma once

#include <string>

#include "report/coverage.h"

namespace finack {

inline constexpr int coverage_json_version = 1;

std::string coverage_json(const Coverage& coverage);

}  // namespace finack
