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
  std::optional<std::uint8_t> length = {};  // the length octet when it is not size()
  bool raw = false;                         // no option at all: only the octets of `data`; kind is end
  // Of timestamps, when expecting: the echo alone counts. Of others, when sending: the octets of the option
  // are those on the target's SYN.
  bool any_value = false;

  // What it takes in the header.
  std::size_t size() const { return raw ? data.size() : kind <= option_kind::nop ? 1 : 2 + data.size(); }
  friend bool operator==(const Option&, const Option&) = default;
};

Option mss_option(std::uint16_t mss);
// RFC 7323 3.2
Option timestamps_option(std::uint32_t value, std::uint32_t echo);
Option raw_option(Bytes octets);

// The maximum segment size that an MSS option of the right length announces.
std::optional<std::uint16_t> mss_of(const Option& option);
// The shift count that a window scale option announces, held to at most 14 (RFC 7323 2.3).
std::optional<std::uint8_t> window_scale_of(const std::vector<Option>& options);
struct Timestamps {
  std::uint32_t value = 0;
  std::uint32_t echo = 0;
};
std::optional<Timestamps> timestamps_of(const std::vector<Option>& options);

struct OptionList {
  std::vector<Option> options;
  bool malformed =
      false;  // an illegal length ended the list early; the last of `options` holds the rest, raw
};
OptionList decode_options(BytesView field);
// Without padding.
Bytes encode_options(const std::vector<Option>& options);
std::size_t size_of(const std::vector<Option>& options);

// "mss 1460", "wscale 7", "sackok", "sack 100-200", "ts 1 0", "ts any 0", "nop", "eol", "kind 254 0a0b" for
// any other, "kind 34 theirs" for octets of the target's, "kind 254 len=9 0a0b" for one whose length octet
// lies, and "raw 0204" for octets that are no option.
std::string to_string(const Option& option);
// "<mss 1460, sackok>"
std::string to_string(const std::vector<Option>& options);
Result<Option> parse_option(std::string_view text);

}  // namespace finack
