// SPDX-License-Identifier: Apache-2.0
// The eight control bits of a TCP header (RFC 9293 3.1) as a set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace finack {

class Flags {
 public:
  constexpr Flags() = default;
  constexpr explicit Flags(std::uint8_t bits) : bits_(bits) {}

  constexpr std::uint8_t bits() const { return bits_; }
  constexpr bool has(Flags wanted) const { return (bits_ & wanted.bits_) == wanted.bits_; }
  constexpr bool empty() const { return bits_ == 0; }

  friend constexpr Flags operator+(Flags a, Flags b) { return Flags(a.bits_ | b.bits_); }
  friend constexpr Flags operator-(Flags a, Flags b) {
    return Flags(static_cast<std::uint8_t>(a.bits_ & ~b.bits_));
  }
  friend constexpr bool operator==(Flags, Flags) = default;

 private:
  std::uint8_t bits_ = 0;
};

namespace flag {
inline constexpr Flags fin{0x01}, syn{0x02}, rst{0x04}, psh{0x08}, ack{0x10}, urg{0x20}, ece{0x40}, cwr{0x80};
}

// "FIN+ACK"; "none" for the empty set.
std::string to_string(Flags flags);
// One flag by its name.
std::optional<Flags> parse_flag(std::string_view name);
// All names that parse_flag knows, to suggest from.
std::span<const std::string_view> flag_names();
// "SYN+ACK" for what is meant by `SYNACK`, `syn/ack` or `SYN,ACK`; none when it is not made of two flags or
// more.
std::optional<std::string> joined_flags(std::string_view text);

}  // namespace finack
