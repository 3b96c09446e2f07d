// SPDX-License-Identifier: Apache-2.0
// Two handles of one socket: what they have in common, and what is of each alone.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Dups : public AgentTest {};

TEST_F(Dups, TheFirstCloseSendsNothingAndTheLastAFin) {
  connect_pair();
  EXPECT_EQ(call("dup s=2 as=4"), "ok");
  EXPECT_EQ(call("name s=4"), call("name s=2"));
  EXPECT_EQ(call("close s=2"), "ok");
  EXPECT_EQ(call("send s=4 seed=1 offset=0 length=10"), "ok octets=10");
  EXPECT_EQ(call("send s=3 seed=2 offset=0 length=10"), "ok octets=10");
  EXPECT_THAT(call("receive s=4 seed=2 offset=0 length=10"), HasSubstr("octets=10 end=no"));
  EXPECT_EQ(call("close s=4"), "ok");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=20"), StartsWith("ok octets=10 end=yes"));
}

TEST_F(Dups, ADropOfOneLeavesTheOther) {
  connect_pair();
  call("option s=2 name=linger value=7");
  call("dup s=2 as=4");
  EXPECT_EQ(call("drop s=4"), "ok");
  EXPECT_EQ(call("option s=2 name=linger"), "ok value=7");
  EXPECT_EQ(call("send s=2 seed=1 offset=0 length=10"), "ok octets=10");
  EXPECT_EQ(call("close s=2"), "ok");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=20"), StartsWith("ok octets=10 end=yes"));
}

TEST_F(Dups, AnAbortOfOneResetsWithTheLast) {
  connect_pair();
  call("dup s=2 as=4");
  EXPECT_EQ(call("abort s=2"), "ok");
  EXPECT_EQ(call("option s=4 name=linger"), "ok value=0");
  const auto receive = post("receive s=3 seed=0 offset=0 length=1");
  EXPECT_FALSE(replied(receive));
  EXPECT_EQ(call("close s=4"), "ok");
  EXPECT_THAT(reply(receive), StartsWith("error errno=ECONNRESET"));
}

TEST_F(Dups, OnlyTheLastCloseLingers) {
  connect_pair();
  call("dup s=2 as=4");
  EXPECT_EQ(call("option s=2 name=linger value=20"), "ok");
  EXPECT_EQ(call("option s=4 name=linger"), "ok value=20");
  // More than the receiver takes, so that a close that waits has something to wait for.
  call("option s=2 name=send-buffer value=4000000");
  ASSERT_EQ(call("send s=2 seed=1 offset=0 length=400000"), "ok octets=400000");
  const auto first = post("close s=2");
  EXPECT_TRUE(replied(first));
  const auto last = post("close s=4");
  EXPECT_FALSE(replied(last));
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=500000"), StartsWith("ok octets=400000 end=yes"));
  EXPECT_EQ(reply(last), "ok");
}

TEST_F(Dups, WhatWaitsIsOfItsHandle) {
  connect_pair();
  call("dup s=2 as=4");
  const auto first = post("receive s=2 seed=1 offset=0 length=5");
  const auto second = post("receive s=4 seed=1 offset=0 length=5");
  EXPECT_EQ(call("close s=2"), "ok");
  EXPECT_THAT(reply(first), StartsWith("error errno=ECANCELED"));
  EXPECT_FALSE(replied(second));
  call("send s=3 seed=1 offset=0 length=5");
  EXPECT_THAT(reply(second), StartsWith("ok octets=5"));
}

TEST_F(Dups, AClosedOneIsWatchedNoMore) {
  connect_pair();
  call("dup s=3 as=4");
  call("watch s=3");
  call("watch s=4");
  call("close s=3");
  call("send s=2 seed=1 offset=0 length=5");
  EXPECT_EQ(event(), "s=4 what=readable");
  call("abort s=2");
  EXPECT_EQ(event(), "s=4 what=reset errno=ECONNRESET");
  EXPECT_EQ(event(50), "no event");
}

TEST_F(Dups, AnErrorSeenByTheWatchIsMetByTheOther) {
  connect_pair();
  call("dup s=3 as=4");
  call("watch s=3");
  call("abort s=2");
  EXPECT_EQ(event(), "s=3 what=reset errno=ECONNRESET");
  EXPECT_THAT(call("receive s=4 seed=0 offset=0 length=1"), StartsWith("error errno=ECONNRESET"));
}

