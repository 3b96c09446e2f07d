// SPDX-License-Identifier: Apache-2.0
#include "net/link_counters.h"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cerrno>

#include "net/netlink_bytes.h"

namespace finack {
namespace {

Bytes answer() {
  rtnl_link_stats64 stats{};
  stats.rx_packets = 10;
  stats.tx_packets = 20;
  stats.rx_dropped = 1;
  stats.tx_dropped = 2;
  Bytes payload;
  append_struct(payload, if_stats_msg{});
  append_struct(payload,
                nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + sizeof stats), IFLA_STATS_LINK_64});
  append_struct(payload, stats);
  return netlink_bytes(RTM_NEWSTATS, payload);
}

TEST(LinkCounters, AreReadFromTheAnswer) {
  const auto counters = parse_link_counters(answer());
  ASSERT_TRUE(counters);
  EXPECT_EQ(*counters, (LinkCounters{10, 20, 1, 2, 0, 0}));
  EXPECT_EQ(counters->lost(), 3u);
}

// The way back is another.
TEST(LinkCounters, TellWhatWasLostOnOneWay) {
  const LinkCounters from = {
      .receive_dropped = 1, .send_dropped = 20, .receive_errors = 300, .send_errors = 4000};
  const LinkCounters to = {
      .receive_dropped = 5, .send_dropped = 60, .receive_errors = 700, .send_errors = 8000};
  EXPECT_EQ(lost_between(from, to), 4725u);
  EXPECT_EQ(lost_between(to, from), 8361u);
}

TEST(LinkCounters, AreNeverMadeUp) {
  const Bytes bytes = answer();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(parse_link_counters(cut)) << size;
    if (size >= sizeof(nlmsghdr))
      cut[0] = static_cast<std::uint8_t>(size);  // an honest header, short content
    EXPECT_FALSE(parse_link_counters(cut)) << size;
  }
  const auto absent = parse_link_counters(netlink_error(-ENODEV));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message, "cannot read link counters: No such device");
}

}  // namespace
}  // namespace finack
