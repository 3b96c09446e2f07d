// SPDX-License-Identifier: Apache-2.0
// Calls that no agent can make, told apart from errors of the stack.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "agent/driver.h"

namespace finack {
namespace {

class Refused : public AgentTest {
 protected:
  std::string why(const std::string& text) { return field(call(text), "why"); }

  void write_raw(const std::string& octets) {
    ASSERT_EQ(::send(link_->fd(), octets.data(), octets.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(octets.size()));
  }
};

TEST_F(Refused, UnknownWordsAndArguments) {
  call("socket s=1 family=inet");
  EXPECT_EQ(why("explode s=1"), "unknown call explode");
  EXPECT_EQ(why("hello"), "unknown call hello");
  EXPECT_EQ(why("close"), "close needs s");
  EXPECT_EQ(why("bind s=1 address=127.0.0.1"), "bind needs port");
  EXPECT_EQ(why("close s=1 gently=yes"), "close takes no gently");
  EXPECT_EQ(why("close s=1 port=7"), "close takes no port");
}

TEST_F(Refused, ValuesOutOfTheirLimits) {
  call("socket s=1 family=inet");
  EXPECT_EQ(why("socket s=1000000 family=inet"), "bad value of s");
  EXPECT_EQ(why("socket s=-1 family=inet"), "bad value of s");
  EXPECT_EQ(why("socket s=2 family=unix"), "family is inet or inet6");
  EXPECT_EQ(why("bind s=1 address=127.0.0.1 port=65536"), "bad value of port");
  EXPECT_EQ(why("bind s=1 address=127.0.0.1%00 port=0"), "bad value of address");
  for (const char* address : {"::1", "localhost", "", "127.1", "127.0.0.1%25lo"}) {
    EXPECT_EQ(field(call(std::string("bind s=1 port=0 address=") + address), "why"),
              "not an address of the socket's family")
        << address;
  }
  EXPECT_EQ(why("shutdown s=1 how=gently"), "how is send, receive or both");
  EXPECT_EQ(why("send s=1 seed=0 offset=0 length=0"), "bad value of length");
  EXPECT_EQ(why("send s=1 seed=0 offset=0 length=1073741825"), "bad value of length");
  EXPECT_EQ(why("send s=1 seed=0 offset=9223372036854775807 length=1"), "bad value of offset");
}

TEST_F(Refused, HandlesUnknownOrInUse) {
  const std::string in_use = "the handle is in use";
  EXPECT_EQ(why("close s=1"), "no socket has the handle 1");
  listen();
  EXPECT_EQ(why("socket s=1 family=inet"), in_use);
  EXPECT_EQ(why("accept s=1 as=1"), in_use);
  post("accept s=1 as=2");
  EXPECT_EQ(why("socket s=2 family=inet"), in_use);
  EXPECT_EQ(why("accept s=1 as=2"), in_use);
  EXPECT_EQ(why("send s=2 seed=0 offset=0 length=1"), "no socket has the handle 2");
}

TEST_F(Refused, MoreCallsThanMayWait) {
  connect_pair();
  std::uint64_t last = 0;
  for (std::size_t i = 0; i <= max_pending; ++i) last = post("receive s=2 seed=0 offset=0 length=1");
  EXPECT_EQ(field(reply(last), "why"), "too many calls wait on this socket");
  EXPECT_FALSE(replied(last - 1));
}

TEST_F(Refused, WhatIsNoLineAtAll) {
  write_raw("\n");
  EXPECT_EQ(event(), "refused why=the%20line%20does%20not%20begin%20with%20a%20number");
  write_raw("0 version\n");
  EXPECT_EQ(event(), "refused why=a%20call%20needs%20a%20number%20other%20than%200");
  write_raw(std::string(100'000, 'x') + "\n");
  EXPECT_EQ(event(), "refused why=the%20line%20is%20too%20long");
  write_raw(std::string("99 version \xff\0\n", 14));
  EXPECT_EQ(reply(99), "refused why=a%20field%20without%20'%3D'");
  EXPECT_THAT(call("version"), testing::StartsWith("ok"));
}

TEST_F(Refused, ACallCutIntoPiecesIsTaken) {
  write_raw("5 ver");
  EXPECT_FALSE(read_more(50));
  write_raw("sion\n6 vers");
  EXPECT_THAT(reply(5), testing::StartsWith("ok"));
  write_raw("ion\n");
  EXPECT_THAT(reply(6), testing::StartsWith("ok"));
}

}  // namespace
}  // namespace finack
