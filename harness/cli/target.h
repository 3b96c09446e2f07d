// SPDX-License-Identifier: Apache-2.0
// What scenarios are played against, as the command line names it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/mutant.h"
#include "world/world.h"

namespace finack {

struct Target {
  std::optional<model::Mutant> model = {};  // unset: this host's kernel
};

// "kernel", "model", "model:MUTANT"; empty: the kernel.
Result<Target> parse_target(const std::string& text);
// The profile that goes with it where none is named.
std::string usual_profile(const Target& target);
// May be called once for the kernel, see KernelWorld::open().
Result<std::unique_ptr<World>> open_world(const Target& target);

}  // namespace finack
