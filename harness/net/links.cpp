// SPDX-License-Identifier: Apache-2.0
#include "net/links.h"

#include <fmt/format.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>

#include "net/libnl_object.h"

namespace finack {
namespace {

Result<void> outcome(std::string_view what, int code) {
  if (code < 0) return netlink_failure(what, code);
  return {};
}

// Asks for a change of one link; `set` says in a blank link object what is to change.
template <class Set>
Result<void> change(nl_sock* socket, unsigned index, std::string_view what, Set set) {
  const LinkObject now(rtnl_link_alloc());
  const LinkObject wish(rtnl_link_alloc());
  if (!now || !wish) return out_of_memory();
  rtnl_link_set_ifindex(now.get(), static_cast<int>(index));
  rtnl_link_set_ifindex(wish.get(), static_cast<int>(index));
  set(wish.get());
  return outcome(what, rtnl_link_change(socket, now.get(), wish.get(), 0));
}

// The kernel routes to an IPv6 address of its own from a work queue, a while after it said that the address
// is there; until then it drops what comes for it. This route does the same at once.
Result<void> route_to_own(nl_sock* socket, unsigned link, const Address& address) {
  const AddressObject own = to_libnl(address);
  const RouteObject route(rtnl_route_alloc());
  rtnl_nexthop* hop = rtnl_route_nh_alloc();
  if (!own || !route || hop == nullptr) return out_of_memory();
  rtnl_route_set_type(route.get(), RTN_LOCAL);
  rtnl_route_set_table(route.get(), RT_TABLE_LOCAL);
  rtnl_route_nh_set_ifindex(hop, static_cast<int>(link));
  rtnl_route_add_nexthop(route.get(), hop);  // the route owns it from here
  if (const int code = rtnl_route_set_dst(route.get(), own.get()); code < 0) {
    return netlink_failure("describe a route", code);
  }
  return outcome(fmt::format("route to the own address {}", to_string(address)),
                 rtnl_route_add(socket, route.get(), 0));
}

}  // namespace

Result<Links> Links::open(const NetworkNamespace& where) {
  auto socket = open_netlink(NETLINK_ROUTE, where);
  if (!socket) return pass_on(socket.error());
  return Links(std::move(*socket));
}

Result<unsigned> Links::index_of(const std::string& name) {
  rtnl_link* found = nullptr;
  const int code = rtnl_link_get_kernel(socket_.get(), 0, name.c_str(), &found);
  if (code < 0) return netlink_failure(fmt::format("find the link {}", name), code);
  return static_cast<unsigned>(rtnl_link_get_ifindex(LinkObject(found).get()));
}

Result<void> Links::no_automatic_addresses(unsigned link) {
  return change(socket_.get(), link, "switch automatic IPv6 addresses off",
                [](rtnl_link* wish) { rtnl_link_inet6_set_addr_gen_mode(wish, IN6_ADDR_GEN_MODE_NONE); });
}

Result<void> Links::bring_up(unsigned link) {
  return change(socket_.get(), link, "bring a link up",
                [](rtnl_link* wish) { rtnl_link_set_flags(wish, IFF_UP); });
}

Result<void> Links::add_address(unsigned link, const Address& address, unsigned length) {
  const AddressObject local = to_libnl(address, length);
  const LinkAddressObject object(rtnl_addr_alloc());
  if (!local || !object) return out_of_memory();
  rtnl_addr_set_ifindex(object.get(), static_cast<int>(link));
  if (const int code = rtnl_addr_set_local(object.get(), local.get()); code < 0) {
    return netlink_failure("describe an address", code);
  }
  if (address.family == Family::ipv6) rtnl_addr_set_flags(object.get(), IFA_F_NODAD);
  auto added = outcome(fmt::format("add the address {}/{}", to_string(address), length),
                       rtnl_addr_add(socket_.get(), object.get(), NLM_F_EXCL));
  if (!added || address.family == Family::ipv4) return added;
  return route_to_own(socket_.get(), link, address);
}

Result<void> Links::add_route(const Prefix& to, const Address& gateway, unsigned link) {
  const AddressObject first = to_libnl(to.first, to.length);
  const AddressObject via = to_libnl(gateway);
  const RouteObject route(rtnl_route_alloc());
  rtnl_nexthop* hop = rtnl_route_nh_alloc();
  if (!first || !via || !route || hop == nullptr) return out_of_memory();
  rtnl_route_set_family(route.get(), static_cast<std::uint8_t>(nl_addr_get_family(first.get())));
  rtnl_route_set_protocol(route.get(), RTPROT_STATIC);
  rtnl_route_set_table(route.get(), RT_TABLE_MAIN);
  rtnl_route_nh_set_ifindex(hop, static_cast<int>(link));
  rtnl_route_nh_set_gateway(hop, via.get());
  rtnl_route_add_nexthop(route.get(), hop);  // the route owns it from here
  if (const int code = rtnl_route_set_dst(route.get(), first.get()); code < 0) {
    return netlink_failure("describe a route", code);
  }
  return outcome(
      fmt::format("add a route to {}/{} through {}", to_string(to.first), to.length, to_string(gateway)),
      rtnl_route_add(socket_.get(), route.get(), NLM_F_EXCL));
}

Result<void> Links::add_neighbour(unsigned link, const Address& address, const MacAddress& mac) {
  const AddressObject where = to_libnl(address);
  const AddressObject lower = to_libnl(mac);
  const NeighbourObject neighbour(rtnl_neigh_alloc());
  if (!where || !lower || !neighbour) return out_of_memory();
  rtnl_neigh_set_ifindex(neighbour.get(), static_cast<int>(link));
  rtnl_neigh_set_lladdr(neighbour.get(), lower.get());
  rtnl_neigh_set_state(neighbour.get(), NUD_PERMANENT);
  if (const int code = rtnl_neigh_set_dst(neighbour.get(), where.get()); code < 0) {
    return netlink_failure("describe a neighbour", code);
  }
  return outcome(fmt::format("add the neighbour {}", to_string(address)),
                 rtnl_neigh_add(socket_.get(), neighbour.get(), NLM_F_CREATE | NLM_F_REPLACE));
}

}  // namespace finack
