// SPDX-License-Identifier: Apache-2.0
// The sysctls of a target: set when its namespace is new, read for the report.
#pragma once

#include <string_view>

#include "base/result.h"
#include "net/namespace.h"
#include "world/world.h"

namespace finack {

// Sets what scenarios rely on and hosts differ in, and over that the configuration. Do it before the
// namespace has its link: a link takes over what `net.ipv4.conf.default` and its like say when it is made. An
// error is the kernel's refusal: it has no such sysctl, or not that value, or keeps it for the whole machine.
Result<void> configure(const NetworkNamespace& target, const Configuration& configuration);

// Those that bear on TCP, as they stand.
Configuration target_sysctls(const NetworkNamespace& target);

// Whether two texts of a sysctl say the same: the kernel takes any blanks between numbers and prints tabs.
bool same_setting(std::string_view a, std::string_view b);

}  // namespace finack
