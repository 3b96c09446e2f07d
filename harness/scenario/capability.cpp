// SPDX-License-Identifier: Apache-2.0
#include "scenario/capability.h"

#include <algorithm>

namespace finack {

namespace {

constexpr std::string_view names[] = {
    // of an agent
    "inet",
    "inet6",
    "half-close",
    "linger0",
    "watch",
    "state",
    "dup",
    "die",
    "urgent",
    "destroy",
    // of a world
    "sysctl",
    // of a stack, declared in its profile
    "timestamps",
    "sack",
    "window-scale",
    "fast-open",
    "ecn",
    "keep-alive",
    "user-timeout",
    "challenge-ack",
    "early-send",
};

constexpr std::string_view options[] = {
    "reuseaddr",
    "reuseport",
    "keepalive",
    "keepalive-idle",
    "keepalive-interval",
    "keepalive-count",
    "linger",
    "linger2",
    "receive-buffer",
    "send-buffer",
    "v6only",
    "nodelay",
    "cork",
    "quickack",
    "maxseg",
    "user-timeout",
    "syn-count",
    "defer-accept",
    "window-clamp",
    "oobinline",
    "fastopen",
    "fastopen-connect",
    "notsent-lowat",
    "error",
    "unread",
    "unsent",
    "iss",
};

}  // namespace

std::span<const std::string_view> capability_names() {
  return names;
}

std::span<const std::string_view> socket_option_names() {
  return options;
}

bool is_capability(std::string_view name) {
  constexpr std::string_view prefix = "option-";
  if (name.starts_with(prefix))
    return std::ranges::find(options, name.substr(prefix.size())) != std::end(options);
  return std::ranges::find(names, name) != std::end(names);
}

std::string capability_for(const CallStep& call) {
  const auto field = [&](std::string_view key) -> std::string_view {
    const auto at = std::ranges::find_if(call.fields, [&](const auto& entry) { return entry.first == key; });
    return at == call.fields.end() ? std::string_view() : std::string_view(at->second);
  };
  if (call.word == "shutdown" && field("how") == "send") return "half-close";
  if (call.word == "abort") return "linger0";
  if (call.word == "dup" || call.word == "die" || call.word == "destroy" || call.word == "watch")
    return call.word;
  if (call.word == "receive-urgent" || field("urgent") == "yes") return "urgent";
  if (call.word == "option") return "option-" + std::string(field("name"));
  return {};
}

}  // namespace finack
