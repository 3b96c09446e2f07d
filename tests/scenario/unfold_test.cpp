// SPDX-License-Identifier: Apache-2.0
#include "scenario/unfold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/loaded.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names_of(const std::string& table) {
  const auto cases = read_cases(*parse_yaml(table, "f.yaml"));
  EXPECT_TRUE(cases) << to_string(cases.error());
  std::vector<std::string> out;
  for (const Case& values : cases.value_or(std::vector<Case>{})) out.push_back(case_name(values));
  return out;
}

std::string table_error(const std::string& table) {
  const auto cases = read_cases(*parse_yaml(table, "f.yaml"));
  return cases ? "reads" : to_string(cases.error());
}

TEST(Table, CombinesAllValuesTheLastNameFastest) {
  EXPECT_THAT(names_of("{a: [1, 2], b: [x, y]}"), ElementsAre("a=1,b=x", "a=1,b=y", "a=2,b=x", "a=2,b=y"));
  EXPECT_THAT(names_of("{a: 1, b: [x]}"), ElementsAre("a=1,b=x"));
}

TEST(Table, OfAListHoldsEachInTurn) {
  EXPECT_THAT(names_of("[{a: [1, 2]}, {a: 7, b: 8}]"), ElementsAre("a=1", "a=2", "a=7,b=8"));
}

TEST(Table, NamesCasesSoThatTheyFitAnId) {
  EXPECT_THAT(names_of("{given: [\"FIN-WAIT-2 by close\", \"a/b,c=d\"], n: [next+-1, 0x1f.5_]}"),
              ElementsAre("given=FIN-WAIT-2_by_close,n=next+-1", "given=FIN-WAIT-2_by_close,n=0x1f.5_",
                          "given=a_b_c_d,n=next+-1", "given=a_b_c_d,n=0x1f.5_"));
  EXPECT_EQ(case_name({{"n", "\xc3\xa4"}}), "n=__");
  EXPECT_EQ(case_name({}), "");
}

TEST(Table, RefusesWhatIsNone) {
  EXPECT_EQ(table_error("[]"), "f.yaml:1:1: `for` wants names with their values, got an empty list");
  EXPECT_EQ(table_error("{}"),
            "f.yaml:1:1: `for` wants names with their values, got none\n  hint: for: {state: "
            "[FIN-WAIT-1, CLOSING]}");
  EXPECT_THAT(table_error("text"), HasSubstr("1:1: `for` wants names with their values, got text"));
  EXPECT_THAT(table_error("[{a: 1}, b]"), HasSubstr("1:10: `for` wants names with their values, got text"));
  EXPECT_EQ(table_error("{a: []}"), "f.yaml:1:5: `a` wants a list of values, got an empty one");
  EXPECT_EQ(table_error("{a: {b: c}}"), "f.yaml:1:5: `a` wants a list of values, got a mapping");
  EXPECT_EQ(table_error("{a: [[b]]}"), "f.yaml:1:6: `a` wants text, got a list");
  EXPECT_EQ(table_error("{a: [1, 2, 1]}"), "f.yaml:1:12: `1` stands twice among the values of `a`");
  EXPECT_EQ(table_error("{_a: 1}"),
            "f.yaml:1:2: `_a` is no name for a value\n  hint: a letter, then letters, digits and `_`");
  EXPECT_THAT(table_error("{a-b: 1}"), HasSubstr("`a-b` is no name for a value"));
  EXPECT_EQ(table_error("{\"\": 1}"), "f.yaml:1:2: a name is empty");
}

std::string list_of(int values) {
  std::string out = "[";
  for (int i = 0; i < values; ++i) out += (i ? ", " : "") + std::to_string(i);
  return out + "]";
}

