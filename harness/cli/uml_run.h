// SPDX-License-Identifier: Apache-2.0
// A run inside User-mode Linux, seen from outside.
#pragma once

#include <cstdint>
#include <string>

#include "cli/run_command.h"
#include "world/uml_kernel.h"

namespace finack {

// Boots a kernel in which finack plays `command`, and passes on what it prints and writes. Returns the exit
// status.
int run_in_uml(const RunCommand& command, const std::string& kernel, std::uint64_t seed);

// What a kernel that ended, or had to be ended, says about it on its console.
struct UmlEnd {
  int status = 0;      // as waitpid() has it
  bool begun = false;  // finack has run inside
  bool stuck = false;  // nothing happened any more
  std::string console = {};
};
// In one sentence, and what the console said before.
Error explain_end(const UmlKernel& kernel, const UmlEnd& end);

}  // namespace finack
