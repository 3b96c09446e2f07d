// SPDX-License-Identifier: Apache-2.0
// What finack needs of a machine, looked at piece by piece.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/uml_kernel.h"

namespace finack {

struct MachineCheck {
  std::string what;      // "network namespaces"
  std::string found;     // "one was made", or why not
  std::string fix = {};  // a command or what to do, for what is missing
  bool good = true;
  bool needed = true;  // without it no run is possible
};

// Checks that need no rights and change nothing: user namespaces, the agent, descriptors, IPv6, captures,
// kernels for User-mode Linux.
std::vector<MachineCheck> check_surroundings(const std::filesystem::path& agent_program);
// Moves this process into a private space for good and tries in it what a run does there.
std::vector<MachineCheck> check_private_space(const std::filesystem::path& agent_program);

// From how many descriptors a process may have open.
MachineCheck check_descriptors(std::size_t limit);

// From what scripts/build-uml has made.
MachineCheck check_uml_kernels(const std::vector<CachedKernel>& kernels);

bool run_is_possible(const std::vector<MachineCheck>& checks);
// A line a check, the fix below one that is missing, and what it comes to.
std::string machine_text(const std::vector<MachineCheck>& checks);

}  // namespace finack
