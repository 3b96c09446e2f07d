// SPDX-License-Identifier: Apache-2.0
// Links::add_veth.
#include <fmt/format.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>

#include "net/libnl_object.h"
#include "net/links.h"

namespace finack {
namespace {

Result<void> describe(rtnl_link* link, const VethEnd& end, unsigned mtu) {
  const AddressObject mac = to_libnl(end.mac);
  if (!mac) return out_of_memory();
  rtnl_link_set_name(link, end.name.c_str());
  rtnl_link_set_addr(link, mac.get());
  rtnl_link_set_mtu(link, mtu);
  return {};
}

}  // namespace

Result<void> Links::add_veth(const VethEnd& here, const VethEnd& far, const NetworkNamespace& there,
                             unsigned mtu) {
  const LinkObject near_link(rtnl_link_veth_alloc());
  if (!near_link) return out_of_memory();
  const LinkObject far_link(rtnl_link_veth_get_peer(near_link.get()));
  if (auto done = describe(near_link.get(), here, mtu); !done) return done;
  if (auto done = describe(far_link.get(), far, mtu); !done) return done;
  rtnl_link_set_ns_fd(far_link.get(), there.fd());
  if (const int code = rtnl_link_add(socket_.get(), near_link.get(), NLM_F_CREATE | NLM_F_EXCL); code < 0) {
    return netlink_failure(fmt::format("join {} and {} by a veth pair", here.name, far.name), code);
  }
  return {};
}

}  // namespace finack
