// SPDX-License-Identifier: Apache-2.0
// What a watched socket tells by itself, and that the calls after it are none the poorer.
#include <gmock/gmock.h>

#include <time.h>

#include <chrono>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::StartsWith;

class Watches : public AgentTest {
 protected:
  bool silent() { return event(50) == "no event"; }
};

TEST_F(Watches, DataAndEndOnceEach) {
  connect_pair();
  EXPECT_EQ(call("watch s=3"), "ok");
  EXPECT_TRUE(silent());
  call("send s=2 seed=1 offset=0 length=10");
  EXPECT_EQ(event(), "s=3 what=readable");
  call("send s=2 seed=1 offset=10 length=10");
  EXPECT_TRUE(silent());
  call("shutdown s=2 how=send");
  EXPECT_THAT(call("receive s=3 seed=1 offset=0 length=30"), StartsWith("ok octets=20 end=yes"));
  EXPECT_EQ(event(), "s=3 what=end");
  EXPECT_TRUE(silent());
  EXPECT_EQ(call("watch s=3"), "ok");
  EXPECT_EQ(event(), "s=3 what=end");
}

// A poller says of a stream at its end that it is readable, for ever.
TEST_F(Watches, SleepsAfterAnEndWithoutData) {
  connect_pair();
  call("shutdown s=2 how=send");
  EXPECT_EQ(call("watch s=3"), "ok");
  EXPECT_EQ(event(), "s=3 what=end");
  clockid_t clock;
  ASSERT_EQ(clock_getcpuclockid(link_->pid(), &clock), 0);
  const auto used = [&] {
    timespec time{};
    EXPECT_EQ(clock_gettime(clock, &time), 0);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  const auto before = used();
  EXPECT_TRUE(event(300) == "no event");
  EXPECT_LT(used() - before, std::chrono::milliseconds(20));
}

TEST_F(Watches, TheEndShowsBehindUnreadData) {
  if (link_->hello().system.substr(0, 5) != "Linux") GTEST_SKIP() << "only some systems tell";
  connect_pair();
  call("watch s=3");
  call("send s=2 seed=1 offset=0 length=10");
  call("close s=2");
  EXPECT_EQ(event(), "s=3 what=readable");
  EXPECT_EQ(event(), "s=3 what=end");
}

TEST_F(Watches, AResetIsToldAndStillMetByTheNextCall) {
  connect_pair();
  call("watch s=3");
  call("abort s=2");
  EXPECT_EQ(event(), "s=3 what=reset errno=ECONNRESET");
  EXPECT_THAT(call("receive s=3 seed=0 offset=0 length=1"), StartsWith("error errno=ECONNRESET octets=0"));
  EXPECT_THAT(call("receive s=3 seed=0 offset=0 length=1"), StartsWith("ok octets=0 end=yes"));
  EXPECT_EQ(call("send s=3 seed=0 offset=0 length=1"), "error errno=EPIPE octets=0");
}

TEST_F(Watches, AResetIsMetByASendToo) {
  connect_pair();
  call("watch s=3");
  call("abort s=2");
  EXPECT_EQ(event(), "s=3 what=reset errno=ECONNRESET");
  EXPECT_EQ(call("send s=3 seed=0 offset=0 length=1"), "error errno=ECONNRESET octets=0");
  EXPECT_EQ(call("send s=3 seed=0 offset=0 length=1"), "error errno=EPIPE octets=0");
}

TEST_F(Watches, AReceiveThatWaitsStillGetsTheReset) {
  connect_pair();
  call("watch s=3");
  const auto receive = post("receive s=3 seed=0 offset=0 length=1");
  call("abort s=2");
  EXPECT_EQ(event(), "s=3 what=reset errno=ECONNRESET");
  EXPECT_THAT(reply(receive), StartsWith("error errno=ECONNRESET"));
}

TEST_F(Watches, AResetAfterTheEnd) {
  connect_pair();
  call("watch s=3");
  call("shutdown s=2 how=send");
  EXPECT_EQ(event(), "s=3 what=end");
  EXPECT_TRUE(silent());
  call("abort s=2");
  EXPECT_THAT(event(), StartsWith("s=3 what=reset errno="));
  EXPECT_TRUE(silent());
}

TEST_F(Watches, AListenerIsReadableWhenAConnectionWaits) {
  const std::string port = listen();
  call("watch s=1");
  call("socket s=2 family=inet");
  EXPECT_TRUE(silent());
  call("connect s=2 address=127.0.0.1 port=" + port);
  EXPECT_EQ(event(), "s=1 what=readable");
  EXPECT_TRUE(silent());
}

TEST_F(Watches, BeginsBeforeTheConnection) {
  const std::string port = listen();
  call("socket s=2 family=inet");
  call("watch s=2");
  EXPECT_TRUE(silent());
  call("connect s=2 address=127.0.0.1 port=" + port);
  call("accept s=1 as=3");
  call("abort s=3");
  EXPECT_EQ(event(), "s=2 what=reset errno=ECONNRESET");
}

}  // namespace
}  // namespace finack
