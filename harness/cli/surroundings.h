// SPDX-License-Identifier: Apache-2.0
// What a run has around it that its command line does not tell.
#pragma once

#include <filesystem>
#include <functional>

#include "cli/last_run.h"
#include "cli/terminal.h"

namespace finack {

struct Surroundings {
  bool inside_uml = false;  // this process runs in User-mode Linux, for one outside
  TerminalFacts terminal = terminal_facts();
  std::filesystem::path remember_in = last_run_file();  // what did not pass
  std::function<void()> beat = [] {};                   // something has happened
};

}  // namespace finack
