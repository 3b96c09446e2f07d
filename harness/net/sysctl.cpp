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

tl::unexpected<Error> sysctl_failure(std::string_view verb, std::string_view name, int error_number) {
  const std::string what = fmt::format("cannot {} the sysctl {}: ", verb, name);
  switch (error_number) {
    case ENOENT:
      return fail(what + "this kernel has none of that name in a network namespace of its own");
    case EROFS:
      return fail(what + "/proc/sys is mounted read-only", "in a container: run it with --privileged");
    case EINVAL:
    case ERANGE:
      return fail(what + "the kernel does not take this value");
    default:
      return fail(what + std::strerror(error_number));
  }
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
  if (!file) return sysctl_failure("read", name, errno);
  std::array<char, 4096> text;
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) return sysctl_failure("read", name, errno);
  std::string value(text.data(), static_cast<std::size_t>(size));
  if (value.ends_with('\n')) value.pop_back();
  return value;
}

Result<void> write_sysctl(std::string_view name, std::string_view value) {
  const auto path = sysctl_path(name);
  if (!path) return pass_on(path.error());
  const Descriptor file(::open(path->c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return sysctl_failure("write", name, errno);
  if (::write(file.get(), value.data(), value.size()) < 0) return sysctl_failure("write", name, errno);
  return {};
}

}  // namespace finack
