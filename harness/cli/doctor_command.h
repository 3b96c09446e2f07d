// SPDX-License-Identifier: Apache-2.0
// `finack doctor`: what this machine can do, and how to enable the rest.
#pragma once

namespace finack {

struct DoctorCommand {};

// 0 when a run is possible, else exit_environment.
int doctor_command(const DoctorCommand& command);

}  // namespace finack
