// SPDX-License-Identifier: Apache-2.0
#include "world/lane.h"

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <future>
#include <utility>

#include "net/links.h"
#include "net/offload.h"
#include "packet/codec.h"
#include "world/address_plan.h"
#include "world/target_sysctls.h"

namespace finack {

namespace {

constexpr MacAddress our_mac = {0x02, 0, 0, 0, 0, 0x01}, target_mac = {0x02, 0, 0, 0, 0, 0x02};
constexpr unsigned mtu = 1500;
const std::string target_link_name = "target0";  // each is in a namespace of its own

// The target's side of the link: loopback and the link up, addresses, the way to all peers.
Result<unsigned> set_up_target(const NetworkNamespace& target, Links& links) {
  const auto inside = Inside::enter(target);
  if (!inside) return pass_on(inside.error());
  if (auto done = switch_off_offloads(target_link_name); !done) return pass_on(done.error());
  const auto link = links.index_of(target_link_name);
  if (!link) return pass_on(link.error());
  const auto loopback = links.index_of("lo");
  if (!loopback) return pass_on(loopback.error());
  if (auto done = links.bring_up(*loopback); !done) return pass_on(done.error());
  if (kernel_has_ipv6()) {
    if (auto done = links.no_automatic_addresses(*link); !done) return pass_on(done.error());
  }
  if (auto done = links.bring_up(*link); !done) return pass_on(done.error());
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    if (family == Family::ipv6 && !kernel_has_ipv6()) continue;
    const AddressPlan plan = address_plan(family);
    const auto done =
        links.add_address(*link, plan.target, plan.link_length)
            .and_then([&] { return links.add_neighbour(*link, plan.gateway, our_mac); })
            .and_then([&] {
              return links.add_route({plan.peers, plan.peers_length}, plan.gateway, *link);
            })
            .and_then([&] {
              return links.add_route({plan.more_peers, plan.more_peers_length}, plan.gateway, *link);
            });
    if (!done) return pass_on(done.error());
  }
  return *link;
}

// Our side: the link up, and nothing more.
Result<unsigned> set_up_ours(const std::string& name, const NetworkNamespace& here,
                             const NetworkNamespace& target) {
  auto links = Links::open(here);
  if (!links) return pass_on(links.error());
  if (auto done = links->add_veth({name, our_mac}, {target_link_name, target_mac}, target, mtu); !done)
    return pass_on(done.error());
  const auto link = links->index_of(name);
  if (!link) return pass_on(link.error());
  if (auto done = switch_off_offloads(name); !done) return pass_on(done.error());
  if (kernel_has_ipv6()) {
    if (auto done = links->no_automatic_addresses(*link); !done) return pass_on(done.error());
  }
  if (auto done = links->bring_up(*link); !done) return pass_on(done.error());
  return *link;
}

}  // namespace

bool kernel_has_ipv6() {
  static const bool there = [] {
    std::error_code code;
    return std::filesystem::exists("/proc/sys/net/ipv6", code);
  }();
  return there;
}

Result<LaneLink> join_target(std::size_t number, NetworkNamespace target) {
  const auto here = NetworkNamespace::current();
  if (!here) return pass_on(here.error());
  const auto our_link = set_up_ours(fmt::format("finack{}", number), *here, target);
  if (!our_link) return pass_on(our_link.error());
  auto target_links = Links::open(target);
  if (!target_links) return pass_on(target_links.error());
  const auto target_link = set_up_target(target, *target_links);
  if (!target_link) return pass_on(target_link.error());
  return LaneLink{std::move(target), std::move(*target_links), *our_link, *target_link};
}

std::vector<Result<PacketRing>> open_rings(const std::vector<LaneLink>& links, RingSize size) {
  const auto open = [size](const LaneLink& link) -> Result<PacketRing> {
    const auto inside = Inside::enter(link.target);
    if (!inside) return pass_on(inside.error());
    return PacketRing::open(link.target_link, size);
  };
  std::vector<std::future<Result<PacketRing>>> opening;
  for (std::size_t i = 1; i < links.size(); ++i)
    opening.push_back(std::async(std::launch::async, open, std::cref(links[i])));
  std::vector<Result<PacketRing>> rings;
  if (!links.empty()) rings.push_back(open(links[0]));
  for (auto& ring : opening) rings.push_back(ring.get());
  return rings;
}

Result<Lane> Lane::open(LaneLink link, PacketRing ring, const std::string& agent_program) {
  const auto here = NetworkNamespace::current();
  if (!here) return pass_on(here.error());
  auto diag = Diag::open(link.target);
  if (!diag) return pass_on(diag.error());
  auto sender = FrameSender::open(link.our_link);
  if (!sender) return pass_on(sender.error());
  auto our_counters = LinkCounterReader::open(*here);
  if (!our_counters) return pass_on(our_counters.error());
  auto target_counters = LinkCounterReader::open(link.target);
  if (!target_counters) return pass_on(target_counters.error());
  AgentStart start{agent_program};
  start.network_namespace = link.target.fd();
  auto agent = AgentLink::start(start);
  if (!agent) return pass_on(agent.error());
  Lane lane(LaneParts{std::move(link), std::move(ring), std::move(*sender), std::move(*diag),
                      std::move(*our_counters), std::move(*target_counters), std::move(*agent)});
  if (const auto before = lane.losses(); !before)
    return pass_on(before.error());  // what set-up lost is no loss
  return lane;
}

Configuration Lane::sysctls() const {
  return target_sysctls(parts_.link.target);
}

Result<Bytes> Lane::inject(Family family, BytesView ip_packet) {
  const auto type = family == Family::ipv4 ? ether_type::ipv4 : ether_type::ipv6;
  Bytes frame = encode_ethernet(target_mac, our_mac, type, ip_packet);
  if (const auto sent = parts_.sender.send(frame); !sent) return pass_on(sent.error());
  return frame;
}

Result<std::string> Lane::losses() {
  const std::uint64_t in_ring = parts_.ring.take_drops();
  const auto here = parts_.our_counters.read(parts_.link.our_link);
  if (!here) return pass_on(here.error());
  const auto there = parts_.target_counters.read(parts_.link.target_link);
  if (!there) return pass_on(there.error());
  // What the target sends is seen before its link takes it, so that no frame is missed that is lost on the
  // way back: of a burst, more than our end has room for.
  refused_ = there->send_dropped;
  const std::uint64_t lost = lost_between(*here, *there);
  const std::uint64_t on_link = lost - std::exchange(lost_on_link_, lost);
  if (in_ring + on_link == 0) return std::string();
  return fmt::format("frames were lost: {} found the ring full, {} were dropped on the way to the target",
                     in_ring, on_link);
}

}  // namespace finack
