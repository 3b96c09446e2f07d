// SPDX-License-Identifier: Apache-2.0
#include "world/target_sysctls.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "net/sysctl.h"

namespace finack {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> settings = {{
    {"net.ipv4.tcp_syncookies", "0"},             // a cookie answers a SYN without a record of it
    {"net.ipv4.tcp_congestion_control", "reno"},  // the one that every kernel has
}};

constexpr std::string_view reported[] = {
    "net.ipv4.tcp_abort_on_overflow",
    "net.ipv4.tcp_challenge_ack_limit",
    "net.ipv4.tcp_congestion_control",
    "net.ipv4.tcp_ecn",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_invalid_ratelimit",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_max_tw_buckets",
    "net.ipv4.tcp_orphan_retries",
    "net.ipv4.tcp_retries1",
    "net.ipv4.tcp_retries2",
    "net.ipv4.tcp_rfc1337",
    "net.ipv4.tcp_sack",
    "net.ipv4.tcp_syn_retries",
    "net.ipv4.tcp_synack_retries",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_timestamps",
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_window_scaling",
};

// What is configured shall be in force: of "1 x" or "5 6" the kernel takes the first number and says nothing.
Result<void> set(std::string_view name, std::string_view value) {
  if (auto done = write_sysctl(name, value); !done) return done;
  const auto stands = read_sysctl(name);
  if (!stands || same_setting(*stands, value)) return {};  // some can only be written
  return fail(fmt::format("cannot set the sysctl {} to `{}`: the kernel made `{}` of it", name,
                          printable(value), printable(*stands)),
              "write the value as the kernel prints it");
}

}  // namespace

bool same_setting(std::string_view a, std::string_view b) {
  return split_words(a) == split_words(b);
}

Result<void> configure(const NetworkNamespace& target, const Configuration& configuration) {
  const auto inside = Inside::enter(target);
  if (!inside) return pass_on(inside.error());
  Configuration wanted = configuration;
  for (const auto& [name, value] : settings) wanted.emplace(name, value);
  for (const auto& [name, value] : wanted) {
    if (auto done = set(name, value); !done) return done;
  }
  return {};
}

Configuration target_sysctls(const NetworkNamespace& target) {
  Configuration out;
  const auto inside = Inside::enter(target);
  if (!inside) return out;
  for (const std::string_view name : reported) {
    if (auto value = read_sysctl(name)) out.emplace(name, std::move(*value));
  }
  return out;
}

}  // namespace finack
