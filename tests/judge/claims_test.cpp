// SPDX-License-Identifier: Apache-2.0
#include "judge/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "exchange.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::uint8_t place(std::string_view id) {
  return static_cast<std::uint8_t>(std::ranges::find(catalogue_edges(), id, &CatalogueEdge::id) -
                                   catalogue_edges().begin());
}
const CatalogueRule& rule(std::string_view id) {
  return *std::ranges::find(catalogue_rules(), id, &CatalogueRule::id);
}

TEST(Claims, AreShownInTheStateThatAnEdgeBeginsIn) {
  const std::vector<std::uint8_t> edges = {place("T-022"), place("S-104"), place("S-105")};
  const Claim claim = claim_by_edges(rule("CR-014"), edges);
  EXPECT_THAT(claim.shown, ElementsAre(TcpState::closing, TcpState::last_ack));
  EXPECT_EQ(claim.missing, "");
  EXPECT_EQ(claim_by_edges(rule("CR-014"), std::vector<std::uint8_t>{place("T-022")}).missing,
            "none of its edges was taken for sure (S-103, S-104, S-105)");
}

TEST(Claims, AreForTheStatesThatTheStepsName) {
  using enum TcpState;
  const std::vector<TcpState> named = {established, last_ack};
  EXPECT_THAT(states_claimed(rule("CR-014"), named), ElementsAre(last_ack));
  EXPECT_THAT(states_claimed(rule("CR-014"), {}), ElementsAre(fin_wait_1, closing, last_ack));
  const std::vector<TcpState> others = {listen};
  EXPECT_THAT(states_claimed(rule("CR-014"), others), ElementsAre(fin_wait_1, closing, last_ack));
  EXPECT_THAT(
      states_named(program_of("- state: CLOSING\n- state: CLOSED\n- state: CLOSING\n", Opening::none)),
      ElementsAre(closing, closed));
}

// The judge keeps the states that evidence needs, and the trace to look for it in. Here the target's
// application is one that nobody sees: it may have closed before our FIN came, so that no state is sure.
TEST(Claims, AreWeighedByTheJudge) {
  Exchange exchange("- state: ESTABLISHED\n- send: FIN+ACK\n- expect: ACK\n", Opening::ours, {},
                    {"CR-029", "CR-030", "CR-032", "MUST-40"});
  exchange.want();
  exchange.read(TcpState::established);
  exchange.want();
  exchange.inject(exchange.ours(flag::fin + flag::ack, 1, 1));
  exchange.after(10ms);
  exchange.arrive(exchange.theirs(flag::ack, 1, 2));
  EXPECT_EQ(exchange.finish(), Verdict::pass);
  const auto claims = exchange.judge().claims();
  ASSERT_EQ(claims.size(), 3u) << "a requirement is no rule";
  EXPECT_THAT(claims[0].shown, ElementsAre(TcpState::established));
  EXPECT_THAT(claims[1].shown, IsEmpty());
  EXPECT_EQ(claims[1].missing, "there was not in such a state: a FIN of ours in sequence");
  EXPECT_THAT(claims[2].shown, IsEmpty());
  EXPECT_EQ(claims[2].missing, "there was not: a FIN of ours in sequence, in one segment with octets");
}

}  // namespace
}  // namespace finack
