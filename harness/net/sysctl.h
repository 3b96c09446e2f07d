// SPDX-License-Identifier: Apache-2.0
// Kernel settings of the network namespace that the calling thread is in.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace finack {

// The file of a setting: "net.ipv4.tcp_syncookies" is "/proc/sys/net/ipv4/tcp_syncookies". Only names below
// "net." are taken, because scenarios may name them and everything else belongs to the whole machine. A link
// whose name has a dot in it cannot be named.
Result<std::string> sysctl_path(std::string_view name);

// The value without the newline at its end; several numbers stay separated by tabs.
Result<std::string> read_sysctl(std::string_view name);
// The error tells a name that is not there from one that belongs to the whole machine, and both from a value
// that the kernel does not take. Of some values it takes a part and says nothing: read it again.
Result<void> write_sysctl(std::string_view name, std::string_view value);

}  // namespace finack