TEST(Table, IsBounded) {
  const std::string hundred = list_of(100);
  EXPECT_EQ(table_error("{a: " + hundred + ", b: " + hundred + "}"), "reads");
  EXPECT_EQ(table_error("{a: " + hundred + ", b: " + hundred + ", c: [1, 2]}"),
            "f.yaml:1:1: the table has more than 10000 cases");
  EXPECT_EQ(table_error("[{a: " + hundred + ", b: " + hundred + "}, {c: 1}]"),
            "f.yaml:1:1: the tables have more than 10000 cases");
}

TEST(Substitution, PutsValuesIntoTextsButNotIntoKeys) {
  std::set<std::string> used;
  const auto node = substitute(*parse_yaml("{$a: $a, list: [x$a.$long_1-$a, \"$\", a$, $1]}", "f.yaml"),
                               {{"a", "1"}, {"long_1", "2"}, {"other", "3"}}, used);
  ASSERT_TRUE(node) << to_string(node.error());
  EXPECT_EQ(node->entries[0].first.scalar, "$a");
  EXPECT_EQ(node->entries[0].second.scalar, "1");
  const auto& list = node->entries[1].second.items;
  EXPECT_EQ(list[0].scalar, "x1.2-1");
  EXPECT_EQ(list[1].scalar, "$");
  EXPECT_EQ(list[2].scalar, "a$");
  EXPECT_EQ(list[3].scalar, "$1") << "no name begins with a digit";
  EXPECT_THAT(used, ElementsAre("a", "long_1"));
  EXPECT_EQ(list[0].place, (Place{"f.yaml", 1, 17})) << "places are those of the file";
}

TEST(Substitution, TakesTheLongestNameAndDoesNotGoIntoValues) {
  std::set<std::string> used;
  const auto node = substitute(*parse_yaml("$ab", "f.yaml"), {{"a", "wrong"}, {"ab", "$a"}}, used);
  ASSERT_TRUE(node);
  EXPECT_EQ(node->scalar, "$a");
}

TEST(Substitution, RefusesANameThatIsNotDefined) {
  std::set<std::string> used;
  EXPECT_EQ(
      to_string(substitute(*parse_yaml("[x, ACK len=$statt]", "f.yaml"), {{"state", "1"}}, used).error()),
      "f.yaml:1:13: `$statt` is not defined\n  hint: did you mean `state`?");
  EXPECT_THAT(to_string(substitute(*parse_yaml("$n", "f.yaml"), {}, used).error()),
              HasSubstr("f.yaml:1:1: `$n` is not defined\n  hint: `for` defines names"));
}

TEST(Substitution, IsBounded) {
  std::set<std::string> used;
  const Case values = {{"a", std::string(2000, 'x')}};
  EXPECT_TRUE(substitute(*parse_yaml("$a$a", "f.yaml"), values, used));
  EXPECT_EQ(substitute(*parse_yaml("$a$a$a", "f.yaml"), values, used).error().message,
            "the text grows beyond 4096 octets");
  EXPECT_TRUE(substitute(*parse_yaml("$a-" + std::string(2095, 'y'), "f.yaml"), values, used));
  EXPECT_EQ(substitute(*parse_yaml("$a-" + std::string(2096, 'y'), "f.yaml"), values, used).error().message,
            "the text grows beyond 4096 octets")
      << "by what stands behind the last name";
}

TEST(Substitution, KeepsThePlacesOfAFoldedText) {
  std::set<std::string> used;
  const auto node = substitute(*parse_yaml("x: >\n  a$n b\n  \xc3\xa4"
                                           "c $n d$n\n  e\n",
                                           "f.yaml"),
                               {{"n", "777"}}, used);
  ASSERT_TRUE(node) << to_string(node.error());
  const YamlNode& text = node->entries[0].second;
  const auto place = [&](std::string_view word) {
    const Place at = place_in(text, text.scalar.find(word));
    return std::pair(at.line, at.column);
  };
  EXPECT_EQ(place("a777"), std::pair(2, 3));
  EXPECT_EQ(place("77 b"), std::pair(2, 4)) << "where the name stands";
  EXPECT_EQ(place("b"), std::pair(2, 7));
  EXPECT_EQ(place("c"), std::pair(3, 4)) << "columns count characters";
  EXPECT_EQ(place("d777"), std::pair(3, 9));
  EXPECT_EQ(place("e"), std::pair(4, 3));
}

