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
  std::optional<model::Mutant> model = {};  // unset: a kernel
  // One in User-mode Linux: its path or name, or empty for the one built last.
  std::optional<std::string> uml = {};
  bool inside_uml = false;  // it is the one that this process runs on
};

// "kernel", "model", "model:MUTANT", "uml", "uml:PATH", "uml:NAME"; empty: the kernel.
Result<Target> parse_target(const std::string& text);
// The profile that goes with it where none is named.
std::string usual_profile(const Target& target);
// May be called once for the kernel, see KernelWorld::open(). The world of User-mode Linux is opened in
// there.
Result<std::unique_ptr<World>> open_world(const Target& target);

}  // namespace finack
