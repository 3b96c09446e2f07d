// SPDX-License-Identifier: Apache-2.0
// The event matrix is whole: every segment, at every place, with every acknowledgment number, in every state
// is one scenario of suites/close/matrix, or matrix_cells.yaml says why it cannot be.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/tcp_state.h"
#include "packet/notation.h"
#include "scenario/lists.h"
#include "scenario/loaded.h"
#include "scenario/unfold.h"

namespace finack {
namespace {

const std::string matrix_folder = FINACK_SOURCE_DIR "/suites/close/matrix";

using CellValues = std::map<std::string, std::string>;

const YamlNode& entry(const YamlNode& mapping, const std::string& key) {
  static const YamlNode nothing;
  for (const auto& [name, value] : mapping.entries) {
    if (name.scalar == key) return value;
  }
  return nothing;
}

class Matrix : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string file = FINACK_SOURCE_DIR "/tests/scenario/matrix_cells.yaml";
    data_ = parse_yaml(read_text_file(file).value(), file).value();
    for (const YamlNode& block : entry(data_, "cells").items) {
      for (const Case& values : unfold(block)) cells_.emplace(case_name(values), values);
    }
    auto loaded = load_scenarios({matrix_folder}, linux_profile());
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    scenarios_ = std::move(*loaded);
  }

  // With the lists of the folder that has those of all states.
  static std::vector<Case> unfold(const YamlNode& table) {
    SequenceFiles files;
    std::set<std::string> used;
    const std::string beside = matrix_folder + "/opening/any.yaml";
    const auto cases = put_in_lists(table, Sequences(nullptr, beside, files), used).and_then(read_cases);
    EXPECT_TRUE(cases) << to_string(cases.error());
    return cases.value_or(std::vector<Case>{});
  }

  // What an id says of the cell: up to the acknowledgment number; what follows is of the expectation.
  static std::string cell_of(const Scenario& scenario) {
    std::string name = scenario.id.substr(scenario.id.rfind('/') + 1);
    const auto ack = name.find(",ack=");
    return ack == std::string::npos ? name : name.substr(0, name.find(',', ack + 1));
  }

  static inline YamlNode data_;
  static inline std::map<std::string, Case> cells_;
  static inline std::vector<Scenario> scenarios_;
};

TEST_F(Matrix, HoldsEveryCellOnce) {
  std::map<std::string, std::vector<std::string>> scenarios;
  for (const Scenario& scenario : scenarios_) scenarios[cell_of(scenario)].push_back(scenario.id);
  for (const auto& [cell, values] : cells_) EXPECT_TRUE(scenarios.contains(cell)) << "missing: " << cell;
  for (const auto& [cell, ids] : scenarios) {
    EXPECT_TRUE(cells_.contains(cell)) << ids.front() << " is no cell";
    EXPECT_EQ(ids.size(), 1u) << ids.front() << " and " << ids.back();
  }
  RecordProperty("cells", static_cast<int>(cells_.size()));
}

// A name that tells of another cell than the scenario is in would hide that one is missing.
TEST_F(Matrix, DoesWhatItsNamesSay) {
  for (const Scenario& scenario : scenarios_) {
    const auto cell = cells_.find(cell_of(scenario));
    if (cell == cells_.end()) continue;
    const CellValues values(cell->second.begin(), cell->second.end());
    const std::string way = values.contains("way")    ? " " + values.at("way")
                            : values.contains("open") ? ", " + values.at("open")
                                                      : "";
    EXPECT_EQ(to_string(scenario.given), to_string(*parse_given(values.at("state") + way, {})))
        << scenario.id;
    const auto sends = std::ranges::find_if(
        scenario.steps, [](const Step& step) { return std::holds_alternative<SendStep>(step.body); });
    ASSERT_NE(sends, scenario.steps.end()) << scenario.id;
    const std::string text = values.at("segment") + " seq=" + values.at("at") + " ack=" + values.at("ack");
    const auto wanted = parse_segment(text, Direction::sending);
    ASSERT_TRUE(wanted) << text;
    EXPECT_EQ(std::get<SendStep>(sends->body).segment, *wanted) << scenario.id;
  }
}

TEST_F(Matrix, GoesThroughAllThereIsInEachState) {
  const auto all_of = [&](const std::string& list) {
    std::set<std::string> out;
    for (const Case& values : unfold(parse_yaml("{x: {use: " + list + "}}", "all").value()))
      out.insert(values.front().second);
    return out;
  };
  const std::map<std::string, std::set<std::string>> whole = {
      {"way", all_of("ways")}, {"at", all_of("places")}, {"ack", all_of("acks")}};
  std::map<std::string, std::map<std::string, std::set<std::string>>> seen;  // by state and name
  for (const auto& [name, values] : cells_) {
    for (const auto& [key, value] : values) seen[values.front().second][key].insert(value);
  }
  std::set<std::pair<std::string, std::string>> excused;
  for (const YamlNode& each : entry(data_, "impossible").items) {
    EXPECT_FALSE(entry(each, "why").scalar.empty());
    for (const YamlNode& state : entry(each, "state").items)
      excused.emplace(state.scalar, entry(each, "lacks").scalar);
  }
  for (const std::string_view name : tcp_state_names) {
    const std::string state(name);
    ASSERT_TRUE(seen.contains(state)) << state;
    for (const auto& [key, values] : whole) {
      const bool has_all = std::ranges::includes(seen[state][key], values);
      EXPECT_NE(has_all, excused.contains({state, key})) << state << " " << key;
    }
    EXPECT_EQ(seen[state]["segment"], seen["ESTABLISHED"]["segment"]) << state;
  }
}

}  // namespace
}  // namespace finack
