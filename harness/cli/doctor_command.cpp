// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor_command.h"

#include <fmt/format.h>

#include "cli/exit_status.h"
#include "cli/machine.h"
#include "cli/print.h"
#include "cli/scenarios.h"

namespace finack {

int doctor_command(const DoctorCommand&) {
  const auto agent = program_folder() / "finack-agent";
  std::vector<MachineCheck> checks = check_surroundings(agent);
  for (MachineCheck& check : check_private_space(agent)) checks.push_back(std::move(check));
  const int status = print_out(machine_text(checks));
  if (status != 0) return status;
  return run_is_possible(checks) ? 0 : exit_environment;
}

}  // namespace finack
