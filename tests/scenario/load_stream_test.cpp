// SPDX-License-Identifier: Apache-2.0
// Streams as they are read, and as they are printed again; what is wrong with one is in broken/.
#include "scenario/load_stream.h"

#include <gtest/gtest.h>

#include "scenario/loaded.h"

namespace finack {
namespace {

Step stream(const std::string& text) {
  return must_load(with_steps("- " + text + "\n")).front().steps.at(0);
}

TEST(LoadStream, KnowsBothWays) {
  const auto both = std::get<StreamStep>(stream("stream: send 10 FIN, expect 16777216").body);
  EXPECT_EQ(both.sent, (StreamStep::Part{10, true}));
  EXPECT_EQ(both.expected, (StreamStep::Part{16'777'216, false}));
  EXPECT_EQ(both.ack_every, 2u);
  EXPECT_FALSE(both.within);
  const auto sent = std::get<StreamStep>(stream("stream: send 1").body);
  EXPECT_FALSE(sent.expected);
}

TEST(LoadStream, IsPrintedAsItIsWritten) {
  EXPECT_EQ(to_string(stream("stream: send 1")), "stream: send 1");
  EXPECT_EQ(to_string(stream("stream: expect 1 FIN , send 2")), "stream: send 2, expect 1 FIN");
  EXPECT_EQ(to_string(stream("{stream: expect 5, ack-every: 3, within: 2s}")),
            "stream: expect 5, ack-every 3, within 2 s");
  EXPECT_EQ(to_string(stream("{stream: send 5, until: zero-window, within: 2s}")),
            "stream: send 5, until zero-window, within 2 s");
}

TEST(LoadStream, KnowsTheRestOfOneThatWasHalted) {
  const auto steps =
      must_load(with_steps("- {stream: send 5, until: zero-window}\n- {stream: rest, until: zero-window}\n"
                           "- wait: 1s\n- stream: rest\n"))
          .front()
          .steps;
  EXPECT_TRUE(std::get<StreamStep>(steps.at(0).body).until_zero_window);
  EXPECT_TRUE(std::get<StreamStep>(steps.at(1).body).rest);
  EXPECT_TRUE(std::get<StreamStep>(steps.at(1).body).until_zero_window);
  EXPECT_FALSE(std::get<StreamStep>(steps.at(3).body).until_zero_window);
  EXPECT_EQ(to_string(steps.at(3)), "stream: rest");
}

// What one instance may carry counts all steps, each way and each end by itself.
TEST(LoadStream, AddsUpWhatAScenarioCarries) {
  const std::string most = "16777216";
  EXPECT_EQ(error_of(with_steps("- target: send " + most + "\n  later: s\n- target: receive " + most +
                                "\n  later: r\n- stream: send " + most + ", expect " + most + "\n")),
            "loads");
  EXPECT_EQ(error_of(with_steps("- target: receive " + most + "\n  result: end\n")), "loads");
  EXPECT_EQ(error_of(with_steps("- stream: expect " + most + "\n- stream: send 5\n- stream: expect 1\n")),
            "f.yaml:6:3: with this its streams have 16777217 octets in all; one instance carries at most "
            "16777216 each way");
  EXPECT_EQ(error_of(with_steps("- stream: send " + most + "\n- stream: send 1\n")),
            "f.yaml:5:3: with this the streams of ours have 16777217 octets in all; one instance carries at "
            "most 16777216 each way");
}

TEST(LoadStream, MayStandBehindAHandshakeOrInAnotherConnection) {
  EXPECT_EQ(error_of(with_steps("- send: SYN\n- stream: send 5\n", "given: LISTEN\n")), "loads");
  EXPECT_EQ(error_of(with_steps("- send: SYN\n- stream: send 5\n", "given: TIME-WAIT\n")), "loads");
  EXPECT_EQ(error_of(with_steps("- stream: send 5 FIN\n- stream: expect 5\n")), "loads");
  EXPECT_NE(error_of(with_steps("- stream: send 5\n", "given: CLOSE-WAIT\n")), "loads");
}

// A listener does not hand it on.
TEST(InitialNumber, IsForATargetThatConnects) {
  EXPECT_EQ(error_of(with_steps("- wait: 1s\n", "configure: {iss: 4294967295}\ngiven: SYN-SENT\n")), "loads");
  EXPECT_EQ(error_of(with_steps("- wait: 1s\n", "configure: {iss: 5}\ngiven: ESTABLISHED\n")),
            "f.yaml:2:13: `iss` is for a target that connects; a listener does not hand it on");
}

}  // namespace
}  // namespace finack
