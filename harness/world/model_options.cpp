// SPDX-License-Identifier: Apache-2.0
#include "world/model_options.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace finack {

namespace {

using model::Options;

struct Entry {
  std::string_view name;
  void (*set)(Options& options, int value);
  int (*get)(const Options& options, const model::Settings& settings);
  int least;
};

template <class T>
int seconds(const std::optional<T>& value, Duration otherwise) {
  return static_cast<int>(
      std::chrono::duration_cast<std::chrono::seconds>(value.value_or(otherwise)).count());
}

constexpr Entry entries[] = {
    {"reuseaddr", [](Options& o, int v) { o.reuse_address = v != 0; },
     [](const Options& o, const model::Settings&) { return int{o.reuse_address}; }, 0},
    {"reuseport", [](Options& o, int v) { o.reuse_port = v != 0; },
     [](const Options& o, const model::Settings&) { return int{o.reuse_port}; }, 0},
    {"keepalive", [](Options& o, int v) { o.keep_alive = v != 0; },
     [](const Options& o, const model::Settings&) { return int{o.keep_alive}; }, 0},
    {"keepalive-idle", [](Options& o, int v) { o.keep_alive_idle = std::chrono::seconds(v); },
     [](const Options& o, const model::Settings& s) { return seconds(o.keep_alive_idle, s.keep_alive); }, 1},
    {"keepalive-interval", [](Options& o, int v) { o.keep_alive_interval = std::chrono::seconds(v); },
     [](const Options& o, const model::Settings& s) {
       return seconds(o.keep_alive_interval, s.keep_alive_interval);
     },
     1},
    {"keepalive-count", [](Options& o, int v) { o.keep_alive_count = static_cast<unsigned>(v); },
     [](const Options& o, const model::Settings& s) {
       return static_cast<int>(o.keep_alive_count.value_or(s.keep_alive_count));
     },
     1},
    {"linger2", [](Options& o, int v) { o.fin_timeout = std::chrono::seconds(v); },
     [](const Options& o, const model::Settings& s) { return seconds(o.fin_timeout, s.fin_timeout); }, 0},
    {"user-timeout",
     [](Options& o, int v) {
       o.user_timeout = v == 0 ? std::nullopt : std::optional<Duration>(std::chrono::milliseconds(v));
     },
     [](const Options& o, const model::Settings&) {
       return static_cast<int>(o.user_timeout.value_or(Duration{}) / 1ms);
     },
     0},
    {"nodelay", [](Options& o, int v) { o.no_delay = v != 0; },
     [](const Options& o, const model::Settings&) { return int{o.no_delay}; }, 0},
    {"fastopen-connect", [](Options& o, int v) { o.fast_open_connect = v != 0; },
     [](const Options& o, const model::Settings&) { return int{o.fast_open_connect}; }, 0},
    {"oobinline", [](Options& o, int v) { o.urgent_inline = v != 0; },
     [](const Options& o, const model::Settings&) { return int{o.urgent_inline}; }, 0},
    {"maxseg", [](Options& o, int v) { o.max_segment = static_cast<std::uint16_t>(std::min(v, 65'495)); },
     [](const Options& o, const model::Settings&) { return int{o.max_segment.value_or(536)}; }, 88},
    {"receive-buffer", [](Options& o, int v) { o.receive_buffer = static_cast<std::uint32_t>(v); },
     [](const Options& o, const model::Settings& s) {
       return static_cast<int>(o.receive_buffer.value_or(s.receive_buffer));
     },
     1},
    {"send-buffer", [](Options& o, int v) { o.send_buffer = static_cast<std::uint32_t>(v); },
     [](const Options& o, const model::Settings& s) {
       return static_cast<int>(o.send_buffer.value_or(s.send_buffer));
     },
     1},
};
// Of no number kept for long, or of none at all.
constexpr std::string_view others[] = {"linger", "error", "unread", "unsent", "iss"};

// What a buffer may be asked for, so that nobody's memory goes.
constexpr int most_octets = 1 << 26;

const Entry* find(std::string_view name) {
  const auto at = std::ranges::find(entries, name, &Entry::name);
  return at == std::end(entries) ? nullptr : &*at;
}

template <class T>
std::optional<T> number(const std::string& text) {
  T out = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, out);
  if (status != std::errc{} || stop != end) return std::nullopt;
  return out;
}

}  // namespace

bool has_model_option(std::string_view name) {
  return find(name) || std::ranges::find(others, name) != std::end(others);
}

ModelOption set_model_option(model::Socket& socket, std::string_view name, const std::string& value) {
  if (!has_model_option(name)) return ModelOption::unknown_name;
  const Entry* entry = find(name);
  if (name == "iss") {
    const auto iss = number<std::uint32_t>(value);
    if (!iss || *iss == 0) return ModelOption::bad_value;
    if (!socket.is_fresh()) return ModelOption::not_fresh;
    socket.options().iss = Seq{*iss};
    return ModelOption::done;
  }
  if (!entry && name != "linger") return ModelOption::read_only;
  const auto parsed = number<int>(value);
  if (name == "linger") {
    if (value == "off") {
      socket.options().linger.reset();
    } else if (!parsed || *parsed < 0 || *parsed > 32767) {
      return ModelOption::bad_value;
    } else {
      socket.options().linger = std::chrono::seconds(*parsed);
    }
  } else {
    if (!parsed || *parsed < entry->least) return ModelOption::bad_value;
    entry->set(socket.options(), std::min(*parsed, most_octets));
  }
  socket.apply_options();
  return ModelOption::done;
}

ModelOption get_model_option(model::Socket& socket, std::string_view name, std::string& value) {
  if (const Entry* entry = find(name)) {
    value = std::to_string(entry->get(socket.options(), socket.settings()));
  } else if (name == "linger") {
    const auto& linger = socket.options().linger;
    value = linger ? std::to_string(seconds(linger, Duration{})) : "off";
  } else if (name == "error") {
    const model::Errno told = socket.take_error();
    value = told.empty() ? "none" : told;
  } else if (name == "unread") {
    value = std::to_string(socket.unread());
  } else if (name == "unsent") {
    value = std::to_string(socket.unsent());
  } else {
    return ModelOption::unknown_name;
  }
  return ModelOption::done;
}

}  // namespace finack
