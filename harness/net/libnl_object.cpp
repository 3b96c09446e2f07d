// SPDX-License-Identifier: Apache-2.0
#include "net/libnl_object.h"

#include <linux/if_ether.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/route.h>
#include <sys/socket.h>

namespace finack {
namespace {

AddressObject build(int family, BytesView octets) {
  return AddressObject(nl_addr_build(family, octets.data(), octets.size()));
}

}  // namespace

void PutLibnlObject::operator()(nl_addr* object) const {
  nl_addr_put(object);
}
void PutLibnlObject::operator()(rtnl_addr* object) const {
  rtnl_addr_put(object);
}
void PutLibnlObject::operator()(rtnl_link* object) const {
  rtnl_link_put(object);
}
void PutLibnlObject::operator()(rtnl_neigh* object) const {
  rtnl_neigh_put(object);
}
void PutLibnlObject::operator()(rtnl_route* object) const {
  rtnl_route_put(object);
}

AddressObject to_libnl(const Address& address) {
  return build(address.family == Family::ipv4 ? AF_INET : AF_INET6, address.view());
}

AddressObject to_libnl(const Address& address, unsigned prefix_length) {
  AddressObject out = to_libnl(address);
  if (out) nl_addr_set_prefixlen(out.get(), static_cast<int>(prefix_length));
  return out;
}

AddressObject to_libnl(const MacAddress& mac) {
  return build(AF_LLC, mac);
}

tl::unexpected<Error> out_of_memory() {
  return fail("cannot describe the network to the kernel: out of memory");
}

}  // namespace finack
