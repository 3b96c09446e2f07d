// SPDX-License-Identifier: Apache-2.0
#include "scenario/sockets.h"

#include <gtest/gtest.h>

#include "scenario/loaded.h"

namespace finack {
namespace {

// Of steps that begin in line 4.
std::string error(const std::string& given, const std::string& steps) {
  const std::string all = error_of(with_steps(steps, "given: " + given + "\n"));
  return all.substr(0, all.find("\n  hint"));
}

TEST(Sockets, AreThoseThatThePreambleLeaves) {
  EXPECT_EQ(error("ESTABLISHED", "- target: close\n"), "loads");
  EXPECT_EQ(error("ESTABLISHED", "- {target: close, on: listener}\n"), "loads");
  EXPECT_EQ(error("LISTEN", "- target: close\n"),
            "f.yaml:4:3: `close` is made on `connection`, and no socket has that name");
  EXPECT_EQ(error("SYN-SENT", "- target: close\n"), "loads");
  EXPECT_EQ(error("ESTABLISHED, active", "- {target: close, on: listener}\n"),
            "f.yaml:4:3: `close` is made on `listener`, and no socket has that name");
  EXPECT_EQ(error("CLOSED", "- {target: close, on: listener}\n"),
            "f.yaml:4:3: `close` is made on `listener`, which `given` has closed already");
  EXPECT_EQ(error("FIN-WAIT-2", "- target: send 5\n"),
            "f.yaml:4:3: `send` is made on `connection`, which `given` has closed already");
  EXPECT_EQ(error("FIN-WAIT-2 by shutdown", "- target: send 5\n"), "loads");
}

TEST(Sockets, OfAHalfOpenConnectionHaveToBeAccepted) {
  EXPECT_EQ(error("SYN-RECEIVED", "- target: close\n"),
            "f.yaml:4:3: `close` is made on `connection`, which is not there yet");
  EXPECT_EQ(error("SYN-RECEIVED", "- send: ACK\n- target: accept\n- target: close\n"), "loads");
  EXPECT_EQ(error("SYN-RECEIVED, active", "- target: close\n"), "loads");
}

TEST(Sockets, AreGoneOnceClosed) {
  for (const char* end : {"close", "abort", "die"}) {
    EXPECT_EQ(error("ESTABLISHED", std::string("- target: ") + end + "\n- target: send 5\n"),
              "f.yaml:5:3: `send` is made on `connection`, which was closed in line 4");
  }
  EXPECT_EQ(error("ESTABLISHED", "- target: shutdown\n- target: send 5\n"), "loads")
      << "it fails, but can be called";
  EXPECT_EQ(error("ESTABLISHED", "- target: destroy\n- target: send 5\n"), "loads")
      << "the descriptor remains";
}

TEST(Sockets, HaveNamesOfTheirOwn) {
  EXPECT_EQ(error("ESTABLISHED", "- target: dup copy\n- target: close\n- {target: send 5, on: copy}\n"),
            "loads");
  EXPECT_EQ(error("ESTABLISHED", "- target: dup copy\n- target: dup copy\n"),
            "f.yaml:5:3: there is a socket `copy` already");
  EXPECT_EQ(error("ESTABLISHED", "- {target: socket, on: listener}\n"),
            "f.yaml:4:3: there is a socket `listener` already");
  EXPECT_EQ(error("ESTABLISHED", "- target: dup copy\n- {target: close, on: copy}\n- target: dup copy\n"),
            "loads");
  EXPECT_EQ(error_of(with_steps("- {target: close, on: conection}\n")),
            "f.yaml:4:3: `close` is made on `conection`, and no socket has that name");
}

TEST(Sockets, AreAtMostEight) {
  std::string steps;
  for (std::uint32_t i = 2; i < most_sockets; ++i) steps += "- target: dup copy" + std::to_string(i) + "\n";
  EXPECT_EQ(error("ESTABLISHED", steps), "loads");
  EXPECT_EQ(error("ESTABLISHED", steps + "- target: dup more\n"),
            "f.yaml:10:3: `more` would be the 9th socket; a scenario has at most 8");
}

TEST(Later, IsCollectedByItsName) {
  EXPECT_EQ(error("ESTABLISHED", "- {target: close, later: closing}\n- returns: closing\n"), "loads");
  EXPECT_EQ(error_of(with_steps("- {target: close, later: closing}\n- returns: closin\n")),
            "f.yaml:5:3: no call was made with `later: closin`");
  EXPECT_EQ(error_of(with_steps("- returns: closing\n", "given: LISTEN\n")),
            "f.yaml:4:3: no call was made with `later: closing`");
  EXPECT_EQ(error("ESTABLISHED", "- {target: receive 5, later: x}\n- {target: close, later: x}\n"),
            "f.yaml:5:3: `later: x` stands twice");
  EXPECT_EQ(error("SYN-SENT", "- send: SYN+ACK\n- returns: connect\n"), "loads") << "the preamble's call";
}

// --- one-of: nobody knows which branch is taken

const std::string two_branches =
    "- one-of:\n    - {reading: a, steps: [{expect: ACK}, {target: close}]}\n    - {reading: b, quiet: 1s}\n";

TEST(Sockets, MayBeWhatABranchMakesOfThem) {
  EXPECT_EQ(error("ESTABLISHED", two_branches + "- wait: 1s\n"), "loads");
  EXPECT_EQ(error("ESTABLISHED", two_branches + "- target: close\n"), "loads")
      << "it is open when b was taken";
  EXPECT_EQ(error("ESTABLISHED", "- target: close\n" + two_branches),
            "f.yaml:6:43: `close` is made on `connection`, which was closed in line 4");
}

TEST(Sockets, AreLookedAtAgainAfterTheBranches) {
  EXPECT_EQ(error("ESTABLISHED", two_branches + "- target: dup copy\n- target: dup copy\n"),
            "f.yaml:8:3: there is a socket `copy` already");
  EXPECT_EQ(error("ESTABLISHED", two_branches + "- wait: 1s\n- {target: close, on: other}\n"),
            "f.yaml:8:3: `close` is made on `other`, and no socket has that name");
  EXPECT_EQ(error("ESTABLISHED", two_branches + "- {target: close, on: other}\n"),
            "f.yaml:7:3: `close` is made on `other`, and no socket has that name")
      << "the first step after them";
}

TEST(Later, CountsWhereABranchMakesTheCall) {
  EXPECT_EQ(error("ESTABLISHED",
                  "- one-of:\n    - {reading: a, steps: [{expect: ACK}, {target: close, later: closing}]}\n"
                  "    - {reading: b, quiet: 1s}\n- returns: closing\n"),
            "loads");
}

TEST(Sockets, AreThoseOfTheirOwnBranch) {
  const auto error_in_second = [](const std::string& first, const std::string& second) {
    return error("ESTABLISHED", "- one-of:\n    - {reading: a, steps: [{expect: ACK}, " + first +
                                    "]}\n    - {reading: b, steps: [{quiet: 1s}, " + second + "]}\n");
  };
  EXPECT_EQ(error_in_second("{target: close}", "{target: send 5}"), "loads");
  EXPECT_EQ(error_in_second("{target: close}", "{target: close}, {target: send 5}"),
            "f.yaml:6:58: `send` is made on `connection`, which was closed in line 6");
  EXPECT_EQ(error_in_second("{target: dup copy}", "{target: close, on: copy}"),
            "f.yaml:6:41: `close` is made on `copy`, and no socket has that name");
  EXPECT_EQ(error_in_second("{target: close, later: x}", "{returns: x}"),
            "f.yaml:6:41: no call was made with `later: x`");
}

TEST(Sockets, ThatEveryBranchClosesAreClosed) {
  EXPECT_EQ(error("ESTABLISHED",
                  "- one-of:\n    - {reading: a, steps: [{expect: ACK}, {target: close}]}\n"
                  "    - {reading: b, steps: [{quiet: 1s}, {target: abort}]}\n- target: send 5\n"),
            "f.yaml:7:3: `send` is made on `connection`, which was closed in line 5");
}

TEST(Sockets, AreFollowedThroughNestedBranches) {
  const std::string nested =
      "- one-of:\n    - reading: a\n      steps:\n        - expect: ACK\n        - one-of:\n"
      "            - {reading: c, steps: [{expect: RST}, {target: close}]}\n"
      "            - {reading: d, steps: [{expect: FIN+ACK}, {target: close}]}\n"
      "    - {reading: b, steps: [{quiet: 1s}, {target: %}]}\n- target: send 5\n";
  const auto ending = [&](const std::string& call) {
    return error("ESTABLISHED", std::string(nested).replace(nested.find('%'), 1, call));
  };
  EXPECT_EQ(ending("close"), "f.yaml:12:3: `send` is made on `connection`, which was closed in line 9");
  EXPECT_EQ(ending("shutdown"), "loads");
}

TEST(Told, IsOnlyWhatIsWatched) {
  EXPECT_EQ(error("ESTABLISHED", "- target: watch\n- told: end\n"), "loads");
  EXPECT_EQ(error("ESTABLISHED", "- told: end\n"),
            "f.yaml:4:3: the application is told of `connection`, which it does not watch");
  EXPECT_EQ(error("ESTABLISHED", "- target: dup copy\n- target: watch\n- {told: end, on: copy}\n"),
            "f.yaml:6:3: the application is told of `copy`, which it does not watch");
}

TEST(Sockets, ThatABranchMakesMayBeUsedAfterwards) {
  EXPECT_EQ(error("ESTABLISHED",
                  "- one-of:\n    - {reading: a, steps: [{expect: ACK}, {target: dup copy}]}\n"
                  "    - {reading: b, steps: [{quiet: 1s}, {target: dup copy}]}\n"
                  "- {target: close, on: copy}\n"),
            "loads");
}

}  // namespace
}  // namespace finack
