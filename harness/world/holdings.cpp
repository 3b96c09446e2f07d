// SPDX-License-Identifier: Apache-2.0
#include "world/holdings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"

namespace finack {

namespace {

constexpr std::string_view caches[] = {
    "TCP",
    "TCPv6",
    "tw_sock_TCP",
    "tw_sock_TCPv6",
    "request_sock_TCP",
    "request_sock_TCPv6",
    "sock_inode_cache",
};

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The words of each line.
std::vector<std::vector<std::string_view>> rows(std::string_view text) {
  std::vector<std::vector<std::string_view>> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.push_back(split_words(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Lines as in "TCP: inuse 5 orphan 0 tw 2": what stands behind `key` in the line of `name`.
std::optional<std::int64_t> value_of(std::string_view text, std::string_view name, std::string_view key) {
  for (const auto& words : rows(text)) {
    if (words.empty() || words[0] != name) continue;
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
      if (words[i] == key) return number(words[i + 1]);
    }
  }
  return std::nullopt;
}

void put(Counts& into, std::string name, std::optional<std::int64_t> value) {
  if (value) into.emplace(std::move(name), *value);
}

Result<std::string> content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) return fail("cannot read " + path);
  return text;
}

// Gives back what is empty, the page that this processor takes from included.
bool shrink(std::string_view cache) {
  std::ofstream file(fmt::format("/sys/kernel/slab/{}/shrink", cache));
  return static_cast<bool>(file << "1" << std::flush);
}

}  // namespace

Counts counts_of_namespace(std::string_view sockstat, std::string_view sockstat6) {
  Counts out;
  put(out, "sockets", value_of(sockstat, "sockets:", "used"));
  put(out, "tcp", value_of(sockstat, "TCP:", "inuse"));
  put(out, "tcp6", value_of(sockstat6, "TCP6:", "inuse"));
  put(out, "time-wait", value_of(sockstat, "TCP:", "tw"));
  return out;
}

Counts counts_of_kernel(std::string_view sockstat) {
  Counts out;
  put(out, "orphans", value_of(sockstat, "TCP:", "orphan"));
  put(out, "tcp-sockets", value_of(sockstat, "TCP:", "alloc"));
  put(out, "tcp-memory", value_of(sockstat, "TCP:", "mem"));
  return out;
}

Counts counts_of_slabs(std::string_view slabinfo) {
  Counts out;
  for (const auto& words : rows(slabinfo)) {
    for (const std::string_view cache : caches) {
      if (words.size() > 1 && words[0] == cache) put(out, fmt::format("slab {}", cache), number(words[1]));
    }
  }
  return out;
}

Result<Counts> read_namespace_counts(const NetworkNamespace& there) {
  const auto inside = Inside::enter(there);
  if (!inside) return pass_on(inside.error());
  const auto sockstat = content("/proc/thread-self/net/sockstat");
  if (!sockstat) return pass_on(sockstat.error());
  return counts_of_namespace(*sockstat, content("/proc/thread-self/net/sockstat6").value_or(""));
}

Result<Counts> read_kernel_counts() {
  const auto sockstat = content("/proc/thread-self/net/sockstat");
  if (!sockstat) return pass_on(sockstat.error());
  Counts out = counts_of_kernel(*sockstat);
  bool exact = true;
  for (const std::string_view cache : caches) exact = shrink(cache) && exact;
  if (exact) out.merge(counts_of_slabs(content("/proc/slabinfo").value_or("")));
  return out;
}

}  // namespace finack
