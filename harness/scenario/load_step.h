// SPDX-License-Identifier: Apache-2.0
// From one entry of `steps` to a step.
#pragma once

#include "base/result.h"
#include "scenario/step.h"
#include "scenario/yaml_tree.h"

namespace finack {

Result<Step> load_step(const YamlNode& node);

}  // namespace finack
