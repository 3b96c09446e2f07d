// SPDX-License-Identifier: Apache-2.0
#include "packet/literal.h"

#include <fmt/format.h>

#include <algorithm>

namespace finack {

namespace {

// Far above every field, far below what could overflow.
constexpr std::int64_t too_large = std::int64_t{1} << 48;
constexpr int too_many_windows = 1000;

std::optional<Sum> parse_term(std::string_view text) {
  if (text == "window") return Sum{0, 1};
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, status] =
      std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (text.empty() || status == std::errc::invalid_argument || end != text.data() + text.size())
    return std::nullopt;
  const bool large = status != std::errc{} || value > static_cast<std::uint64_t>(too_large);
  return Sum{large ? too_large : static_cast<std::int64_t>(value), 0};
}

// Takes a sign off the front.
std::optional<int> take_sign(std::string_view& text) {
  if (!text.starts_with('+') && !text.starts_with('-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  return sign;
}

}  // namespace

std::optional<Sum> parse_sum(std::string_view text) {
  Sum out;
  for (bool first = true; first || !text.empty(); first = false) {
    const auto joint = take_sign(text);
    if (!joint && !first) return std::nullopt;
    // A negative value put in the place of a name brings a sign of its own.
    const int sign = joint.value_or(1) * (joint ? take_sign(text).value_or(1) : 1);
    const std::size_t end = std::min(text.find_first_of("+-"), text.size());
    const auto term = parse_term(text.substr(0, end));
    if (!term) return std::nullopt;
    out.integers = std::clamp(out.integers + sign * term->integers, -too_large, too_large);
    out.windows = std::clamp(out.windows + sign * term->windows, -too_many_windows, too_many_windows);
    text.remove_prefix(end);
  }
  return out;
}

std::optional<Bytes> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto octet = parse_unsigned<std::uint8_t>(text.substr(i, 2), 16);
    if (!octet) return std::nullopt;
    out.push_back(*octet);
  }
  return out;
}

std::string to_hex(BytesView octets) {
  std::string out;
  for (const std::uint8_t octet : octets) out += fmt::format("{:02x}", octet);
  return out;
}

}  // namespace finack
