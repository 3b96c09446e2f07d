// SPDX-License-Identifier: Apache-2.0
#include "report/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "report/coverage_json.h"
#include "report/coverage_svg.h"
#include "report/coverage_text.h"
#include "scenario/catalogue.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;
using Names = std::vector<std::string>;

struct Played {
  std::string id, verdict;
  Names covers, states, edges;
  std::vector<std::pair<std::string, Names>> shown = {};
};

RunReport report_of(const std::vector<Played>& all) {
  Json root = {{"version", 1}, {"scenarios", Json::array()}};
  for (const Played& each : all) {
    Json claims = Json::array();
    for (const auto& [rule, states] : each.shown) claims.push_back({{"rule", rule}, {"shown_in", states}});
    root["scenarios"].push_back({{"id", each.id},
                                 {"verdict", each.verdict},
                                 {"covers", each.covers},
                                 {"states", each.states},
                                 {"edges", each.edges},
                                 {"claims", claims}});
  }
  return {"result.json", root.dump()};
}

Coverage coverage_of(const std::vector<Played>& all) {
  const auto coverage = finack::coverage_of({report_of(all)});
  EXPECT_TRUE(coverage) << to_string(coverage.error());
  return coverage.value_or(Coverage{});
}

CoverageEntry entry(const std::vector<CoverageEntry>& entries, std::string_view id,
                    std::optional<TcpState> state = {}) {
  const auto at = std::ranges::find_if(
      entries, [&](const CoverageEntry& each) { return each.id == id && (!state || each.state == state); });
  EXPECT_NE(at, entries.end()) << id;
  return at == entries.end() ? CoverageEntry{} : *at;
}

constexpr auto closing = TcpState::closing, last_ack = TcpState::last_ack, fin_wait_1 = TcpState::fin_wait_1;

TEST(Coverage, CountsAllOfTheCatalogue) {
  const Coverage coverage = coverage_of(std::vector<Played>{});
  EXPECT_EQ(coverage.rules.size(), 127u);
  EXPECT_EQ(coverage.instances.size(), 340u);
  EXPECT_EQ(coverage.edges.size(), 220u);
  EXPECT_EQ(close_edges(coverage.edges).size(), 158u);
  EXPECT_EQ(coverage.requirements.size(), 130u);
  EXPECT_EQ(count(coverage.rules, Cover::missing), 127u);
}

TEST(Coverage, CountsWhatWasShownAndNotWhatIsClaimed) {
  const Coverage coverage = coverage_of({{"a/ipv4",
                                          "pass",
                                          {"CR-014", "CR-015"},
                                          {"CLOSING"},
                                          {"S-104"},
                                          {{"CR-014", {"CLOSING"}}, {"CR-015", {}}}}});
  EXPECT_EQ(entry(coverage.rules, "CR-014").cover, Cover::covered);
  EXPECT_EQ(entry(coverage.instances, "CR-014", closing).cover, Cover::covered);
  EXPECT_EQ(entry(coverage.instances, "CR-014", last_ack).cover, Cover::missing);
  EXPECT_EQ(entry(coverage.rules, "CR-015").cover, Cover::passed);
  EXPECT_EQ(entry(coverage.instances, "CR-015", closing).cover, Cover::passed);
  EXPECT_EQ(entry(coverage.instances, "CR-015", last_ack).cover, Cover::missing);
  EXPECT_EQ(entry(coverage.rules, "CR-016").cover, Cover::missing);
  EXPECT_EQ(entry(coverage.edges, "S-104").cover, Cover::covered);
  EXPECT_EQ(entry(coverage.requirements, "MUST-18").cover, Cover::passed) << "through CR-015";
}

TEST(Coverage, CountsNothingShownThatDidNotPass) {
  for (const auto& [verdict, cover] :
       {std::pair("known", Cover::known), std::pair("fail", Cover::failed), std::pair("warn", Cover::failed),
        std::pair("inconclusive", Cover::failed), std::pair("error", Cover::failed),
        std::pair("skipped", Cover::skipped)}) {
    const Coverage coverage = coverage_of(
        {{"a/ipv4", verdict, {"CR-014", "MUST-2"}, {"CLOSING"}, {"S-104"}, {{"CR-014", {"CLOSING"}}}}});
    EXPECT_EQ(entry(coverage.instances, "CR-014", closing).cover, cover) << verdict;
    EXPECT_EQ(entry(coverage.rules, "CR-014").cover, cover) << verdict;
    EXPECT_EQ(entry(coverage.edges, "S-104").cover, cover) << verdict;
    EXPECT_EQ(entry(coverage.requirements, "MUST-2").cover, cover) << verdict;
  }
}

