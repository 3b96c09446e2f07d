// SPDX-License-Identifier: Apache-2.0
// The symbolic name of an errno value: numbers differ between systems, names do not.
#pragma once

#include <string>

namespace finack::agent {

// "ECONNRESET"; "E<number>" for one not in the table.
std::string errno_name(int error);

}  // namespace finack::agent
