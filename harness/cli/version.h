// SPDX-License-Identifier: Apache-2.0
// The versions of everything that has one.
#pragma once

#include <map>
#include <string>

namespace finack {

// Of finack, the scenario language, the agent protocol and the JSON report.
std::map<std::string, std::string> versions();
// The same for `finack --version`.
std::string version_text();

}  // namespace finack
