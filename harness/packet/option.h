// SPDX-License-Identifier: Apache-2.0
// One TCP option (RFC 9293 3.1, 3.2) as a value: any kind, any content.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace finack {

namespace option_kind {
inline constexpr std::uint8_t end = 0, nop = 1, mss = 2, window_scale = 3, sack_permitted = 4, sack = 5,
                              timestamps = 8;
}

struct Option {
  std::uint8_t kind = option_kind::nop;
  Bytes data = {};  // what follows kind and length; always empty for end and nop, which have no length octet

  std::size_t size() const { return kind <= option_kind::nop ? 1 : 2 + data.size(); }
  friend bool operator==(const Option&, const Option&) = default;
};

Option mss_option(std::uint16_t mss);

// The maximum segment size that an MSS option of the right length announces.
std::optional<std::uint16_t> mss_of(const Option& option);

struct OptionList {
  std::vector<Option> options;
  bool malformed = false;  // an illegal length ended the list early; `options` holds what came before it
};
OptionList decode_options(BytesView field);
// Without padding.
Bytes encode_options(const std::vector<Option>& options);

// "mss 1460", "wscale 7", "sackok", "sack 100-200", "ts 1 0", "nop", "eol", and "kind 254 0a0b" for any
// other.
std::string to_string(const Option& option);
Result<Option> parse_option(std::string_view text);

}  // namespace finack
