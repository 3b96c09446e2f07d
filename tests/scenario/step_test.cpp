// SPDX-License-Identifier: Apache-2.0
// Calls and their results as they are read, and as they are printed again.
#include "scenario/step.h"

#include <gtest/gtest.h>

#include "scenario/loaded.h"

namespace finack {
namespace {

std::string printed(const std::string& step) {
  return to_string(must_load(with_steps("- " + step + "\n")).front().steps.at(0));
}

TEST(Step, PrintsACallAsItIsWritten) {
  EXPECT_EQ(printed("target: close"), "target: close");
  EXPECT_EQ(printed("target: shutdown both"), "target: shutdown both");
  EXPECT_EQ(printed("target: send 500"), "target: send 500");
  EXPECT_EQ(printed("target: send 5 urgent"), "target: send 5 urgent");
  EXPECT_EQ(printed("target: receive-urgent"), "target: receive-urgent");
  EXPECT_EQ(printed("target: option linger 0"), "target: option linger 0");
  EXPECT_EQ(printed("target: option linger off"), "target: option linger off");
  EXPECT_EQ(printed("target: dup copy"), "target: dup copy");
  EXPECT_EQ(printed("{target: close, on: listener}"), "target: close on listener");
  EXPECT_EQ(printed("{target: shutdown, on: listener}"), "target: shutdown send on listener");
  EXPECT_EQ(printed("target: watch"), "target: watch");
}

TEST(Step, PrintsResultsWhereTheyAreNotPlainSuccess) {
  EXPECT_EQ(printed("{target: receive 5, result: success}"), "target: receive 5");
  EXPECT_EQ(printed("{target: receive 5, result: end}"), "target: receive 5, result end");
  EXPECT_EQ(printed("{target: receive, result: [end, ECONNRESET]}"),
            "target: receive, result end or ECONNRESET");
  EXPECT_EQ(printed("{target: receive 5, result: [success, EPIPE]}"),
            "target: receive 5, result success or EPIPE");
  EXPECT_EQ(printed("{target: option error, result: 0}"), "target: option error, result 0");
}

TEST(Step, PrintsACallThatReturnsLater) {
  EXPECT_EQ(printed("{target: close, later: closing}"), "target: close, later closing");
}

TEST(Step, PrintsWhatTheApplicationIsTold) {
  const auto steps =
      must_load(
          with_steps("- target: watch\n- told: readable\n- target: dup copy\n- {target: watch, on: copy}\n"
                     "- {told: reset, on: copy, within: 2s}\n"))
          .front()
          .steps;
  EXPECT_EQ(text_of_steps(steps),
            "target: watch\ntold: readable\ntarget: dup copy\ntarget: watch on copy\n"
            "told: reset on copy, within 2 s\n");
}

TEST(Step, PrintsAListen) {
  const auto printed_listen = [](const std::string& call) {
    return to_string(
        must_load(with_steps("- target: socket\n- target: bind\n- {" + call + ", on: connection}\n",
                             "given: CLOSED\n"))
            .front()
            .steps.at(2));
  };
  EXPECT_EQ(printed_listen("target: listen"), "target: listen on connection");
  EXPECT_EQ(printed_listen("target: listen 16"), "target: listen on connection");
  EXPECT_EQ(printed_listen("target: listen 4"), "target: listen 4 on connection");
}

TEST(Call, ReadsItsResults) {
  const auto outcomes = [](const std::string& step) {
    return std::get<CallStep>(must_load(with_steps("- " + step + "\n")).front().steps.at(0).body).outcomes;
  };
  using Kind = CallOutcome::Kind;
  EXPECT_EQ(outcomes("target: close"), std::vector<CallOutcome>{{}});
  EXPECT_EQ(outcomes("target: send 5"), (std::vector<CallOutcome>{{Kind::done, "", 5}}));
  EXPECT_EQ(outcomes("{target: receive 5, result: [end, success, EPIPE]}"),
            (std::vector<CallOutcome>{{Kind::end, "", 5}, {Kind::done, "", 5}, {Kind::error, "EPIPE"}}));
  EXPECT_EQ(outcomes("{target: receive, result: end}"), (std::vector<CallOutcome>{{Kind::end, "", 0}}));
  EXPECT_EQ(outcomes("{target: option error, result: 104}"),
            (std::vector<CallOutcome>{{Kind::done, "", std::nullopt, "104"}}));
}

TEST(Call, AsksForOneOctetMoreOnlyWhereNoneMayBeLeft) {
  const auto length = [](const std::string& step) {
    return std::get<CallStep>(must_load(with_steps("- " + step + "\n")).front().steps.at(0).body).length;
  };
  EXPECT_EQ(length("target: receive 5"), 5u);
  EXPECT_EQ(length("{target: receive 5, result: end}"), 6u);
  EXPECT_EQ(length("{target: receive 5, result: [end, success]}"), 5u);
  EXPECT_EQ(length("{target: receive, result: ECONNRESET}"), 1u);
}

TEST(Call, TakesItsSocketFromItsKind) {
  const auto steps = must_load(with_steps("- send: ACK\n- target: accept\n- target: accept second\n"
                                          "- {target: close, on: second}\n",
                                          "given: SYN-RECEIVED\n"))
                         .front()
                         .steps;
  const auto& first = std::get<CallStep>(steps[1].body);
  EXPECT_EQ(first.socket, listener_name);
  EXPECT_EQ(first.makes, connection_name);
  EXPECT_EQ(std::get<CallStep>(steps[2].body).makes, "second");
  EXPECT_EQ(text_of_steps(steps),
            "send: ACK\ntarget: accept\ntarget: accept second\ntarget: close on second\n");
}

TEST(Call, RefusesWhatMakesNoSense) {
  const auto error = [](const std::string& step) {
    const std::string all = error_of(with_steps("- " + step + "\n"));
    return all.substr(0, all.find("\n  hint"));
  };
  EXPECT_EQ(error("target: receive"),
            "f.yaml:4:11: `target: receive` wants a number of octets or a `result`");
  EXPECT_EQ(error("target: dup"), "f.yaml:4:11: `target: dup` wants a name for the new descriptor");
  EXPECT_EQ(error("target: dup Copy"), "f.yaml:4:15: `Copy` is no name of a socket");
  EXPECT_EQ(error("{target: close, on: 1x}"), "f.yaml:4:23: `1x` is no name of a socket");
  EXPECT_EQ(error("target: listen 5000"),
            "f.yaml:4:18: `target: listen` wants a backlog from 0 to 4096, got `5000`");
  EXPECT_EQ(error("target: option"), "f.yaml:4:11: `target: option` wants the name of an option");
  EXPECT_EQ(error("target: option lingr 5"), "f.yaml:4:18: `lingr` is no socket option");
  EXPECT_EQ(error("target: option maxseg off"),
            "f.yaml:4:25: the option `maxseg` is a number from 0 to 2147483647, got `off`");
  EXPECT_EQ(error("target: option maxseg 1 2"),
            "f.yaml:4:27: `2` stands after `option` and has no meaning there");
  EXPECT_EQ(error("target: option maxseg"), "f.yaml:4:11: an option that is read wants a `result`");
  EXPECT_EQ(error("target: send 5 urgnt"),
            "f.yaml:4:18: `urgnt` stands after `send` and has no meaning there");
  EXPECT_EQ(error("target: receive 5 urgent"),
            "f.yaml:4:21: `urgent` stands after `receive` and has no meaning there");
  EXPECT_EQ(error("{target: close, result: end}"),
            "f.yaml:4:27: only `receive` can come to the end of the stream");
  EXPECT_EQ(error("{target: close, result: []}"), "f.yaml:4:27: `result` wants a list, got an empty one");
  EXPECT_EQ(error("{target: close, result: EPIPES}"), "f.yaml:4:27: `EPIPES` is no result of a call");
}

}  // namespace
}  // namespace finack
