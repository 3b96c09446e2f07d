// SPDX-License-Identifier: Apache-2.0
// The death of a process with a socket open, and that it leaves nothing behind.
#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Deaths : public AgentTest {
 protected:
  // Processes of the agent's group but for itself, zombies included.
  int others_in_group() {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream in(entry.path() / "stat");
      std::string text;
      std::getline(in, text);
      const std::size_t after_name = text.rfind(')');
      if (after_name == std::string::npos) continue;
      char state = 0;
      int parent = 0;
      int group = 0;
      if (std::sscanf(text.c_str() + after_name + 1, " %c %d %d", &state, &parent, &group) != 3) continue;
      count += group == link_->pid() && std::stoi(name) != group;
    }
    return count;
  }

  // Until so many octets wait to be read.
  bool unread(const std::string& s, const std::string& octets) {
    for (int i = 0; i < 1000; ++i) {
      if (call("option s=" + s + " name=unread") == "ok value=" + octets) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
};

TEST_F(Deaths, SendAFinLikeAClose) {
  connect_pair();
  call("send s=2 seed=1 offset=0 length=10");
  EXPECT_EQ(call("die s=2"), "ok");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=20"), StartsWith("ok octets=10 end=yes"));
  EXPECT_EQ(others_in_group(), 0) << "a zombie or worse";
  EXPECT_EQ(call("socket s=2 family=inet"), "ok");
  if (link_->hello().can("state")) {
    EXPECT_EQ(call("state s=3"), "ok state=CLOSE-WAIT");
  }
}

TEST_F(Deaths, WithUnreadDataReset) {
  connect_pair();
  call("send s=3 seed=1 offset=0 length=10");
  ASSERT_TRUE(unread("2", "10"));
  EXPECT_EQ(call("die s=2"), "ok");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=20"), StartsWith("error errno=ECONNRESET"));
}

TEST_F(Deaths, WithLingerZeroReset) {
  connect_pair();
  call("option s=2 name=linger value=0");
  EXPECT_EQ(call("die s=2"), "ok");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=1"), StartsWith("error errno=ECONNRESET"));
}

TEST_F(Deaths, DoNotLinger) {
  connect_pair();
  call("option s=2 name=linger value=20");
  call("option s=2 name=send-buffer value=4000000");
  ASSERT_EQ(call("send s=2 seed=1 offset=0 length=400000"), "ok octets=400000");
  const auto died = post("die s=2");
  EXPECT_TRUE(replied(died));
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=500000"), StartsWith("ok octets=400000 end=yes"));
}

TEST_F(Deaths, OfOneHandleLeaveTheOther) {
  connect_pair();
  call("dup s=2 as=4");
  EXPECT_EQ(call("die s=2"), "ok");
  EXPECT_EQ(call("send s=4 seed=1 offset=0 length=10"), "ok octets=10");
  EXPECT_EQ(call("die s=4"), "ok");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=20"), StartsWith("ok octets=10 end=yes"));
}

TEST_F(Deaths, CancelWhatWaits) {
  connect_pair();
  call("watch s=2");
  const auto receive = post("receive s=2 seed=0 offset=0 length=5");
  const auto accept = post("accept s=1 as=5");
  EXPECT_EQ(call("die s=2"), "ok");
  EXPECT_EQ(reply(receive), "error errno=ECANCELED octets=0 digest=cbf29ce484222325 mismatch=none");
  EXPECT_FALSE(replied(accept));
  EXPECT_EQ(call("die s=1"), "ok");
  EXPECT_EQ(reply(accept), "error errno=ECANCELED");
  call("socket s=2 family=inet");
  EXPECT_EQ(call("connect s=2 address=127.0.0.1 port=" + port_), "error errno=ECONNREFUSED");
}

TEST_F(Deaths, LeaveACloseThatLingersAlone) {
  connect_pair();
  call("socket s=4 family=inet");
  call("connect s=4 address=127.0.0.1 port=" + port_);
  call("accept s=1 as=5");
  call("option s=2 name=linger value=20");
  call("option s=2 name=send-buffer value=4000000");
  ASSERT_EQ(call("send s=2 seed=1 offset=0 length=400000"), "ok octets=400000");
  const auto close = post("close s=2");
  EXPECT_EQ(call("die s=4"), "ok");
  EXPECT_THAT(call("receive s=5 seed=0 offset=0 length=1"), StartsWith("ok octets=0 end=yes"));
  EXPECT_FALSE(replied(close));
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=500000"), StartsWith("ok octets=400000 end=yes"));
  EXPECT_EQ(reply(close), "ok");
}

TEST_F(Deaths, LeaveNothingWhenTheAgentIsKilledMeanwhile) {
  listen();
  std::uint64_t early = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string s = std::to_string(10 + i);
    post("socket s=" + s + " family=inet");
    const auto died = post("die s=" + s);
    if (i == 20) early = died;
  }
  ASSERT_EQ(reply(early), "ok");
  ASSERT_EQ(::kill(link_->pid(), SIGKILL), 0);
  int left = -1;
  for (int i = 0; i < 5000 && left != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    left = others_in_group();
  }
  EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace finack
