// SPDX-License-Identifier: Apache-2.0
#include "scenario/given.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/loaded.h"

namespace finack {
namespace {

using testing::StartsWith;

using Open = Given::Open;
using Close = Given::Close;

const Place given_place{"f.yaml", 2, 8};

Given must_parse(std::string_view text) {
  const auto given = parse_given(text, given_place);
  EXPECT_TRUE(given) << to_string(given.error());
  return given.value_or(Given{});
}

std::string parse_error(std::string_view text) {
  const auto given = parse_given(text, given_place);
  return given ? "parses as " + to_string(*given) : to_string(given.error());
}

TEST(Given, IsAStateAndTheWayThere) {
  EXPECT_EQ(must_parse("ESTABLISHED"), (Given{TcpState::established, Open::passive, Close::none}));
  EXPECT_EQ(must_parse("ESTABLISHED, active"), (Given{TcpState::established, Open::active, Close::none}));
  EXPECT_EQ(must_parse("FIN-WAIT-2"), (Given{TcpState::fin_wait_2, Open::passive, Close::close}));
  EXPECT_EQ(must_parse("FIN-WAIT-2 by shutdown"),
            (Given{TcpState::fin_wait_2, Open::passive, Close::shutdown}));
  EXPECT_EQ(must_parse("FIN-WAIT-2 by close, active"),
            (Given{TcpState::fin_wait_2, Open::active, Close::close}));
  EXPECT_EQ(must_parse("CLOSE-WAIT by close"), (Given{TcpState::close_wait, Open::passive, Close::none}))
      << "in a table of states, it says nothing where the target closes nothing";
  EXPECT_EQ(must_parse("SYN-SENT"), (Given{TcpState::syn_sent, Open::active, Close::none}));
  EXPECT_EQ(must_parse("  LAST-ACK   by shutdown ,passive "),
            (Given{TcpState::last_ack, Open::passive, Close::shutdown}));
}

TEST(Given, PlacesEachErrorAtItsWord) {
  EXPECT_EQ(parse_error("ESTABLISHT"),
            "f.yaml:2:8: `ESTABLISHT` is no TCP state\n  hint: did you mean `ESTABLISHED`?");
  EXPECT_EQ(parse_error("FIN-WAIT-2 by cloze"),
            "f.yaml:2:22: `cloze` is no way to close\n  hint: did you mean `close`?");
  EXPECT_EQ(parse_error("ESTABLISHED, aktive"),
            "f.yaml:2:21: `aktive` is no way to open\n  hint: did you mean `active`?");
  EXPECT_EQ(parse_error("LISTEN, active"),
            "f.yaml:2:16: no active open leads to LISTEN\n  hint: leave out `active`");
  EXPECT_EQ(parse_error("SYN-SENT, passive"),
            "f.yaml:2:18: no passive open leads to SYN-SENT\n  hint: leave out `passive`");
  EXPECT_THAT(parse_error("ESTABLISHED active"), StartsWith("f.yaml:2:20: `active` has no meaning here\n"));
  EXPECT_THAT(parse_error("ESTABLISHED, active, passive"),
              StartsWith("f.yaml:2:27: `,` has no meaning here\n"));
  EXPECT_THAT(parse_error("ESTABLISHED, active by close"),
              StartsWith("f.yaml:2:28: `by` has no meaning here\n"));
  EXPECT_THAT(parse_error("FIN-WAIT-2 by"), StartsWith("f.yaml:2:21: "));
  EXPECT_THAT(parse_error("FIN-WAIT-2,"), StartsWith("f.yaml:2:19: "));
  EXPECT_THAT(parse_error(""), StartsWith("f.yaml:2:8: "));
}

// Every way that can be written.
std::vector<Given> all_ways() {
  std::vector<Given> out;
  for (const std::string_view state : tcp_state_names) {
    for (const std::string_view by : {"", " by close", " by shutdown"}) {
      for (const std::string_view open : {", passive", ", active"}) {
        const auto given = parse_given(std::string(state) + std::string(by) + std::string(open), given_place);
        if (given && std::ranges::find(out, *given) == out.end()) out.push_back(*given);
      }
    }
  }
  return out;
}

TEST(Given, PrintsWhatItReads) {
  EXPECT_EQ(all_ways().size(), 30u)
      << "2 of CLOSED, 1 of LISTEN and SYN-SENT each, 2 of the 3 where it closes nothing, 4 of the other 5";
  for (const Given& given : all_ways()) EXPECT_EQ(must_parse(to_string(given)), given) << to_string(given);
}

bool calls(const std::vector<Step>& steps, std::string_view word, std::string_view socket) {
  return std::ranges::any_of(steps, [&](const Step& step) {
    const auto* call = std::get_if<CallStep>(&step.body);
    return call && call->word == word && call->socket == socket;
  });
}

TEST(Preamble, ChecksThatItArrives) {
  for (const Given& given : all_ways()) {
    const std::vector<Step> steps = preamble(given, {});
    const auto* last = std::get_if<StateStep>(&steps.back().body);
    ASSERT_TRUE(last) << to_string(given) << " ends with " << to_string(steps.back());
    EXPECT_EQ(last->state, given.state);
  }
}

TEST(Preamble, ClosesAsGivenSays) {
  for (const Given& given : all_ways()) {
    const std::vector<Step> steps = preamble(given, {});
    EXPECT_EQ(calls(steps, "close", connection_name), given.by == Close::close) << to_string(given);
    EXPECT_EQ(calls(steps, "shutdown", connection_name), given.by == Close::shutdown) << to_string(given);
  }
}

TEST(Preamble, OpensAsGivenSays) {
  for (const Given& given : all_ways()) {
    const std::vector<Step> steps = preamble(given, {});
    EXPECT_EQ(calls(steps, "connect", connection_name), given.open == Open::active) << to_string(given);
    EXPECT_EQ(calls(steps, "listen", listener_name), given.open == Open::passive) << to_string(given);
  }
}

TEST(Preamble, SetsOptionsBeforeTheSocketIsBound) {
  for (const char* text : {"ESTABLISHED", "ESTABLISHED, active"}) {
    const std::string steps =
        text_of_steps(preamble(must_parse(text), {{"keepalive", "1"}, {"maxseg", "500"}}));
    EXPECT_NE(steps.find("target: option keepalive 1"), std::string::npos) << steps;
    EXPECT_LT(steps.find("option keepalive 1"), steps.find("option maxseg 500")) << "in their order";
    EXPECT_LT(steps.find("option maxseg 500"), steps.find("target: bind")) << steps;
  }
}

std::string way_to(std::string_view text) {
  return text_of_steps(preamble(must_parse(text), {}));
}

const std::string accepting =
    "target: socket on listener\ntarget: option reuseaddr 1 on listener\ntarget: bind on listener\ntarget: "
    "listen\n"
    "target: accept\nsend: SYN\nexpect: SYN+ACK\nsend: ACK\nreturns: accept\n";
const std::string connecting =
    "target: socket\ntarget: option reuseaddr 1\ntarget: bind\ntarget: connect\nexpect: SYN\n";

TEST(Preamble, FollowsTheFiguresOfTheRfc) {
  EXPECT_EQ(way_to("ESTABLISHED"), accepting + "state: ESTABLISHED\n");
  EXPECT_EQ(way_to("ESTABLISHED, active"),
            connecting + "send: SYN+ACK\nexpect: ACK\nreturns: connect\nstate: ESTABLISHED\n");
  EXPECT_EQ(way_to("SYN-RECEIVED, active"),
            connecting + "send: SYN\nexpect: SYN+ACK seq=0\nstate: SYN-RECEIVED\n")
      << "figure 8: the SYNs cross, and its SYN comes once more";
  EXPECT_EQ(way_to("CLOSED, active"),
            connecting + "send: RST+ACK\nreturns: connect, result ECONNREFUSED\nstate: CLOSED\n");
  EXPECT_EQ(way_to("CLOSE-WAIT"), accepting + "send: FIN+ACK\nexpect: ACK\nstate: CLOSE-WAIT\n");
  EXPECT_EQ(way_to("LAST-ACK by shutdown"), accepting +
                                                "send: FIN+ACK\nexpect: ACK\nstate: CLOSE-WAIT\n"
                                                "target: shutdown send\nexpect: FIN+ACK\nstate: LAST-ACK\n");
  EXPECT_EQ(way_to("TIME-WAIT"), accepting +
                                     "target: close\nexpect: FIN+ACK\nstate: FIN-WAIT-1\nsend: ACK\n"
                                     "state: FIN-WAIT-2\nsend: FIN+ACK\nexpect: ACK\nstate: TIME-WAIT\n");
  EXPECT_EQ(way_to("CLOSING"), accepting +
                                   "target: close\nexpect: FIN+ACK\nstate: FIN-WAIT-1\n"
                                   "send: FIN+ACK ack=next-1\nexpect: ACK\nstate: CLOSING\n")
      << "our FIN does not acknowledge the target's";
}

TEST(Preamble, LeavesTheHandshakeHalfDoneForSynReceived) {
  const std::string steps = way_to("SYN-RECEIVED");
  EXPECT_TRUE(steps.ends_with("target: listen\nsend: SYN\nexpect: SYN+ACK\nstate: SYN-RECEIVED\n")) << steps;
}

}  // namespace
}  // namespace finack
