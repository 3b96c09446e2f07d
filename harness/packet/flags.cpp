// SPDX-License-Identifier: Apache-2.0
#include "packet/flags.h"

#include <array>
#include <cctype>

namespace finack {

namespace {
// In the order in which people say them: SYN+ACK, FIN+PSH+ACK.
constexpr std::array<std::string_view, 8> names = {"SYN", "FIN", "RST", "URG", "PSH", "ACK", "ECE", "CWR"};
constexpr std::array<Flags, 8> values = {flag::syn, flag::fin, flag::rst, flag::urg,
                                         flag::psh, flag::ack, flag::ece, flag::cwr};
}  // namespace

std::string to_string(Flags flags) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!flags.has(values[i])) continue;
    if (!out.empty()) out += '+';
    out += names[i];
  }
  return out.empty() ? "none" : out;
}

std::optional<Flags> parse_flag(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return values[i];
  }
  return std::nullopt;
}

std::span<const std::string_view> flag_names() {
  return names;
}

std::optional<std::string> joined_flags(std::string_view text) {
  constexpr std::size_t name_size = 3, most = names.size();
  std::string out;
  std::size_t flags = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (std::isalpha(static_cast<unsigned char>(text[at])) == 0) {
      ++at;
      continue;
    }
    std::string name(text.substr(at, name_size));
    for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (!parse_flag(name) || ++flags > most) return std::nullopt;
    out += (out.empty() ? "" : "+") + name;
    at += name_size;
  }
  if (flags < 2) return std::nullopt;
  return out;
}

}  // namespace finack
