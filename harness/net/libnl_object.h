// SPDX-License-Identifier: Apache-2.0
// Owners of libnl's reference-counted objects, and our values as libnl's.
#pragma once

#include <netlink/addr.h>

#include <memory>

#include "base/address.h"
#include "base/result.h"
#include "net/links.h"

struct rtnl_addr;
struct rtnl_link;
struct rtnl_neigh;
struct rtnl_route;

namespace finack {

struct PutLibnlObject {
  void operator()(nl_addr* object) const;
  void operator()(rtnl_addr* object) const;
  void operator()(rtnl_link* object) const;
  void operator()(rtnl_neigh* object) const;
  void operator()(rtnl_route* object) const;
};

using AddressObject = std::unique_ptr<nl_addr, PutLibnlObject>;
using LinkAddressObject = std::unique_ptr<rtnl_addr, PutLibnlObject>;
using LinkObject = std::unique_ptr<rtnl_link, PutLibnlObject>;
using NeighbourObject = std::unique_ptr<rtnl_neigh, PutLibnlObject>;
using RouteObject = std::unique_ptr<rtnl_route, PutLibnlObject>;

// An empty owner stands for: out of memory.
AddressObject to_libnl(const Address& address);
AddressObject to_libnl(const Address& address, unsigned prefix_length);
AddressObject to_libnl(const MacAddress& mac);

tl::unexpected<Error> out_of_memory();

}  // namespace finack
