// SPDX-License-Identifier: Apache-2.0
// The socket options that the harness may set and read, by name.
#pragma once

#include <string>
#include <vector>

namespace finack::agent {

// Those this system has.
std::vector<std::string> option_names();

enum class OptionResult { done, failed, unknown_name, read_only, bad_value };

// failed: errno says why.
OptionResult set_option(int fd, const std::string& name, const std::string& value);
OptionResult get_option(int fd, const std::string& name, std::string& value);

// Urgent octets stay in the stream.
bool set_urgent_inline(int fd);

// Makes close() send a reset instead of a FIN.
bool set_linger_zero(int fd);
// Makes close() return at once and send a FIN, as it does when nobody asks for anything else.
bool set_linger_off(int fd);
// True when close() would wait for the peer.
bool close_waits(int fd);

}  // namespace finack::agent
