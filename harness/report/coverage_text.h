// SPDX-License-Identifier: Apache-2.0
// Coverage for people to read.
#pragma once

#include <string>

#include "report/coverage.h"

namespace finack {

// A table of what has come how far, then what is not covered, by name; long lists are cut short unless `all`
// is wanted, which lists what is covered as well. Lines of at most 100 characters.
std::string coverage_text(const Coverage& coverage, bool all);

}  // namespace finack
