// SPDX-License-Identifier: Apache-2.0
#include "report/explain.h"

#include <gtest/gtest.h>

#include "report/paragraph.h"
#include "scenario/catalogue.h"

namespace finack {
namespace {

std::string text_of(std::string_view word) {
  const auto text = explain(word);
  return text ? *text : to_string(text.error());
}

Scenario scenario(std::string id, std::vector<std::string> covers) {
  Scenario out;
  out.id = std::move(id);
  out.title = "A title";
  out.covers = std::move(covers);
  return out;
}

TEST(Explain, TellsAllOfAnInvariant) {
  EXPECT_EQ(text_of("inv-fin"), R"(INV-FIN, checked on every segment, whatever the scenario says

  asks      A FIN that is sent again has the sequence number of the first.

  level     MUST
  source    RFC 9293 3.10.8

Rules on this
  CR-014    in FIN-WAIT-1, CLOSING, LAST-ACK, when the FIN stays unacknowledged for an RTO: send it
            again with the same sequence number
)");
  EXPECT_EQ(text_of("INV-FINE"),
            "`INV-FINE` is no id of the catalogue and no state\n  hint: did you mean `INV-FIN`?");
  EXPECT_EQ(tested_by("INV-FIN", {scenario("close/a", {"CR-014"})}, "suites"), "");
}

TEST(Explain, TellsAllOfARule) {
  EXPECT_EQ(text_of("cr-054"), R"(CR-054, a rule on TIME-WAIT

  given     TIME-WAIT
  when      nothing arrives
  then      stay for twice the MSL

  level     MUST
  source    RFC 9293 3.6.1; RFC 1122 4.2.2.13; RFC 7323 B.2
  testable  when the target's application acts along: close
  note      MSL is 2 minutes in 3.4.2; stacks use less, so report the measured time; PAWS does not
            replace the wait

Requirements of RFC 9293
  MUST-13   MUST: After an active close stay in TIME-WAIT for twice the MSL.

Edges of the state machine
  T-059     TIME-WAIT to CLOSED: 2 MSL elapsed; emits none
)");
}

TEST(Explain, TellsByWhatARuleWithoutEdgesShows) {
  EXPECT_NE(
      text_of("CR-030").find(
          "  shown by  a FIN of ours in sequence; then the acknowledgment of our FIN within half a second\n"),
      std::string::npos)
      << text_of("CR-030");
}

TEST(Explain, TellsAllOfARequirement) {
  EXPECT_EQ(text_of("MUST-13"), R"(MUST-13, a requirement of RFC 9293 on close

  asks      After an active close stay in TIME-WAIT for twice the MSL.

  level     MUST
  source    RFC 9293 3.6.1
  testable  when the target's application acts along
  how       the target has to close first; then probed by wire

Rules on this
  CR-054    in TIME-WAIT, when nothing arrives: stay for twice the MSL
)");
}

TEST(Explain, TellsAllOfAnEdge) {
  EXPECT_EQ(text_of("T-059"), R"(T-059, the edge from TIME-WAIT to CLOSED

  on        2 MSL elapsed (timer)
  emits     none

  class     normal
  standing  base: what RFC 9293 prescribes to everyone
  source    RFC 9293 3.10.8; MUST-13

Rules on this
  CR-054    in TIME-WAIT, when nothing arrives: stay for twice the MSL
  CR-055    in TIME-WAIT, when 2 MSL has passed: delete the record silently; the next segment draws
            RST (or meets the listener)
)");
  EXPECT_TRUE(text_of("S-083").starts_with("S-083, an edge that stays in TIME-WAIT\n"));
}

TEST(Explain, TellsAStateAndItsWaysOut) {
  EXPECT_TRUE(text_of("Last-Ack").starts_with("LAST-ACK, a state of a TCP connection\n\n  meaning   "));
  const std::string text = text_of("TIME-WAIT");
  EXPECT_NE(text.find("\nWays out\n  T-059     to CLOSED: 2 MSL elapsed; emits none\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("\nWhat happens without leaving\n"), std::string::npos) << text;
}

TEST(Explain, KnowsEveryWordOfTheCatalogueWithinAHundredColumns) {
  std::vector<std::string_view> words(tcp_state_names.begin(), tcp_state_names.end());
  for (const CatalogueEntry& entry : catalogue_entries()) words.push_back(entry.id);
  for (const std::string_view word : words) {
    const auto text = explain(word);
    ASSERT_TRUE(text) << word;
    for (std::size_t at = 0; at < text->size(); at = text->find('\n', at) + 1)
      EXPECT_LE(text->find('\n', at) - at, 100u) << word << "\n" << *text;
  }
}

TEST(Explain, HelpsWithAWordItDoesNotKnow) {
  EXPECT_EQ(text_of("TIM-WAIT"),
            "`TIM-WAIT` is no id of the catalogue and no state\n  hint: did you mean `TIME-WAIT`?");
  EXPECT_EQ(
      text_of("???????"),
      "`???????` is no id of the catalogue and no state\n  hint: there are rules (CR-054), requirements "
      "(MUST-13), edges (T-059), states (TIME-WAIT) and invariants (INV-FIN)");
}

TEST(TestedBy, FindsScenariosAndThoseThroughARule) {
  const std::vector<Scenario> scenarios = {scenario("a", {"CR-054"}), scenario("b", {"MUST-13", "CR-054"}),
                                           scenario("c", {"CR-001"})};
  EXPECT_EQ(tested_by("CR-054", scenarios, "suites"), "\nTested in suites by\n  a: A title\n  b: A title\n");
  EXPECT_EQ(
      tested_by("must-13", scenarios, "suites"),
      "\nTested in suites by\n  b: A title\n\nTested in suites through a rule by\n  a: A title (CR-054)\n");
  EXPECT_EQ(tested_by("CR-002", scenarios, "here, there"), "\nTested by no scenario in here, there\n");
  EXPECT_EQ(tested_by("TIME-WAIT", scenarios, "suites"), "");
}

TEST(Paragraph, BreaksBetweenWords) {
  const std::string word(60, 'x');
  EXPECT_EQ(paragraph("a", word + " " + word, 4), "  a   " + word + "\n      " + word + "\n");
  EXPECT_EQ(paragraph("a", "", 4), "");
  EXPECT_EQ(paragraph("longer", "b", 4), "  longer b\n");
}

}  // namespace
}  // namespace finack