TEST_F(Dups, OneListensOrConnectsForBoth) {
  call("socket s=1 family=inet");
  call("dup s=1 as=5");
  const std::string port = field(call("bind s=5 address=127.0.0.1 port=0"), "local-port");
  call("watch s=5");
  EXPECT_EQ(call("listen s=1 backlog=5"), "ok");
  call("socket s=2 family=inet");
  call("dup s=2 as=4");
  call("watch s=4");
  EXPECT_THAT(call("connect s=2 address=127.0.0.1 port=" + port), StartsWith("ok"));
  EXPECT_EQ(event(), "s=5 what=readable");
  EXPECT_THAT(call("accept s=5 as=3"), StartsWith("ok"));
  EXPECT_EQ(call("connect s=4 address=127.0.0.1 port=" + port), "error errno=EISCONN");
  call("abort s=3");
  EXPECT_EQ(event(), "s=4 what=reset errno=ECONNRESET");
}

TEST_F(Dups, AConnectGoesOnWhenItsHandleIsClosed) {
  if (link_->hello().system.substr(0, 5) != "Linux") GTEST_SKIP() << "needs a queue of one connection";
  call("socket s=1 family=inet");
  const std::string port = field(call("bind s=1 address=127.0.0.1 port=0"), "local-port");
  call("listen s=1 backlog=0");
  call("socket s=2 family=inet");
  ASSERT_THAT(call("connect s=2 address=127.0.0.1 port=" + port), StartsWith("ok"));
  // The queue is full: this SYN is dropped, and repeated after a second.
  call("socket s=3 family=inet");
  call("dup s=3 as=4");
  const auto connect = post("connect s=3 address=127.0.0.1 port=" + port);
  EXPECT_FALSE(replied(connect));
  EXPECT_EQ(call("connect s=4 address=127.0.0.1 port=" + port), "error errno=EALREADY");
  EXPECT_FALSE(replied(connect));
  call("watch s=4");
  EXPECT_EQ(call("close s=3"), "ok");
  EXPECT_EQ(reply(connect), "error errno=ECANCELED");
  EXPECT_THAT(call("accept s=1 as=5"), StartsWith("ok"));
  EXPECT_THAT(call("accept s=1 as=6"), StartsWith("ok"));
  EXPECT_EQ(call("send s=4 seed=1 offset=0 length=5"), "ok octets=5");
  EXPECT_THAT(call("receive s=6 seed=1 offset=0 length=5"), HasSubstr("mismatch=none"));
  call("abort s=6");
  EXPECT_EQ(event(), "s=4 what=reset errno=ECONNRESET");
}

TEST_F(Dups, NeedsAFreeHandle) {
  connect_pair();
  EXPECT_EQ(field(call("dup s=2 as=3"), "why"), "the handle is in use");
  EXPECT_EQ(field(call("dup s=2 as=2"), "why"), "the handle is in use");
  EXPECT_EQ(field(call("dup s=7 as=8"), "why"), "no socket has the handle 7");
  EXPECT_EQ(field(call("dup s=2"), "why"), "dup needs as");
}

// The peer is of the test, so that it outlives the agent.
TEST_F(Dups, LeaveLingerArmedForTheAgentsDeath) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener, any, size), 0);
  ASSERT_EQ(::getsockname(listener, any, &size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  call("socket s=2 family=inet");
  call("dup s=2 as=4");
  ASSERT_THAT(call("connect s=2 address=127.0.0.1 port=" + std::to_string(ntohs(address.sin_port))),
              StartsWith("ok"));
  const int peer = ::accept(listener, nullptr, nullptr);
  ASSERT_GE(peer, 0);
  ASSERT_EQ(call("close s=4"), "ok");
  ASSERT_EQ(::kill(link_->pid(), SIGKILL), 0);
  char octet;
  EXPECT_EQ(::recv(peer, &octet, 1, 0), -1) << "a FIN came: the connection lives on without its owner";
  EXPECT_EQ(errno, ECONNRESET);
  ::close(peer);
  ::close(listener);
}

}  // namespace
}  // namespace finack
