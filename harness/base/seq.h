// SPDX-License-Identifier: Apache-2.0
// A TCP sequence number: 32 bits, compared around the circle (RFC 9293 3.4).
#pragma once

#include <compare>
#include <cstdint>

namespace finack {

// A point on the circle of 2^32 sequence numbers. `a < b` means that b is reached from a by going forward
// less than half of the circle; for points exactly half a circle apart neither is before the other.
struct Seq {
  std::uint32_t value = 0;

  friend constexpr bool operator==(Seq, Seq) = default;
  friend constexpr Seq operator+(Seq a, std::uint32_t octets) { return {a.value + octets}; }
  friend constexpr Seq operator-(Seq a, std::uint32_t octets) { return {a.value - octets}; }
  // The signed distance from b to a, in octets.
  friend constexpr std::int32_t operator-(Seq a, Seq b) {
    return static_cast<std::int32_t>(a.value - b.value);
  }
  friend constexpr bool operator<(Seq a, Seq b) { return b - a > 0; }
  friend constexpr bool operator>(Seq a, Seq b) { return b < a; }
  friend constexpr bool operator<=(Seq a, Seq b) { return a == b || a < b; }
  friend constexpr bool operator>=(Seq a, Seq b) { return b <= a; }
};

constexpr Seq later(Seq a, Seq b) {
  return a < b ? b : a;
}

}  // namespace finack
