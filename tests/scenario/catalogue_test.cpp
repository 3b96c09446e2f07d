// SPDX-License-Identifier: Apache-2.0
#include "scenario/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace finack {
namespace {

std::size_t count(std::string_view prefix) {
  return static_cast<std::size_t>(std::ranges::count_if(
      catalogue_entries(), [&](const CatalogueEntry& entry) { return entry.id.starts_with(prefix); }));
}

TEST(Catalogue, HoldsWhatItsFilesHold) {
  EXPECT_EQ(count("CR-"), 127u);
  EXPECT_EQ(count("MUST-") + count("SHLD-") + count("MAY-") + count("REC-"), 119u);
  EXPECT_EQ(count("U-"), 11u);
  EXPECT_EQ(count("T-"), 85u);
  EXPECT_EQ(count("S-"), 135u);
  EXPECT_EQ(transitions().size(), 85u);
}

TEST(Catalogue, IsSortedSoThatItCanBeSearched) {
  EXPECT_TRUE(std::ranges::is_sorted(catalogue_entries(), {}, &CatalogueEntry::id));
  ASSERT_NE(find_catalogue_entry("CR-054"), nullptr);
  EXPECT_EQ(find_catalogue_entry("CR-054")->level, "MUST");
  EXPECT_EQ(find_catalogue_entry("CR-05"), nullptr);
}

TEST(Catalogue, KeepsAllThatARuleSays) {
  EXPECT_EQ(catalogue_rules().size(), 127u);
  const auto at = std::ranges::find(catalogue_rules(), "CR-054", &CatalogueRule::id);
  ASSERT_NE(at, catalogue_rules().end());
  EXPECT_EQ(at->given, "TIME-WAIT");
  EXPECT_EQ(at->when, "nothing arrives");
  EXPECT_EQ(at->then, "stay for twice the MSL");
  EXPECT_EQ(at->source, "RFC 9293 3.6.1; RFC 1122 4.2.2.13; RFC 7323 B.2");
  EXPECT_EQ(at->requirements, "MUST-13");
  EXPECT_EQ(at->edges, "T-059");
  EXPECT_EQ(at->testable, "app");
  EXPECT_EQ(at->needs, "close");
  EXPECT_EQ(at->rival, "");
  EXPECT_TRUE(at->note.starts_with("MSL is 2 minutes")) << at->note;
}

TEST(Catalogue, KeepsAllThatRequirementsEdgesAndStatesSay) {
  EXPECT_EQ(catalogue_requirements().size(), 130u);
  const auto requirement = std::ranges::find(catalogue_requirements(), "U-11", &CatalogueRequirement::id);
  ASSERT_NE(requirement, catalogue_requirements().end());
  EXPECT_EQ(requirement->section, "3.10.7.4");
  EXPECT_EQ(requirement->why, "same stimulus; expect ACK, no delivery");
  EXPECT_EQ(requirement->see, "MAY-12");
  EXPECT_EQ(catalogue_edges().size(), 220u);
  const auto edge = std::ranges::find(catalogue_edges(), "T-006", &CatalogueEdge::id);
  ASSERT_NE(edge, catalogue_edges().end());
  EXPECT_EQ(edge->from, TcpState::listen);
  EXPECT_EQ(edge->to, TcpState::syn_received);
  EXPECT_EQ(edge->emits, "<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>");
  EXPECT_EQ(edge->standing, Standing::base);
  ASSERT_EQ(catalogue_states().size(), tcp_state_names.size());
  for (std::size_t i = 0; i < tcp_state_names.size(); ++i)
    EXPECT_EQ(catalogue_states()[i].state, static_cast<TcpState>(i)) << "the order of TcpState";
  EXPECT_EQ(catalogue_states()[0].meaning, "No connection record exists.");
}

TEST(Catalogue, RefersToNothingThatIsNotThere) {
  for (const CatalogueRule& rule : catalogue_rules()) {
    for (const std::string_view ids : {rule.requirements, rule.edges}) {
      for (const std::string_view id : split_words(ids))
        EXPECT_NE(find_catalogue_entry(id), nullptr) << rule.id << " names " << id;
    }
    for (const std::string_view state : split_words(rule.given))
      EXPECT_TRUE(parse_tcp_state(state)) << rule.id << " names " << state;
  }
}

TEST(Reachable, FollowsFigure5) {
  using enum TcpState;
  EXPECT_TRUE(reachable(established, time_wait));
  EXPECT_TRUE(reachable(fin_wait_1, closing));
  EXPECT_FALSE(reachable(time_wait, syn_received)) << "a SYN that reuses TIME-WAIT opens another connection";
  EXPECT_TRUE(reachable(closed, closed));
  EXPECT_FALSE(reachable(closed, established)) << "what comes after CLOSED is another connection";
  EXPECT_FALSE(reachable(last_ack, time_wait));
  EXPECT_FALSE(reachable(fin_wait_2, closing));
}

}  // namespace
}  // namespace finack