TEST(Coverage, TakesTheBestOfSeveralReports) {
  const Played skipped = {"a/ipv4", "skipped", {"CR-014"}, {"FIN-WAIT-1"}, {}};
  const Played passed = {"a/ipv4",       "pass",    {"CR-014"},
                         {"FIN-WAIT-1"}, {"S-103"}, {{"CR-014", {"FIN-WAIT-1"}}}};
  EXPECT_EQ(entry(coverage_of({skipped}).edges, "S-103").cover, Cover::skipped);
  for (const auto& order : {std::vector{skipped, passed}, std::vector{passed, skipped}}) {
    const auto coverage = finack::coverage_of({report_of({order[0]}), report_of({order[1]})});
    ASSERT_TRUE(coverage);
    const CoverageEntry got = entry(coverage->instances, "CR-014", fin_wait_1);
    EXPECT_EQ(got.cover, Cover::covered);
    EXPECT_EQ(got.times, 1u);
    EXPECT_THAT(got.by, ElementsAre("a/ipv4"));
    EXPECT_EQ(coverage->reports, 2u);
    EXPECT_EQ(coverage->played, 2u);
  }
}

// Where nothing on the wire tells an edge from another the rule has evidence, and that tells.
TEST(Coverage, EvidenceOfARuleShowsItsEdge) {
  const auto played = [](const std::string& verdict, const Names& shown) {
    return coverage_of(
        {{"a/ipv4", verdict, {"CR-092", "CR-127"}, {"CLOSING"}, {}, {{"CR-092", shown}, {"CR-127", shown}}}});
  };
  const Coverage coverage = played("pass", {"CLOSING"});
  EXPECT_EQ(entry(coverage.edges, "S-064").cover, Cover::covered);
  EXPECT_EQ(entry(coverage.edges, "S-073").cover, Cover::missing) << "of another state";
  EXPECT_EQ(entry(coverage.edges, "S-130").cover, Cover::missing) << "CR-127 has no evidence but its edges";
  EXPECT_EQ(entry(played("pass", {}).edges, "S-064").cover, Cover::missing);
  EXPECT_EQ(entry(played("fail", {"CLOSING"}).edges, "S-064").cover, Cover::missing);
}

TEST(Coverage, TellsReasonsAndDoubtsFalseOnes) {
  Coverage coverage = coverage_of(std::vector<Played>{});
  EXPECT_THAT(std::string(entry(coverage.instances, "CR-117", TcpState::fin_wait_2).reason),
              HasSubstr("nothing of the target is outstanding"));
  EXPECT_EQ(entry(coverage.instances, "CR-117", closing).reason, "");
  EXPECT_EQ(entry(coverage.rules, "CR-117").reason, "");
  EXPECT_THAT(std::string(entry(coverage.requirements, "MUST-9").reason), HasSubstr("secrecy"));
  EXPECT_TRUE(coverage.false_reasons.empty());
  coverage = coverage_of({{"a/ipv4", "pass", {"CR-117"}, {"FIN-WAIT-2"}, {}, {{"CR-117", {"FIN-WAIT-2"}}}}});
  ASSERT_EQ(coverage.false_reasons.size(), 1u);
  EXPECT_THAT(coverage.false_reasons[0],
              HasSubstr("CR-117 in FIN-WAIT-2 is covered by a/ipv4, but cannot be"));
}

TEST(Coverage, RefusesWhatIsNoReport) {
  const auto error = [](std::string text) {
    return to_string(finack::coverage_of({{"x", std::move(text)}}).error());
  };
  EXPECT_EQ(error("{"),
            "x is no JSON report of this finack\n  hint: finack run --json result.json writes one");
  EXPECT_EQ(error("{\"version\": 2}"), "x is of version 2 of the report; version 1 is read here");
  EXPECT_THAT(error(R"({"version": 1, "scenarios": [{"id": "a", "verdict": "pass"}]})"),
              HasSubstr("is no JSON report"))
      << "of a finack that knew no claims";
}

