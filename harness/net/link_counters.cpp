// SPDX-License-Identifier: Apache-2.0
#include "net/link_counters.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <array>
#include <bit>

#include "base/failure.h"
#include "net/netlink_message.h"

namespace finack {
namespace {

struct StatsRequest {
  nlmsghdr header;
  if_stats_msg body;
};

}  // namespace

std::uint64_t lost_between(const LinkCounters& from, const LinkCounters& to) {
  return from.send_dropped + from.send_errors + to.receive_dropped + to.receive_errors;
}

Result<LinkCounters> parse_link_counters(BytesView answer) {
  const auto message = parse_netlink(answer);
  if (!message) return fail("an answer about link counters was cut short");
  if (const auto error = error_number(*message)) return cannot("read link counters", *error);
  if (message->type != RTM_NEWSTATS || message->payload.size() < sizeof(if_stats_msg)) {
    return fail("an answer about link counters was none");
  }
  const auto value = find_attribute(message->payload.subspan(sizeof(if_stats_msg)), IFLA_STATS_LINK_64);
  const auto stats = value ? read_struct<rtnl_link_stats64>(*value) : std::nullopt;
  if (!stats) return fail("an answer about link counters had no counters");
  return LinkCounters{stats->rx_packets, stats->tx_packets, stats->rx_dropped,
                      stats->tx_dropped, stats->rx_errors,  stats->tx_errors};
}

Result<LinkCounterReader> LinkCounterReader::open(const NetworkNamespace& where) {
  auto socket = NetlinkSocket::open(NETLINK_ROUTE, where);
  if (!socket) return pass_on(socket.error());
  return LinkCounterReader(std::move(*socket));
}

Result<LinkCounters> LinkCounterReader::read(unsigned link) {
  StatsRequest request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETSTATS;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.body.ifindex = link;
  request.body.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
  auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof request>>(request);
  const auto answer = socket_.ask(bytes);
  if (!answer) return pass_on(answer.error());
  return parse_link_counters(*answer);
}

}  // namespace finack
