// SPDX-License-Identifier: Apache-2.0
// Urgent data: in the stream unless asked otherwise (RFC 6093 section 4), and the octet beside it.
#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::HasSubstr;

class Urgent : public AgentTest {
 protected:
  // An octet out of line counts as none to be read.
  bool unread(const std::string& s, const std::string& octets) {
    for (int i = 0; i < 1000; ++i) {
      if (call("option s=" + s + " name=unread") == "ok value=" + octets) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
};

TEST_F(Urgent, StaysInTheStream) {
  connect_pair();
  EXPECT_EQ(call("option s=2 name=oobinline"), "ok value=1");
  EXPECT_EQ(call("option s=3 name=oobinline"), "ok value=1");
  EXPECT_EQ(call("send s=2 seed=1 offset=0 length=600 urgent=yes"), "ok octets=600");
  EXPECT_EQ(call("send s=2 seed=1 offset=600 length=400 urgent=no"), "ok octets=400");
  EXPECT_EQ(call("receive s=3 seed=1 offset=0 length=1000"),
            "ok octets=1000 end=no digest=6223a86098782fba mismatch=none");
  EXPECT_EQ(call("receive-urgent s=3 seed=1 offset=599"), "error errno=EINVAL");
}

TEST_F(Urgent, OutOfLineIsTheLastOctetOfTheCall) {
  connect_pair();
  EXPECT_EQ(call("option s=3 name=oobinline value=0"), "ok");
  EXPECT_EQ(call("receive-urgent s=3 seed=1 offset=0"), "error errno=EINVAL");
  call("send s=2 seed=1 offset=0 length=10 urgent=yes");
  ASSERT_TRUE(unread("3", "9"));
  std::uint8_t octet = 0;
  fill_pattern(1, 9, &octet, 1);
  EXPECT_EQ(call("receive-urgent s=3 seed=1 offset=9"),
            "ok octets=1 digest=" + digest_text(digest_add(digest_start, &octet, 1)) + " mismatch=none");
  EXPECT_EQ(call("receive-urgent s=3 seed=1 offset=9"), "error errno=EINVAL");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=9"), HasSubstr("octets=9 end=no"));
  call("send s=2 seed=1 offset=0 length=3 urgent=yes");
  ASSERT_TRUE(unread("3", "2"));
  // Not the pattern that was wanted.
  EXPECT_EQ(field(call("receive-urgent s=3 seed=7 offset=3"), "mismatch"), "3");
}

TEST_F(Urgent, NoOctetButTheLastOfALongCall) {
  connect_pair();
  call("option s=3 name=oobinline value=0");
  const auto send = post("send s=2 seed=1 offset=0 length=80000000 urgent=yes");
  // Both buffers are full. A mark set as far as the stack has taken octets would be known by now.
  EXPECT_FALSE(replied(send));
  EXPECT_EQ(call("receive-urgent s=3 seed=1 offset=79999999"), "error errno=EINVAL");
  const std::string got = call("receive s=3 seed=1 offset=0 length=79999999");
  EXPECT_THAT(got, HasSubstr("ok octets=79999999 end=no"));
  EXPECT_EQ(field(got, "mismatch"), "none");
  EXPECT_EQ(reply(send), "ok octets=80000000");
  std::string urgent;
  for (int i = 0; i < 1000; ++i) {
    urgent = call("receive-urgent s=3 seed=1 offset=79999999");
    if (!urgent.starts_with("error")) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(field(urgent, "mismatch"), "none");
}

TEST_F(Urgent, AnAcceptedSocketDoesAsItsListener) {
  listen();
  call("option s=1 name=oobinline value=0");
  const std::string port = field(call("name s=1"), "local-port");
  call("socket s=2 family=inet");
  call("connect s=2 address=127.0.0.1 port=" + port);
  call("accept s=1 as=3");
  EXPECT_EQ(call("option s=3 name=oobinline"), "ok value=0");
  EXPECT_EQ(call("option s=2 name=oobinline"), "ok value=1");
}

TEST_F(Urgent, IsYesOrNo) {
  connect_pair();
  EXPECT_EQ(field(call("send s=2 seed=1 offset=0 length=1 urgent=maybe"), "why"), "bad value of urgent");
  EXPECT_EQ(field(call("receive s=2 seed=1 offset=0 length=1 urgent=yes"), "why"), "receive takes no urgent");
  EXPECT_EQ(field(call("receive-urgent s=2 seed=1 offset=0 length=1"), "why"),
            "receive-urgent takes no length");
}

}  // namespace
}  // namespace finack
