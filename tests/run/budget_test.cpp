// SPDX-License-Identifier: Apache-2.0
#include "run/budget.h"

#include <gtest/gtest.h>

#include <string>

namespace finack {
namespace {

Step call(const std::string& word, const std::string& socket, const std::string& makes = {}) {
  CallStep out;
  out.word = word;
  out.socket = socket;
  out.makes = makes;
  return Step{out};
}

Program server() {
  Program out;
  out.steps = {call("socket", "listener"), call("listen", "listener"),
               call("accept", "listener", "connection"), call("close", "connection")};
  return out;
}

TEST(Budget, WeighsAProgramByItsSockets) {
  EXPECT_EQ(weight_of(server()).descriptors, 2u);
  EXPECT_EQ(weight_of(Program{}).descriptors, 0u);
}

TEST(Budget, WeighsWhatATransferKeeps) {
  Program program = server();
  const std::size_t before = weight_of(program).memory;
  CallStep send;
  send.word = "send";
  send.length = 1'000'000;
  program.steps.push_back({send});
  EXPECT_GE(weight_of(program).memory, before + 1'000'000);
  StreamStep stream;
  stream.sent = StreamStep::Part{2'000'000};
  program.steps.push_back({stream});
  EXPECT_GE(weight_of(program).memory, before + 3'000'000);
}

// One that carries megabytes is no reason to play thousands of others one after the other.
TEST(Budget, CountsByTheLightestProgram) {
  EXPECT_EQ(bearable({server()}, {.descriptors = 101}), 50u);
  EXPECT_EQ(bearable({server(), Program{}}, {.descriptors = 101}), 101u);
  EXPECT_EQ(bearable({Program{}}, {.time_waits = 7}), 7u);
  EXPECT_EQ(bearable({server()}, {.descriptors = 1}), 1u)
      << "that it does not fit is found out by playing it";
  EXPECT_LT(bearable({server()}, {}), 100'000u);
}

TEST(Budget, GivesBackWhatWasTaken) {
  Budget budget({.descriptors = 4});
  const Weight weight{2, 1, 1};
  budget.take(weight);
  EXPECT_TRUE(budget.fits(weight));
  budget.take(weight);
  EXPECT_FALSE(budget.fits(weight));
  budget.give(weight, Time{}, Duration{});
  EXPECT_TRUE(budget.fits(weight));
}

TEST(Budget, KeepsRecordsOfTimeWaitUntilTheirRestIsOver) {
  Budget budget({.time_waits = 1});
  const Weight weight{2, 1, 1};
  budget.take(weight);
  budget.give(weight, Time(1s), 60s);
  EXPECT_EQ(budget.next_rest(), Time(61s));
  budget.pass(Time(60s));
  EXPECT_FALSE(budget.fits(weight));
  budget.pass(Time(61s));
  EXPECT_TRUE(budget.fits(weight));
  EXPECT_EQ(budget.next_rest(), never);
}

}  // namespace
}  // namespace finack
