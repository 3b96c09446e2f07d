// SPDX-License-Identifier: Apache-2.0
// How the model is set up by the names that Linux has for the same.
#pragma once

#include "base/result.h"
#include "model/settings.h"
#include "world/world.h"

namespace finack {

// The error says in one line what the model cannot be set to.
Result<model::Settings> model_settings(const Configuration& configuration);

}  // namespace finack
