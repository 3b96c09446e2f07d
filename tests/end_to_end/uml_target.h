// SPDX-License-Identifier: Apache-2.0
// The User-mode Linux kernel that tests play in: the one that FINACK_UML names, else the one that
// scripts/build-uml built last.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "world/uml_kernel.h"

namespace finack {

// For --target.
inline Result<std::string> uml_target() {
  const char* named = std::getenv("FINACK_UML");
  const auto kernel = find_uml_kernel(named ? named : "", uml_cache());
  if (!kernel) return pass_on(kernel.error());
  return "uml:" + std::filesystem::absolute(*kernel).string();
}

}  // namespace finack
