// SPDX-License-Identifier: Apache-2.0
// The edges of the catalogue say the same to people and to machines.
#include "scenario/edge_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <bit>
#include <map>
#include <stdexcept>
#include <string>

#include "scenario/catalogue.h"
#include "scenario/generator/tables.h"

namespace finack {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Facts of_calls = {Fact::passive_open, Fact::active_open, Fact::send, Fact::close, Fact::abort};
constexpr Facts of_timers = {Fact::rto, Fact::give_up, Fact::probe_timeout, Fact::orphan_timeout,
                             Fact::two_msl_timeout};
constexpr Facts of_icmp = {Fact::icmp_hard, Fact::icmp_soft};
constexpr Facts of_flags = {Fact::rst, Fact::no_rst, Fact::syn, Fact::no_syn, Fact::accepted};
constexpr Facts beside_calls = {Fact::both_ways, Fact::nothing_pending, Fact::pending, Fact::unread};

Facts common(Facts a, Facts b) {
  return Facts(a.bits & b.bits);
}

int size(WordSet<Fact> words) {
  return std::popcount(words.bits);
}

TEST(EdgeWords, GuardsFitTheirTriggers) {
  ASSERT_EQ(catalogue_edges().size(), 220u);
  for (const CatalogueEdge& edge : catalogue_edges()) {
    const Facts guard = edge.guard;
    EXPECT_NE(guard, Facts{}) << edge.id;
    if (edge.trigger == "user") {
      EXPECT_EQ(size(common(guard, of_calls)), 1) << edge.id;
      EXPECT_TRUE((of_calls | beside_calls).includes(guard)) << edge.id;
    } else if (edge.trigger == "timer") {
      EXPECT_EQ(size(common(guard, of_timers)), 1) << edge.id;
      EXPECT_TRUE((of_timers | Facts{Fact::reader_gone}).includes(guard)) << edge.id;
    } else {
      ASSERT_EQ(edge.trigger, "segment") << edge.id;
      const bool icmp = edge.kind == "icmp";
      EXPECT_EQ(size(common(guard, of_icmp)), icmp ? 1 : 0) << edge.id;
      EXPECT_EQ(common(guard, of_flags) == Facts{}, icmp) << edge.id;
      EXPECT_EQ(common(guard, of_calls | of_timers | beside_calls), Facts{}) << edge.id;
      // Only a RST may do without saying that it is none.
      EXPECT_TRUE(icmp || guard.has(Fact::rst) || guard.has(Fact::no_rst) || guard.has(Fact::accepted))
          << edge.id;
    }
  }
}

// What must be sent, in each wording of `emits`.
const std::map<std::string_view, Deeds> sent_by = {
    {"none", {}},
    {"<SEQ=ISS><CTL=SYN>", {Deed::send_syn}},
    {"<SEQ=ISS><CTL=SYN> again", {Deed::repeat}},
    {"<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>", {Deed::send_syn_ack}},
    {"<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> again", {Deed::repeat}},
    {"<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>", {Deed::send_ack}},
    {"duplicate <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> (MAY)", {Deed::may_ack}},
    {"<SEQ=SND.NXT><ACK=RCV.NXT><CTL=FIN,ACK>", {Deed::send_fin}},
    {"<SEQ=SND.NXT><CTL=RST>", {Deed::send_rst}},
    {"<SEQ=SEG.ACK><CTL=RST>", {Deed::send_rst_at_ack}},
    {"<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>", {Deed::send_rst_of_segment}},
    {"oldest unacknowledged segment again", {Deed::repeat}},
    {"oldest unacknowledged segment again, FIN last", {Deed::repeat}},
    {"window probe", {Deed::probe}},
    {"data with <ACK=RCV.NXT>", {Deed::send_data}},
};

TEST(EdgeWords, EffectsSendWhatTheProseSays) {
  constexpr Deeds silent = {Deed::take_syn, Deed::take_text,  Deed::take_fin,    Deed::hold,
                            Deed::refuse,   Deed::start_2msl, Deed::restart_2msl};
  for (const CatalogueEdge& edge : catalogue_edges()) {
    const auto sent = sent_by.find(edge.emits);
    ASSERT_NE(sent, sent_by.end()) << edge.id << ": " << edge.emits;
    Deeds visible(edge.effect.bits & ~silent.bits);
    // The texts contradict each other on these resets; the prose follows RFC 9293 3.10.5.
    if (edge.emits == "none") visible.bits &= ~Deeds{Deed::may_rst}.bits;
    EXPECT_EQ(visible, sent->second) << edge.id << ": " << edge.emits;
  }
}

TEST(EdgeWords, EffectsFitTheStates) {
  for (const CatalogueEdge& edge : catalogue_edges()) {
    const bool enters = edge.to == TcpState::time_wait && edge.from != TcpState::time_wait;
    EXPECT_EQ(edge.effect.has(Deed::start_2msl), enters) << edge.id;
    if (edge.effect.has(Deed::restart_2msl)) {
      EXPECT_EQ(edge.from, TcpState::time_wait) << edge.id;
    }
    if (edge.effect.has(Deed::take_fin)) {
      EXPECT_TRUE(edge.guard.has(Fact::fin_in_order)) << edge.id;
    }
    if (edge.effect.has(Deed::take_text)) {
      EXPECT_TRUE(edge.guard.has(Fact::text_in_order)) << edge.id;
    }
    if (edge.effect.has(Deed::take_syn)) {
      EXPECT_TRUE(edge.guard.has(Fact::syn)) << edge.id;
    }
    if (edge.effect.has(Deed::refuse)) {
      EXPECT_EQ(edge.trigger, "user") << edge.id;
    }
  }
}

YAML::Node edges_of_the_file(const char* list) {
  const YAML::Node root = YAML::LoadFile(FINACK_SOURCE_DIR "/suites/catalogue/states.yaml");
  return root[list];
}

TEST(EdgeWords, OfTheFileAreAllInTheVocabulary) {
  std::size_t rows = 0;
  for (const char* list : {"transitions", "stays"}) {
    for (const auto& row : edges_of_the_file(list)) {
      ++rows;
      for (const auto& word : row["guard"]) {
        EXPECT_TRUE(place_of(word.as<std::string>(), fact_names)) << row["id"] << " " << word;
      }
      for (const auto& word : row["effect"]) {
        EXPECT_TRUE(place_of(word.as<std::string>(), deed_names)) << row["id"] << " " << word;
      }
      EXPECT_TRUE(place_of(row["standing"].as<std::string>(), standing_names)) << row["id"];
    }
  }
  EXPECT_EQ(rows, 220u);
}

TEST(EdgeWords, NamesStandAtTheirPlaces) {
  EXPECT_EQ(place_of("reader-gone", fact_names), static_cast<std::size_t>(Fact::reader_gone));
  EXPECT_EQ(place_of("restart-2msl", deed_names), static_cast<std::size_t>(Deed::restart_2msl));
  EXPECT_EQ(place_of("practice", standing_names), static_cast<std::size_t>(Standing::practice));
}

TEST(Generator, RefusesAWordThatIsNotInTheVocabulary) {
  using generator::Column;
  const auto made = [](const char* key, Column column, const char* value) -> std::string {
    try {
      return generator::table("Row", "rows", {YAML::Load(std::string("[{") + key + ": " + value + "}]")},
                              {{key, column}});
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  };
  EXPECT_THAT(made("guard", Column::facts, "[rst, in-window]"), HasSubstr("Facts("));
  EXPECT_THAT(made("guard", Column::facts, "[rst, in-windw]"), HasSubstr("no word of the vocabulary"));
  EXPECT_THAT(made("guard", Column::facts, "[rst, in-windw]"), HasSubstr("in-windw"));
  EXPECT_THAT(made("effect", Column::deeds, "[send-everything]"), HasSubstr("send-everything"));
  EXPECT_THAT(made("standing", Column::standing, "basic"), HasSubstr("basic"));
  EXPECT_THAT(made("from", Column::state, "OPEN"), HasSubstr("no TCP state: OPEN"));
}

TEST(Generator, RefusesRulesWithoutAWayToShow) {
  const auto made = [](const char* rule) -> std::string {
    try {
      return generator::evidence_table(YAML::Load(std::string("[{id: CR-001, ") + rule + "}]"));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  };
  EXPECT_THAT(made("evidence: {when: fin-in-order, then: [reset]}"),
              HasSubstr("{\"CR-001\", Situation(7), "));
  EXPECT_THAT(made("edges: [T-001]"), Not(HasSubstr("CR-001")));
  EXPECT_EQ(made("evidence: {when: fin-in-ordr}"),
            "no word of the vocabulary (scenario/evidence_words.h): fin-in-ordr");
  EXPECT_EQ(made("evidence: {when: fin-in-order, then: [fin-in-order]}"),
            "no word of the vocabulary (scenario/evidence_words.h): fin-in-order");
  EXPECT_EQ(made("evidence: {then: [reset]}"), "CR-001: evidence wants `when`");
  EXPECT_EQ(made("evidence: {when: fin-in-order, than: [reset]}"), "CR-001: evidence has no key than");
  EXPECT_EQ(made("level: MUST"), "CR-001 wants edges or evidence");
  EXPECT_THAT(made("edges: [T-001], evidence: {when: fin-in-order}"), testing::HasSubstr("CR-001"));
}

}  // namespace
}  // namespace finack
