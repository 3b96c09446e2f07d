// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_message.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <climits>

#include "net/netlink_bytes.h"

namespace finack {
namespace {

TEST(NetlinkMessage, IsReadFromItsBytes) {
  const Bytes bytes = netlink_bytes(20, Bytes{1, 2, 3, 4}, 7);
  const auto message = parse_netlink(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, 20);
  EXPECT_EQ(message->sequence, 7u);
  EXPECT_EQ(Bytes(message->payload.begin(), message->payload.end()), (Bytes{1, 2, 3, 4}));
}

TEST(NetlinkMessage, CutShortIsNone) {
  const Bytes bytes = netlink_bytes(20, Bytes{1, 2, 3, 4});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_netlink(BytesView(bytes).first(size)));
  Bytes liar = bytes;
  liar[0] = 15;  // shorter than its own header
  EXPECT_FALSE(parse_netlink(liar));
}

TEST(NetlinkMessage, CarriesAnErrorNumber) {
  const auto number = [](std::int32_t code) { return error_number(*parse_netlink(netlink_error(code))); };
  EXPECT_EQ(number(-ENOENT), ENOENT);
  EXPECT_EQ(number(0), 0);
  EXPECT_EQ(number(1), EPROTO);
  EXPECT_EQ(number(INT_MIN), EPROTO);
  EXPECT_EQ(error_number({NLMSG_ERROR, 0, {}}), EPROTO);
  EXPECT_EQ(error_number({20, 0, {}}), std::nullopt);
}

TEST(NetlinkAttributes, AreFoundAndBounded) {
  Bytes row;
  append_struct(row, nlattr{5, 1});
  row.insert(row.end(), {0xaa, 0, 0, 0});
  append_struct(row, nlattr{6, 2});
  row.insert(row.end(), {0xbb, 0xcc});
  const auto found = find_attribute(row, 2);
  ASSERT_TRUE(found);
  EXPECT_EQ(Bytes(found->begin(), found->end()), (Bytes{0xbb, 0xcc}));
  EXPECT_FALSE(find_attribute(row, 3));
  for (std::size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(find_attribute(BytesView(row).first(size), 2));
  }
  Bytes endless;
  append_struct(endless, nlattr{0, 1});
  EXPECT_FALSE(find_attribute(endless, 2)) << "an attribute of no length must not be read for ever";
}

}  // namespace
}  // namespace finack
