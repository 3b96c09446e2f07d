// SPDX-License-Identifier: Apache-2.0
// Who has which address in a private network. All are from blocks set aside for documentation and benchmarks
// (RFC 5737, RFC 2544, RFC 3849), so that a capture says what it is.
#pragma once

#include <cstdint>

#include "base/address.h"
#include "base/result.h"

namespace finack {

// One family's part. The target reaches all peers through one gateway, which exists only as a permanent
// neighbour entry: with on-link peers the neighbour table of the whole machine overflows at 1,024.
struct AddressPlan {
  Address target;
  Address gateway;
  unsigned link_length;   // prefix length of the link between the two
  Address peers;          // the first address of the block of peers
  unsigned peers_length;  // its prefix length
};

AddressPlan address_plan(Family family);

// The pair for a seat: an address of its own for the peer, a port of its own for the target. Fails when the
// block of peers is used up.
Result<EndpointPair> pair_for_seat(Family family, std::uint32_t seat);

}  // namespace finack
