// SPDX-License-Identifier: Apache-2.0
// From a step `stream` to what passes in it.
#pragma once

#include "base/result.h"
#include "scenario/mapping.h"
#include "scenario/step.h"
#include "scenario/yaml_tree.h"

namespace finack {

// `value`: "send 1000 FIN, expect 500". All but `within`.
Result<StreamStep> load_stream(const YamlNode& value, const Mapping& step);

}  // namespace finack
