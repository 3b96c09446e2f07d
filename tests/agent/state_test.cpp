// SPDX-License-Identifier: Apache-2.0
// The states of a connection, read from the stack through the agent.
#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "agent/driver.h"

namespace finack {
namespace {

class States : public AgentTest {
 protected:
  void SetUp() override {
    AgentTest::SetUp();
    if (link_->hello().can("state")) return;
    EXPECT_THAT(call("state s=1"), testing::StartsWith("refused"));
    GTEST_SKIP() << "the system of this machine does not tell states";
  }

  // Segments pass the loopback interface at once, but an ACK may be delayed.
  std::string state(const std::string& which, const std::string& wanted) {
    std::string got;
    for (int i = 0; i < 1000; ++i) {
      got = call("state " + which);
      if (got == "ok state=" + wanted) return wanted;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return got;
  }
};

TEST_F(States, ThroughALife) {
  call("socket s=1 family=inet");
  EXPECT_EQ(call("state s=1"), "ok state=CLOSED");
  call("drop s=1");
  connect_pair();
  EXPECT_EQ(call("state s=1"), "ok state=LISTEN");
  EXPECT_EQ(call("state s=2"), "ok state=ESTABLISHED");
  EXPECT_EQ(call("state s=3"), "ok state=ESTABLISHED");
  call("shutdown s=2 how=send");
  EXPECT_EQ(state("s=2", "FIN-WAIT-2"), "FIN-WAIT-2");
  EXPECT_EQ(state("s=3", "CLOSE-WAIT"), "CLOSE-WAIT");
  // Closed handles still answer.
  call("close s=2");
  EXPECT_EQ(state("s=2", "FIN-WAIT-2"), "FIN-WAIT-2");
  call("close s=3");
  EXPECT_EQ(state("s=2", "TIME-WAIT"), "TIME-WAIT");
  // Not the listener on its port.
  EXPECT_EQ(state("s=3", "CLOSED"), "CLOSED");
  call("close s=1");
  EXPECT_EQ(state("s=1", "CLOSED"), "CLOSED");
}

TEST_F(States, ByAddresses) {
  connect_pair();
  const std::string name = call("name s=2");
  const std::string ours = name.substr(3);
  EXPECT_EQ(call("state " + ours), "ok state=ESTABLISHED");
  EXPECT_EQ(call("state local=127.0.0.1 local-port=" + port_), "ok state=LISTEN");
  call("abort s=2");
  EXPECT_EQ(state(ours, "CLOSED"), "CLOSED");
}

TEST_F(States, OverIPv6) {
  if (!link_->hello().can("inet6")) GTEST_SKIP() << "no inet6 on this machine";
  call("socket s=1 family=inet6");
  const std::string bound = call("bind s=1 address=::1 port=0");
  if (!bound.starts_with("ok")) GTEST_SKIP() << "::1 cannot be used here: " << bound;
  call("drop s=1");
  connect_pair("inet6");
  EXPECT_EQ(call("state s=2"), "ok state=ESTABLISHED");
  EXPECT_EQ(call("state s=1"), "ok state=LISTEN");
  EXPECT_EQ(call("state " + call("name s=3").substr(3)), "ok state=ESTABLISHED");
}

TEST_F(States, RefusesWhatItCannotLookUp) {
  EXPECT_THAT(call("state s=1"), testing::StartsWith("refused"));
  EXPECT_THAT(call("state"), testing::StartsWith("refused"));
  call("socket s=1 family=inet");
  EXPECT_THAT(call("state s=1 local=127.0.0.1 local-port=1"), testing::StartsWith("refused"));
  EXPECT_THAT(call("state peer=127.0.0.1 peer-port=1"), testing::StartsWith("refused"));
  EXPECT_THAT(call("state local=127.0.0.1 local-port=1 peer=::1 peer-port=1"),
              testing::StartsWith("refused"));
  EXPECT_THAT(call("state local=nowhere local-port=1"), testing::StartsWith("refused"));
}

}  // namespace
}  // namespace finack
