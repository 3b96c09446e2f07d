// SPDX-License-Identifier: Apache-2.0
#include "net/denial.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

namespace finack {
namespace {

constexpr std::string_view wanted = "finack needs a private network, but ";

// The first word of a file, or nothing when the kernel has no such file.
std::string first_word(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

// Whether /proc/self/status has a line that starts so. By lines, because a program may have any name.
bool says(const std::filesystem::path& status, std::string_view start) {
  std::ifstream file(status);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(start)) return true;
  }
  return false;
}

Error sysctl_error(std::string_view name, std::string_view needed, std::string_view because) {
  return {fmt::format("{}{}; set the sysctl {} to {}", wanted, because, name, needed),
          fmt::format("as root: sysctl -w {}={}", name, needed)};
}

}  // namespace

Error explain_denial(const std::filesystem::path& proc, int error_number) {
  const auto sysctl_is = [&](const char* path, std::string_view value) {
    return first_word(proc / "sys" / path) == value;
  };
  if (std::error_code ignored; !std::filesystem::exists(proc / "self/ns/net", ignored)) {
    return {
        fmt::format("{}/proc is not mounted or this kernel has no network namespaces; enable CONFIG_NET_NS "
                    "and mount /proc",
                    wanted)};
  }
  if (std::error_code ignored; !std::filesystem::exists(proc / "self/ns/user", ignored)) {
    return {fmt::format("{}this kernel has no user namespaces; enable CONFIG_USER_NS or run finack as root",
                        wanted)};
  }
  if (sysctl_is("user/max_user_namespaces", "0")) {
    return sysctl_error("user.max_user_namespaces", "10000", "this machine allows no user namespaces");
  }
  if (sysctl_is("user/max_net_namespaces", "0")) {
    return sysctl_error("user.max_net_namespaces", "10000", "this machine allows no network namespaces");
  }
  if (sysctl_is("kernel/unprivileged_userns_clone", "0")) {
    return sysctl_error("kernel.unprivileged_userns_clone", "1",
                        "this machine keeps user namespaces from ordinary users");
  }
  if (sysctl_is("kernel/apparmor_restrict_unprivileged_userns", "1")) {
    return sysctl_error("kernel.apparmor_restrict_unprivileged_userns", "0",
                        "AppArmor takes the rights of ordinary users' user namespaces away");
  }
  if (says(proc / "self/status", "Seccomp:\t2")) {
    return {
        fmt::format(
            "{}a seccomp filter, most likely that of the container, forbids namespaces; allow unshare and "
            "setns, or give the container CAP_SYS_ADMIN and CAP_NET_ADMIN",
            wanted),
        "docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN, or --security-opt seccomp=unconfined"};
  }
  // Real and effective user id.
  if (says(proc / "self/status", "Uid:\t0\t0\t")) {
    return {
        fmt::format("{}root lacks the rights to make one here ({}); give it CAP_SYS_ADMIN and CAP_NET_ADMIN",
                    wanted, std::strerror(error_number)),
        "in a container: docker run --cap-add SYS_ADMIN --cap-add NET_ADMIN"};
  }
  return {fmt::format(
              "{}the system refused one ({}); allow this user to make user and network namespaces, or run "
              "finack as root",
              wanted, std::strerror(error_number)),
          "to see it outside finack: unshare --user --map-root-user --net true"};
}

}  // namespace finack
