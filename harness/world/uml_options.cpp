// SPDX-License-Identifier: Apache-2.0
#include "world/uml_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace finack {

namespace {

// scripts/uml.config has more: what these need, and what makes a kernel boot at all.
constexpr std::string_view needed[] = {
    "UML_TIME_TRAVEL_SUPPORT",
    "HIGH_RES_TIMERS",
    "HOSTFS",
    "PROC_FS",
    "TMPFS",
    "NET_NS",
    "USER_NS",
    "VETH",
    "PACKET",
    "INET",
    "INET_DIAG",
    "INET_TCP_DIAG",
    "UNIX",
    "INET_DIAG_DESTROY",
};

bool unsafe(char c) {
  return c == '"' || static_cast<unsigned char>(c) < ' ' || c == 0x7f;
}

// The kernel splits its command line at spaces, but for those between quotation marks.
Result<std::string> quoted(std::string_view name, const std::string& value) {
  if (std::ranges::any_of(value, unsafe)) {
    return fail(fmt::format("a kernel cannot be told of `{}`: it has a quotation mark or a control character",
                            printable(value)));
  }
  const std::string plain = fmt::format("{}{}", name, value);
  return value.find(' ') == std::string::npos ? plain : fmt::format("{}\"{}\"", name, value);
}

std::set<std::string_view> switched_on(std::string_view configuration) {
  constexpr std::string_view prefix = "CONFIG_";
  std::set<std::string_view> out;
  for (const std::string_view word : split_words(configuration)) {
    if (word.starts_with(prefix) && word.ends_with("=y"))
      out.insert(word.substr(prefix.size(), word.size() - prefix.size() - 2));
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> boot_arguments(const UmlBoot& boot) {
  std::vector<std::string> out = {
      "time-travel=inf-cpu",
      // The first of 2026, each time: the kernel's random numbers depend on it, and on all words here. One
      // that it takes for a module's is mixed in and has no other meaning.
      "time-travel-start=1767225600000000000",
      fmt::format("finack.seed={}", boot.seed),
      "uml_dir=./",  // files about itself
      "mem=512M",    // of which only what is used is taken
      // Where these two are missing the kernel adds them, behind what is for process 1.
      "root=hostfs",  // no device: 6.1 mounts nothing for one that it has no driver for
      "console=tty0",
      "rootfstype=hostfs",
      "rootflags=/",
      "ro",
      "con0=fd:0,fd:1",
      "con=null",
      "ssl=null",
      // A word that the kernel does not know goes into the environment of process 1: the C library shall use
      // no registers that a page fault may cost (world/uml_system_calls.h).
      "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX_Fast_Unaligned_Load",
  };
  const auto append = [&](std::string_view name, const std::string& value) {
    return quoted(name, value).map([&](const std::string& word) { out.push_back(word); });
  };
  if (const auto done = append("init=", boot.init); !done) return pass_on(done.error());
  out.emplace_back("--");  // what follows is for process 1
  for (const std::string& argument : boot.init_arguments) {
    if (const auto good = append("", argument); !good) return pass_on(good.error());
  }
  return out;
}

std::vector<std::string> missing_options(std::string_view configuration) {
  const auto there = switched_on(configuration);
  std::vector<std::string> out;
  for (const std::string_view option : needed) {
    if (!there.contains(option)) out.push_back("CONFIG_" + std::string(option));
  }
  return out;
}

bool is_uml_configuration(std::string_view configuration) {
  return switched_on(configuration).contains("UML");
}

}  // namespace finack
