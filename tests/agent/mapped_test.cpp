// SPDX-License-Identifier: Apache-2.0
// IPv6 sockets that speak IPv4: addresses are IPv4-mapped (RFC 4291 2.5.5.2), and the stack is asked by them.
#include <gmock/gmock.h>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::StartsWith;

class Mapped : public AgentTest {
 protected:
  void SetUp() override {
    AgentTest::SetUp();
    if (call("socket s=1 family=inet6") != "ok") GTEST_SKIP() << "no inet6 on this machine";
    call("option s=1 name=v6only value=0");
  }

  void expect_state(const std::string& which, const std::string& state) {
    if (link_->hello().can("state")) {
      EXPECT_EQ(call("state " + which), "ok state=" + state) << which;
    }
  }
};

TEST_F(Mapped, BothEndsOfAConnection) {
  const std::string bound = call("bind s=1 address=::ffff:127.0.0.1 port=0");
  const std::string port = field(bound, "local-port");
  ASSERT_EQ(bound, "ok local=::ffff:127.0.0.1 local-port=" + port);
  call("listen s=1 backlog=5");
  call("socket s=2 family=inet6");
  const std::string connected = call("connect s=2 address=::ffff:127.0.0.1 port=" + port);
  const std::string mine = field(connected, "local-port");
  ASSERT_EQ(connected,
            "ok local=::ffff:127.0.0.1 local-port=" + mine + " peer=::ffff:127.0.0.1 peer-port=" + port);
  EXPECT_EQ(call("accept s=1 as=3"),
            "ok local=::ffff:127.0.0.1 local-port=" + port + " peer=::ffff:127.0.0.1 peer-port=" + mine);
  expect_state("s=1", "LISTEN");
  expect_state("local=::ffff:127.0.0.1 local-port=" + port, "LISTEN");
  expect_state("local=127.0.0.1 local-port=" + port, "LISTEN");
  expect_state("s=2", "ESTABLISHED");
  expect_state("s=3", "ESTABLISHED");
  expect_state("local=127.0.0.1 local-port=" + port + " peer=127.0.0.1 peer-port=" + mine, "ESTABLISHED");
  expect_state(connected.substr(3), "ESTABLISHED");
  call("close s=2");
  EXPECT_THAT(call("receive s=3 seed=0 offset=0 length=1"), StartsWith("ok octets=0 end=yes"));
  call("close s=3");
  EXPECT_EQ(call("close s=1"), "ok");
  expect_state("s=3", "CLOSED");
}

TEST_F(Mapped, AnIPv4PeerOfADualStackListener) {
  const std::string port = field(call("bind s=1 address=:: port=0"), "local-port");
  call("listen s=1 backlog=5");
  call("socket s=2 family=inet");
  const std::string connected = call("connect s=2 address=127.0.0.1 port=" + port);
  const std::string mine = field(connected, "local-port");
  EXPECT_EQ(call("accept s=1 as=3"),
            "ok local=::ffff:127.0.0.1 local-port=" + port + " peer=::ffff:127.0.0.1 peer-port=" + mine);
  expect_state("s=3", "ESTABLISHED");
  expect_state("local=127.0.0.1 local-port=" + port, "LISTEN");
  if (!link_->hello().can("destroy")) return;
  const std::string destroyed = call("destroy s=3");
  EXPECT_EQ(destroyed, "ok");
  EXPECT_THAT(call("receive s=3 seed=0 offset=0 length=1"), StartsWith("error errno=ECONNABORTED"));
}

TEST_F(Mapped, AListenerOnAnyIPv4Address) {
  const std::string port = field(call("bind s=1 address=::ffff:0.0.0.0 port=0"), "local-port");
  call("listen s=1 backlog=5");
  expect_state("s=1", "LISTEN");
  expect_state("local=::ffff:127.0.0.1 local-port=" + port, "LISTEN");
  expect_state("local=127.0.0.1 local-port=" + port, "LISTEN");
  call("socket s=2 family=inet");
  call("connect s=2 address=127.0.0.1 port=" + port);
  EXPECT_EQ(field(call("accept s=1 as=3"), "local"), "::ffff:127.0.0.1");
  expect_state("s=3", "ESTABLISHED");
}

TEST_F(Mapped, NotOnAnIPv6OnlySocket) {
  ASSERT_EQ(call("option s=1 name=v6only value=1"), "ok");
  EXPECT_THAT(call("bind s=1 address=::ffff:127.0.0.1 port=0"), StartsWith("error errno="));
}

}  // namespace
}  // namespace finack