TEST(Load, MakesAScenarioOfEachCase) {
  const auto scenarios = must_load(
      "scenario: in $given, $n\nfor: {given: [CLOSING, LAST-ACK], n: [1, 20]}\ngiven: $given\ntags: [t$n]\n"
      "steps: [{send: ACK len=$n}]\n",
      "/suites/close/x.yaml");
  ASSERT_EQ(scenarios.size(), 4u);
  EXPECT_EQ(scenarios[3].id, "close/x/given=LAST-ACK,n=20");
  EXPECT_EQ(scenarios[3].title, "in LAST-ACK, 20");
  EXPECT_EQ(scenarios[3].given.state, TcpState::last_ack);
  EXPECT_THAT(scenarios[3].tags, ElementsAre("t20"));
  EXPECT_EQ(text_of_steps(scenarios[3].steps), "send: ACK len=20\n");
}

TEST(Load, SaysInWhichCaseAnErrorLies) {
  const auto hint = [](const std::string& text) {
    return load_scenario(text, "f.yaml", linux_profile()).error().hint;
  };
  const std::string steps = "given: ESTABLISHED\nsteps:\n- send: ACK len=$n win=$m\n";
  EXPECT_EQ(hint("scenario: test\nfor: {n: [1, 2000], m: 3}\n" + steps), "this is the case n = 2000, m = 3");
  EXPECT_EQ(hint("scenario: test\nfor: {n: [2000, 1], m: 3}\n" + steps), "this is the case n = 2000, m = 3");
  EXPECT_EQ(hint("scenario: test\nfor: {n: [2000, 3000], m: 3}\n" + steps).substr(0, 24),
            "this is the case n = 200");
  EXPECT_EQ(hint("scenario: test\nfor: {n: [1, 2]}\ngiven: ESTABLISHED\nsteps:\n- send: ACL len=$n\n"),
            "did you mean `ACK`?")
      << "it is one of every case";
}

TEST(Load, RefusesATableThatIsOfNoUse) {
  EXPECT_EQ(
      error_of("scenario: test\nfor: {n: [1, 2], m: 3}\ngiven: ESTABLISHED\nsteps:\n- send: ACK len=$n\n"),
      "f.yaml:2:18: `for` gives values to `m`, which stands nowhere");
  EXPECT_EQ(
      error_of("scenario: test\nfor: {n: [a b, a_b]}\ngiven: ESTABLISHED\ntags: $n\nsteps: [{send: ACK}]\n"),
      "f.yaml:2:6: two cases have the id f/n=a_b");
}

TEST(Load, IsBoundedInWhatATableMakes) {
  const std::string hundred = list_of(100);
  std::string steps;
  for (int i = 0; i < 300; ++i) steps += "- wait: 1s\n";
  EXPECT_EQ(error_of("scenario: $a $b\nfor: {a: " + hundred + ", b: " + hundred +
                     "}\ngiven: LISTEN\nsteps:\n" + steps),
            "f.yaml:2:6: the table has 10000 cases, too many for so long a scenario");
}

TEST(Load, CountsANameAsUsedWhereASequenceUsesIt) {
  const auto scenarios = must_load(
      "scenario: test\nfor: {n: [1, 2]}\ndefine: {data: [{send: ACK len=$n}]}\n"
      "given: ESTABLISHED\nsteps: [{use: data}]\n");
  ASSERT_EQ(scenarios.size(), 2u);
  EXPECT_EQ(text_of_steps(scenarios[1].steps), "send: ACK len=2\n");
}

}  // namespace
}  // namespace finack
