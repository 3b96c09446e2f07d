// SPDX-License-Identifier: Apache-2.0
#include "net/sysctl.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/text.h"

namespace finack {
namespace {

bool fits_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

// Kept once for the whole machine. A network namespace does not have them, or shows them to be read.
constexpr std::array<std::string_view, 10> machine_wide = {
    "net.core.default_qdisc", "net.core.netdev_budget",   "net.core.netdev_max_backlog",
    "net.core.rmem_default",  "net.core.rmem_max",        "net.core.wmem_default",
    "net.core.wmem_max",      "net.ipv4.tcp_max_orphans", "net.ipv4.tcp_mem",
    "net.ipv4.udp_mem",
};

tl::unexpected<Error> open_failure(std::string_view verb, std::string_view name, int error_number) {
  const std::string what = fmt::format("cannot {} the sysctl {}: ", verb, name);
  const bool absent = error_number == ENOENT;
  const bool read_only = error_number == EACCES || error_number == EPERM;
  if ((absent || read_only) && std::ranges::find(machine_wide, name) != machine_wide.end()) {
    return fail(what + "it belongs to the whole machine, not to a network namespace");
  }
  if (absent) return fail(what + "this kernel has none of that name in a network namespace of its own");
  if (read_only) return fail(what + "a network namespace of its own can only read it");
  if (error_number == EROFS) {
    return fail(what + "/proc/sys is mounted read-only", "in a container: run it with --privileged");
  }
  return fail(what + std::strerror(error_number));
}

tl::unexpected<Error> write_failure(std::string_view name, std::string_view value, int error_number) {
  // ENOENT is for a name in the value: of a congestion control, say.
  const bool refused = error_number == EINVAL || error_number == ERANGE || error_number == ENOENT;
  return fail(fmt::format("cannot set the sysctl {} to `{}`: {}", name, printable(value),
                          refused ? "the kernel does not take this value" : std::strerror(error_number)));
}

}  // namespace

Result<std::string> sysctl_path(std::string_view name) {
  const bool hollow = name.ends_with('.') || name.find("..") != std::string_view::npos;
  if (!name.starts_with("net.") || hollow || !std::all_of(name.begin(), name.end(), fits_a_name)) {
    return fail(fmt::format("'{}' is not the name of a network sysctl", printable(name)),
                "write it as in net.ipv4.tcp_syncookies");
  }
  std::string path = "/proc/sys/" + std::string(name);
  std::replace(path.begin() + sizeof "/proc/sys", path.end(), '.', '/');
  return path;
}

Result<std::string> read_sysctl(std::string_view name) {
  const auto path = sysctl_path(name);
  if (!path) return path;
  const Descriptor file(::open(path->c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return open_failure("read", name, errno);
  std::array<char, 4096> text;
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) return open_failure("read", name, errno);
  std::string value(text.data(), static_cast<std::size_t>(size));
  if (value.ends_with('\n')) value.pop_back();
  return value;
}

Result<void> write_sysctl(std::string_view name, std::string_view value) {
  const auto path = sysctl_path(name);
  if (!path) return pass_on(path.error());
  const Descriptor file(::open(path->c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return open_failure("write", name, errno);
  // The kernel takes nothing for anything.
  if (value.empty()) return write_failure(name, value, EINVAL);
  if (::write(file.get(), value.data(), value.size()) < 0) return write_failure(name, value, errno);
  return {};
}

}  // namespace finack