TEST(CoverageText, BeginsWithATableAndCutsListsShort) {
  const Coverage coverage =
      coverage_of({{"a/ipv4", "pass", {"CR-014"}, {}, {"S-104"}, {{"CR-014", {"CLOSING"}}}}});
  const std::string text = coverage_text(coverage, false), all = coverage_text(coverage, true);
  EXPECT_THAT(text, testing::StartsWith(R"(1 instance in 1 report

                            total  covered   passed    known   failed  skipped  missing
rules                         127        1        0        0        0        0      126
  once for each state         340        1        0        0        0        0      339
edges of the states           220        1        0        0        0        0      219
  of a close                  158        1        0        0        0        0      157
requirements of RFC 9293      130        0        0        0        0        0      130

rules missing
  CR-001    when the application closes and nothing is queued: send FIN,ACK at SND.NXT and enter
            FIN-WAIT-1
)"));
  EXPECT_THAT(text, HasSubstr("\n  and 114 more; --all lists them\n"));
  EXPECT_THAT(text, Not(HasSubstr("rules covered")));
  EXPECT_THAT(all, Not(HasSubstr("--all")));
  EXPECT_THAT(all, HasSubstr("\nrules in a state covered\n  CR-014    CLOSING [a/ipv4]\n"));
  EXPECT_THAT(all, HasSubstr("\n  CR-014    FIN-WAIT-1, LAST-ACK\n")) << "missing there";
  EXPECT_THAT(all,
              HasSubstr("  CR-117    ESTABLISHED, FIN-WAIT-1, CLOSE-WAIT, CLOSING, LAST-ACK; FIN-WAIT-2 "))
      << "one row a rule";
  for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1)
    EXPECT_LE(all.find('\n', at) - at, 100u);
}

TEST(CoverageJson, HoldsCountsAndEntries) {
  const Json json = Json::parse(
      coverage_json(coverage_of({{"a/ipv4", "pass", {"CR-014"}, {}, {"S-104"}, {{"CR-014", {"CLOSING"}}}}})));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["rules"]["total"], 127);
  EXPECT_EQ(json["rules"]["covered"], 1);
  EXPECT_EQ(json["instances"]["total"], 340);
  EXPECT_EQ(json["edges"]["close"]["total"], 158);
  EXPECT_EQ(json["edges"]["close"]["covered"], 1);
  EXPECT_EQ(json["requirements"]["missing"], 130);
  const Json& instances = json["instances"]["entries"];
  const auto at = std::ranges::find_if(
      instances, [](const Json& each) { return each["id"] == "CR-014" && each["state"] == "CLOSING"; });
  ASSERT_NE(at, instances.end());
  EXPECT_EQ((*at)["cover"], "covered");
  EXPECT_EQ((*at)["times"], 1);
  EXPECT_EQ((*at)["by"][0], "a/ipv4");
}

TEST(CoverageSvg, DrawsEveryEdgeOnce) {
  const std::string text = coverage_svg(coverage_of({{"a/ipv4", "pass", {}, {}, {"T-022", "S-104"}}}));
  pugi::xml_document picture;
  ASSERT_TRUE(picture.load_string(text.c_str()));
  std::string titles;
  for (const auto& found : picture.select_nodes("//title"))
    titles += std::string(found.node().text().get()) + "\n";
  EXPECT_EQ(std::ranges::count(titles, '\n'), 220);
  for (const CatalogueEdge& edge : catalogue_edges())
    EXPECT_NE(titles.find(std::string(edge.id) + " "), std::string::npos) << edge.id;
  EXPECT_THAT(titles, HasSubstr("covered in 1\n"));
  EXPECT_TRUE(picture.select_nodes("//script").empty());
  EXPECT_THAT(text, HasSubstr("2 of 220 edges covered"));
  EXPECT_THAT(text, HasSubstr(">1/1</text>"));
}

}  // namespace
}  // namespace finack
