// SPDX-License-Identifier: Apache-2.0
// Who has which address in a private network. All are from blocks set aside for documentation and benchmarks
// (RFC 5737, RFC 2544, RFC 3849), so that a capture says what it is; after 131,070 IPv4 peers from a private
// one (RFC 1918).
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
  Address more_peers;     // the block that follows when the first is used up
  unsigned more_peers_length;
};

AddressPlan address_plan(Family family);

// The pair for a seat: an address of its own for the peer, a port of its own for the target among 64,000
// seats in a row. After 16.9 million seats the addresses come round again; whoever had them is long gone.
EndpointPair pair_for_seat(Family family, std::uint32_t seat);

}  // namespace finack
