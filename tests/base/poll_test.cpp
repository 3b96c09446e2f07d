// SPDX-License-Identifier: Apache-2.0
#include "base/poll.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace finack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Poll, TellsWhoIsReady) {
  auto poll = Poll::open();
  ASSERT_TRUE(poll);
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const Descriptor one(ends[0]), other(ends[1]);
  ASSERT_TRUE(poll->watch(one.get(), 7));
  EXPECT_THAT(**poll->wait(1ms), IsEmpty());
  ASSERT_EQ(::write(other.get(), "x", 1), 1);
  EXPECT_THAT(**poll->wait(1s), ElementsAre(7));
  char octet = 0;
  ASSERT_EQ(::read(one.get(), &octet, 1), 1);
  EXPECT_THAT(**poll->wait(Duration{}), IsEmpty());
  ASSERT_TRUE(poll->watch(one.get(), 8, true)) << "for room, too";
  EXPECT_THAT(**poll->wait(1s), ElementsAre(8));
  ASSERT_TRUE(poll->watch(one.get(), 8));
  EXPECT_THAT(**poll->wait(Duration{}), IsEmpty());
}

TEST(Poll, RefusesWhatIsNoDescriptor) {
  auto poll = Poll::open();
  ASSERT_TRUE(poll);
  EXPECT_FALSE(poll->watch(-1, 7));
}

}  // namespace
}  // namespace finack
