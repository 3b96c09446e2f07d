// SPDX-License-Identifier: Apache-2.0
// What a target may be able to do or not, by name: from its agent's hello, from its world, from its profile.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenario/step.h"

namespace finack {

// All names that `needs` may have, but for `option-NAME`.
std::span<const std::string_view> capability_names();
// The socket options that the agent protocol knows.
std::span<const std::string_view> socket_option_names();
bool is_capability(std::string_view name);

// What an agent must have declared for this call; empty for a call that every agent can make.
std::string capability_for(const CallStep& call);

}  // namespace finack
