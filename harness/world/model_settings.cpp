// SPDX-License-Identifier: Apache-2.0
#include "world/model_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace finack {

namespace {

using model::Settings;

struct Entry {
  std::string_view sysctl;
  int least, most;
  void (*set)(Settings& settings, int value);
};

constexpr int many = 1'000'000;

// A sum of bits: 1 client, 2 server and 1024 of all listeners, 4 and 512 for either without a cookie.
void set_fast_open(Settings& settings, int value) {
  const auto has = [&](int bits) { return (value & bits) == bits; };
  settings.fast_open = {has(1), has(2 + 1024), has(4), has(512)};
}

constexpr Entry entries[] = {
    {"net.ipv4.tcp_timestamps", 0, 2, [](Settings& s, int v) { s.timestamps = v != 0; }},
    {"net.ipv4.tcp_sack", 0, 1, [](Settings& s, int v) { s.sack = v != 0; }},
    {"net.ipv4.tcp_window_scaling", 0, 1, [](Settings& s, int v) { s.window_scaling = v != 0; }},
    {"net.ipv4.tcp_ecn", 0, 2, [](Settings& s, int v) { s.ecn = static_cast<unsigned>(v); }},
    {"net.ipv4.tcp_fastopen", 0, 1 + 2 + 4 + 512 + 1024, set_fast_open},
    {"net.ipv4.tcp_rfc1337", 0, 1, [](Settings& s, int v) { s.ignore_reset_in_time_wait = v != 0; }},
    {"net.ipv4.tcp_fin_timeout", 1, many,
     [](Settings& s, int v) { s.fin_timeout = std::chrono::seconds(v); }},
    {"net.ipv4.tcp_keepalive_time", 1, many,
     [](Settings& s, int v) { s.keep_alive = std::chrono::seconds(v); }},
    {"net.ipv4.tcp_keepalive_intvl", 1, many,
     [](Settings& s, int v) { s.keep_alive_interval = std::chrono::seconds(v); }},
    {"net.ipv4.tcp_keepalive_probes", 1, 127,
     [](Settings& s, int v) { s.keep_alive_count = static_cast<unsigned>(v); }},
    // Of its own, beside what Linux has.
    {"net.model.reset_for_syn", 0, 1, [](Settings& s, int v) { s.reset_for_syn = v != 0; }},
    {"net.model.linger_after_reset", 0, 1, [](Settings& s, int v) { s.linger_after_reset = v != 0; }},
    {"net.model.drop_old_syn", 0, 1, [](Settings& s, int v) { s.drop_old_syn = v != 0; }},
    {"net.model.any_icmp", 0, 1, [](Settings& s, int v) { s.any_icmp = v != 0; }},
    {"net.model.reset_in_time_wait", 0, 1, [](Settings& s, int v) { s.reset_in_time_wait = v != 0; }},
    {"net.model.user_timeout_option", 0, 1, [](Settings& s, int v) { s.user_timeout_option = v != 0; }},
    // What the model has not and these turn off, or have no bearing on.
    {"net.ipv4.tcp_syncookies", 0, 0, [](Settings&, int) {}},
    {"net.ipv4.tcp_invalid_ratelimit", 0, 0, [](Settings&, int) {}},
    {"net.ipv4.tcp_challenge_ack_limit", 1, INT32_MAX, [](Settings&, int) {}},
};

std::optional<int> number(const std::string& text) {
  int out = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, out);
  if (status != std::errc{} || stop != end) return std::nullopt;
  return out;
}

}  // namespace

Result<Settings> model_settings(const Configuration& configuration) {
  Settings out;
  for (const auto& [name, value] : configuration) {
    const auto entry = std::ranges::find(entries, name, &Entry::sysctl);
    if (entry == std::end(entries)) return fail(fmt::format("the model has nothing like {}", name));
    const auto wanted = number(value);
    if (!wanted || *wanted < entry->least || *wanted > entry->most)
      return fail(fmt::format("the model cannot have {} = {}", name, printable(value)));
    entry->set(out, *wanted);
  }
  return out;
}

}  // namespace finack
