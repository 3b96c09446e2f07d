// SPDX-License-Identifier: Apache-2.0
// IPv4 and IPv6 addresses, endpoints, and the pair of endpoints that names a connection.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace finack {

enum class Family : std::uint8_t { ipv4, ipv6 };

constexpr std::string_view to_string(Family family) {
  return family == Family::ipv4 ? "ipv4" : "ipv6";
}

struct Address {
  Family family = Family::ipv4;
  std::array<std::uint8_t, 16> octets{};  // an IPv4 address uses the first four, the others are zero

  static Address ipv4(std::uint32_t host_order);
  // Takes 4 or 16 octets in network order.
  static Address from_octets(BytesView octets);
  static std::optional<Address> parse(std::string_view text);

  BytesView view() const { return BytesView(octets).first(family == Family::ipv4 ? 4 : 16); }
  // The address `steps` after this one, counted in its last 32 bits.
  Address plus(std::uint32_t steps) const;

  friend auto operator<=>(const Address&, const Address&) = default;
};

std::string to_string(const Address& address);

using MacAddress = std::array<std::uint8_t, 6>;

struct Endpoint {
  Address address;
  std::uint16_t port = 0;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// "192.0.2.1:80", "[2001:db8::1]:80"
std::string to_string(const Endpoint& endpoint);

// A connection by its two ends, as seen from the target.
struct EndpointPair {
  Endpoint target;  // local to the stack under test
  Endpoint peer;    // our end

  friend auto operator<=>(const EndpointPair&, const EndpointPair&) = default;
};

}  // namespace finack
