// SPDX-License-Identifier: Apache-2.0
// From `target: CALL` and `returns: NAME` to steps.
#pragma once

#include "base/result.h"
#include "scenario/mapping.h"
#include "scenario/step.h"

namespace finack {

// `step` is the mapping that the key stands in.
Result<Step> load_call(const YamlNode& value, const Mapping& step);
Result<Step> load_returns(const YamlNode& value, const Mapping& step);

}  // namespace finack
