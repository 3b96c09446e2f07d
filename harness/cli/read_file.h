// SPDX-License-Identifier: Apache-2.0
// A whole file that a command was given.
#pragma once

#include <string>

#include "base/result.h"

namespace finack {

// The content; an error when it cannot be read or is empty.
Result<std::string> read_file(const std::string& path);

}  // namespace finack
