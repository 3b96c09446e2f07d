// SPDX-License-Identifier: Apache-2.0
// Verdicts in colour, for terminals.
#pragma once

#include <string>
#include <string_view>

#include "judge/verdict.h"

namespace finack {

// The text between the escape sequences (ECMA-48 SGR) of a verdict's colour and of none.
std::string coloured(std::string_view text, Verdict verdict);

}  // namespace finack
