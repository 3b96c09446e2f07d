// SPDX-License-Identifier: Apache-2.0
#include "world/address_plan.h"

namespace finack {

namespace {

// 198.18.0.0/15 less its first and last address.
constexpr std::uint32_t most_peers = (1u << 17) - 2;
constexpr std::uint16_t first_target_port = 1024, target_ports = 64'000;
constexpr std::uint16_t first_peer_port = 49'152, peer_ports = 16'000;

Address address(const char* text) {
  return *Address::parse(text);
}

}  // namespace

AddressPlan address_plan(Family family) {
  if (family == Family::ipv4)
    return {address("192.0.2.1"), address("192.0.2.2"), 30, address("198.18.0.0"), 15};
  return {address("2001:db8::1"), address("2001:db8::2"), 64, address("2001:db8:1::"), 48};
}

Result<EndpointPair> pair_for_seat(Family family, std::uint32_t seat) {
  if (seat >= most_peers) return fail("the addresses for peers are used up", "run fewer instances at a time");
  const AddressPlan plan = address_plan(family);
  return EndpointPair{
      {plan.target, static_cast<std::uint16_t>(first_target_port + seat % target_ports)},
      {plan.peers.plus(seat + 1), static_cast<std::uint16_t>(first_peer_port + seat % peer_ports)}};
}

}  // namespace finack
