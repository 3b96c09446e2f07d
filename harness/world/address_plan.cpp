// SPDX-License-Identifier: Apache-2.0
#include "world/address_plan.h"

namespace finack {

namespace {

// 198.18.0.0/15 and 10.0.0.0/8, each less its first and last address.
constexpr std::uint32_t first_peers = (1u << 17) - 2, more_peers = (1u << 24) - 2;
constexpr std::uint16_t first_target_port = 1024, target_ports = 64'000;
constexpr std::uint16_t first_peer_port = 49'152, peer_ports = 16'000;

Address address(const char* text) {
  return *Address::parse(text);
}

}  // namespace

AddressPlan address_plan(Family family) {
  if (family == Family::ipv4)
    return {
        address("192.0.2.1"), address("192.0.2.2"), 30, address("198.18.0.0"), 15, address("10.0.0.0"), 8};
  return {address("2001:db8::1"),
          address("2001:db8::2"),
          64,
          address("2001:db8:1::"),
          48,
          address("2001:db8:2::"),
          48};
}

EndpointPair pair_for_seat(Family family, std::uint32_t seat) {
  const AddressPlan plan = address_plan(family);
  const std::uint32_t place = seat % (first_peers + more_peers);
  const Address peer =
      place < first_peers ? plan.peers.plus(place + 1) : plan.more_peers.plus(place - first_peers + 1);
  return EndpointPair{{plan.target, static_cast<std::uint16_t>(first_target_port + seat % target_ports)},
                      {peer, static_cast<std::uint16_t>(first_peer_port + seat % peer_ports)}};
}

}  // namespace finack
