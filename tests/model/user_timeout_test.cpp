// SPDX-License-Identifier: Apache-2.0
// The user timeout option (RFC 5482), and what an application is told before the connection is given up.
#include "exchange.h"

namespace finack::model {
namespace {

class UserTimeout : public Exchange {
 protected:
  void begin_with_option() {
    Settings settings;
    settings.user_timeout_option = true;
    begin(settings);
  }
  // That octets without an acknowledgment end the connection then, and no sooner.
  void expect_patience(Duration time) {
    write(10);
    pass(time - 1ms);
    EXPECT_EQ(state(), TcpState::established);
    pass(1ms);
    EXPECT_EQ(state(), TcpState::closed);
  }
  bool announces() {
    return std::ranges::any_of(all, [](const Segment& one) {
      return std::ranges::find(one.options, 28, &Option::kind) != one.options.end();
    });
  }
};

TEST_F(UserTimeout, IsTheLargerOfBoth) {
  begin_with_option();
  establish("SYN <mss 1460, kind 28 0096>");
  EXPECT_TRUE(announces());
  expect_patience(150s);
}

TEST_F(UserTimeout, IsNoShorterThanItsOwn) {
  begin_with_option();
  establish("SYN <mss 1460, kind 28 000a>");
  expect_patience(120s);
}

TEST_F(UserTimeout, CountsMinutesToo) {
  begin_with_option();
  establish("SYN <mss 1460, kind 28 8003>");
  expect_patience(3min);
}

TEST_F(UserTimeout, MayComeLater) {
  begin_with_option();
  establish();
  send("ACK <kind 28 0096>");
  expect_patience(150s);
}

TEST_F(UserTimeout, OfZeroIsNone) {
  begin_with_option();
  establish("SYN <mss 1460, kind 28 0000>");
  expect_patience(120s);
}

TEST_F(UserTimeout, OfTheApplicationStays) {
  begin_with_option();
  Options options;
  options.user_timeout = 5s;
  establish("SYN <mss 1460, kind 28 0096>", options);
  expect_patience(5s);
}

TEST_F(UserTimeout, IsNotAgreedOnUnlessSet) {
  establish("SYN <mss 1460, kind 28 0096>");
  EXPECT_FALSE(announces());
  expect_patience(120s);
}

TEST_F(UserTimeout, TroubleShowsAfterThreeRepetitions) {
  establish();
  write(10);
  pass(6999ms);
  EXPECT_FALSE(connection->in_trouble());
  pass(1ms);
  EXPECT_TRUE(connection->in_trouble());
  came();
  send("ACK");
  EXPECT_FALSE(connection->in_trouble());
}

}  // namespace
}  // namespace finack::model
