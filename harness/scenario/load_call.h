// SPDX-License-Identifier: Apache-2.0
// From `target: CALL` and `returns: NAME` to steps.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "scenario/mapping.h"
#include "scenario/step.h"

namespace finack {

// `step` is the mapping that the key stands in.
Result<Step> load_call(const YamlNode& value, const Mapping& step);
Result<Step> load_returns(const YamlNode& value, const Mapping& step);

// The calls of the target's application, and what `result` may say but for values of options.
std::span<const std::string_view> call_words();
std::span<const std::string_view> outcome_words();
// Whether that socket option can have that value. The error lacks the place.
Result<void> check_option_value(std::string_view name, std::string_view value);

}  // namespace finack
