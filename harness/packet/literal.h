// SPDX-License-Identifier: Apache-2.0
// Whole numbers and octets as people write them in a segment.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace finack {

// One unsigned number and nothing else, without a sign; none when it does not fit.
template <class T>
std::optional<T> parse_unsigned(std::string_view text, int base = 10) {
  T value{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "5", "0x1f", "5+1-2", "7+-1", "window-1". What is too large stays too large and does not wrap.
struct Sum {
  std::int64_t integers = 0;
  int windows = 0;  // how often the word `window` was added
};
std::optional<Sum> parse_sum(std::string_view text);

// Two hexadecimal digits an octet, without spaces; may be empty.
std::optional<Bytes> parse_hex(std::string_view text);
std::string to_hex(BytesView octets);

}  // namespace finack
