// SPDX-License-Identifier: Apache-2.0
// Links, addresses, routes and neighbours of one network namespace.
#pragma once

#include <cstdint>
#include <string>

#include "base/address.h"
#include "base/result.h"
#include "net/namespace.h"
#include "net/netlink_socket.h"

namespace finack {

struct VethEnd {
  std::string name;
  MacAddress mac{};
};

// "2001:db8::/32": the addresses that share their first `length` bits with `first`.
struct Prefix {
  Address first;
  unsigned length = 0;
};

// A route socket in one namespace; the calling thread may be in another. Links are named by their index
// there. Nothing is undone at the end: what was made vanishes with the namespace.
class Links {
 public:
  static Result<Links> open(const NetworkNamespace& where);

  // Two Ethernet links joined back to back: one here, one in `there`. Both are down. `mtu` is in octets,
  // without the Ethernet header.
  Result<void> add_veth(const VethEnd& here, const VethEnd& far, const NetworkNamespace& there, unsigned mtu);
  Result<unsigned> index_of(const std::string& name);
  // No link-local address of its own and so no router solicitations either; call it before bring_up. IPv6
  // must be in the kernel.
  Result<void> no_automatic_addresses(unsigned link);
  Result<void> bring_up(unsigned link);

  // `length` is that of the on-link prefix. IPv6 addresses are usable at once, without duplicate detection.
  Result<void> add_address(unsigned link, const Address& address, unsigned length);
  Result<void> add_route(const Prefix& to, const Address& gateway, unsigned link);
  // A neighbour that is never asked for and never expires.
  Result<void> add_neighbour(unsigned link, const Address& address, const MacAddress& mac);

 private:
  explicit Links(NetlinkHandle socket) : socket_(std::move(socket)) {}

  NetlinkHandle socket_;
};

}  // namespace finack
