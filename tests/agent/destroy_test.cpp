// SPDX-License-Identifier: Apache-2.0
// Connections that the stack's administrator takes away.
#include <gmock/gmock.h>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::StartsWith;

class Destroy : public AgentTest {
 protected:
  void SetUp() override {
    AgentTest::SetUp();
    call("socket s=9 family=inet");
    const std::string tried = call("destroy s=9");
    if (!link_->hello().can("destroy")) {
      EXPECT_THAT(tried, StartsWith("refused"));
      GTEST_SKIP() << "the system of this machine does not destroy sockets";
    }
    EXPECT_EQ(tried, "error errno=ENOENT") << "the agent says it can only when it is allowed to";
  }
};

TEST_F(Destroy, TheNextCallMeetsTheError) {
  connect_pair();
  EXPECT_EQ(call("destroy s=2"), "ok");
  EXPECT_THAT(call("receive s=2 seed=0 offset=0 length=1"), StartsWith("error errno=ECONNABORTED"));
  EXPECT_THAT(call("receive s=3 seed=0 offset=0 length=1"), StartsWith("error errno=ECONNRESET"));
  EXPECT_EQ(call("state s=2"), "ok state=CLOSED");
  EXPECT_EQ(call("destroy s=2"), "error errno=ENOENT");
  EXPECT_EQ(call("close s=2"), "ok");
}

TEST_F(Destroy, WhatWaitsMeetsItAtOnce) {
  connect_pair();
  call("watch s=3");
  const auto receive = post("receive s=2 seed=0 offset=0 length=1");
  EXPECT_FALSE(replied(receive));
  EXPECT_EQ(call("destroy s=2"), "ok");
  EXPECT_THAT(reply(receive), StartsWith("error errno=ECONNABORTED"));
  EXPECT_EQ(event(), "s=3 what=reset errno=ECONNRESET");
}

TEST_F(Destroy, ItIsToldToAWatch) {
  connect_pair();
  call("watch s=2");
  EXPECT_EQ(call("destroy s=2"), "ok");
  EXPECT_EQ(event(), "s=2 what=error errno=ECONNABORTED");
  // Kept for whoever asks next.
  EXPECT_EQ(call("option s=2 name=error"), "ok value=ECONNABORTED");
  EXPECT_EQ(call("option s=2 name=error"), "ok value=none");
}

TEST_F(Destroy, NeverTheListenerInPlaceOfItsConnection) {
  connect_pair();
  call("abort s=2");
  EXPECT_THAT(call("receive s=3 seed=0 offset=0 length=1"), StartsWith("error errno=ECONNRESET"));
  EXPECT_EQ(call("destroy s=3"), "error errno=ENOENT");
  EXPECT_EQ(call("state s=1"), "ok state=LISTEN");
  EXPECT_EQ(call("destroy s=1"), "ok");
  call("socket s=2 family=inet");
  EXPECT_EQ(call("connect s=2 address=127.0.0.1 port=" + port_), "error errno=ECONNREFUSED");
}

TEST_F(Destroy, AConnectThatWaits) {
  call("socket s=1 family=inet");
  const std::string port = field(call("bind s=1 address=127.0.0.1 port=0"), "local-port");
  call("listen s=1 backlog=0");
  call("socket s=2 family=inet");
  ASSERT_THAT(call("connect s=2 address=127.0.0.1 port=" + port), StartsWith("ok"));
  call("socket s=3 family=inet");
  const auto connect = post("connect s=3 address=127.0.0.1 port=" + port);
  EXPECT_FALSE(replied(connect));
  EXPECT_EQ(call("destroy s=3"), "ok");
  EXPECT_EQ(reply(connect), "error errno=ECONNABORTED");
}

}  // namespace
}  // namespace finack
