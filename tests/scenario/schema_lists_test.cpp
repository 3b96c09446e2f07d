// SPDX-License-Identifier: Apache-2.0
// The lists of words in suites/*.schema.json are those of the program: neither can grow alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <span>
#include <string>

#include "base/tcp_state.h"
#include "packet/field.h"
#include "packet/flags.h"
#include "packet/icmp.h"
#include "scenario/capability.h"
#include "scenario/load.h"
#include "scenario/load_call.h"
#include "scenario/load_step.h"
#include "scenario/profile.h"
#include "scenario/step_words.h"

namespace finack {
namespace {

using Json = nlohmann::json;
using Words = std::set<std::string>;

Json schema(const std::string& name) {
  std::ifstream file(std::string(FINACK_SOURCE_DIR) + "/suites/" + name + ".schema.json");
  return Json::parse(file);
}

Words words(std::span<const std::string_view> list) {
  return {list.begin(), list.end()};
}

Words keys(const Json& object) {
  Words out;
  for (const auto& [key, value] : object.items()) out.insert(key);
  return out;
}

// All words of the enumerations of a definition.
Words enumerated(const Json& definition) {
  Words out;
  if (definition.contains("enum")) {
    for (const Json& word : definition["enum"]) out.insert(word);
  }
  if (definition.contains("anyOf")) {
    for (const Json& each : definition["anyOf"]) out.merge(enumerated(each));
  }
  return out;
}

// Whether a pattern of the definition, other than that for texts with values put in, fits the text.
bool fits(const Json& definition, const std::string& text) {
  for (const Json& each : definition.at("anyOf")) {
    if (each.contains("pattern") && std::regex_search(text, std::regex(each["pattern"].get<std::string>())))
      return true;
  }
  return false;
}

Words capabilities() {
  Words out = words(capability_names());
  for (const std::string_view option : socket_option_names()) out.insert("option-" + std::string(option));
  return out;
}

TEST(ScenarioSchema, HasTheKeysOfTheLoader) {
  const Json root = schema("scenario");
  EXPECT_EQ(keys(root["properties"]), words(scenario_key_names()));
  EXPECT_EQ(keys(root["properties"]["peer"]["properties"]), words(peer_keys()));
}

TEST(ScenarioSchema, HasTheStepsAndTheKeysBesideThem) {
  const Json step = schema("scenario")["$defs"]["step"];
  Words kinds, all, alone;
  std::map<std::string, Words> beside;
  for (const StepWords& each : all_step_words()) {
    kinds.emplace(each.key);
    for (const std::string_view key : each.keys()) all.emplace(key);
    for (const std::string_view key : each.companions) beside[std::string(key)].emplace(each.key);
  }
  EXPECT_EQ(keys(step["properties"]), all);
  for (const Json& each : step["oneOf"]) alone.insert(each["required"][0]);
  EXPECT_EQ(alone, kinds);
  std::map<std::string, Words> goes_with;
  for (const auto& [key, rule] : step["dependentSchemas"].items()) {
    for (const Json& each : rule.contains("anyOf") ? rule["anyOf"] : Json::array({rule}))
      goes_with[key].insert(each["required"][0]);
  }
  EXPECT_EQ(goes_with, beside);
}

TEST(ScenarioSchema, HasTheWordsOfTheLoader) {
  const Json all = schema("scenario")["$defs"];
  EXPECT_EQ(enumerated(all["state"]), words(tcp_state_names));
  EXPECT_EQ(enumerated(all["given"]), words(tcp_state_names));
  EXPECT_EQ(enumerated(all["family"]), words(variety_names()));
  EXPECT_EQ(enumerated(all["capability"]), capabilities());
  EXPECT_EQ(enumerated(all["outcome"]), words(outcome_words()));
  EXPECT_EQ(enumerated(all["told"]), words(told_words()));
  EXPECT_EQ(enumerated(all["icmp_error"]), words(icmp_names()));
}

TEST(ScenarioSchema, HasTheSocketOptionsThatCanBeSet) {
  const Json all = schema("scenario")["$defs"];
  Words settable;
  for (const std::string_view name : socket_option_names()) {
    const bool can_be_set = check_option_value(name, "1").has_value();
    if (can_be_set) settable.emplace(name);
    EXPECT_EQ(fits(all["call"], "option " + std::string(name) + " 1"), can_be_set) << name;
    EXPECT_TRUE(fits(all["call"], "option " + std::string(name))) << name;
  }
  EXPECT_EQ(keys(all["configuration"]["properties"]), settable);
}

TEST(ScenarioSchema, HasTheCalls) {
  Words titles;
  const Json all = schema("scenario")["$defs"];
  for (const Json& call : all["call"]["anyOf"]) {
    if (call.contains("title")) titles.insert(call["title"]);
  }
  EXPECT_EQ(titles, words(call_words()));
}

TEST(ScenarioSchema, HasTheValuesOfTheProfile) {
  const Json duration = schema("scenario")["$defs"]["duration"];
  for (const std::string_view name : profile_value_names())
    EXPECT_TRUE(fits(duration, "2*" + std::string(name))) << name;
  for (const char* text : {"500ms", "1.5 s", "2*MSL - 1s", "(RTO + 50ms)/2"})
    EXPECT_TRUE(fits(duration, text)) << text;
  for (const char* text : {"5", "MLS", "1 sec", ""}) EXPECT_FALSE(fits(duration, text)) << text;
}

TEST(ScenarioSchema, HasTheFlagsAndFieldsOfSegments) {
  const Json all = schema("scenario")["$defs"];
  for (const std::string_view flag : flag_names()) {
    EXPECT_TRUE(fits(all["segment_sent"], std::string(flag))) << flag;
    EXPECT_TRUE(fits(all["segment_expected"], std::string(flag) + "?")) << flag;
  }
  for (const Field& field : segment_fields()) {
    // One of these is a value of any field.
    const auto stands = [&](const char* definition) {
      for (const char* value : {"10", "routing"}) {
        if (fits(all[definition],
                 fmt::format("ACK {}{}", field.name, field.has_value ? "=" + std::string(value) : "")))
          return true;
      }
      return false;
    };
    EXPECT_TRUE(stands("segment_sent")) << field.name;
    EXPECT_EQ(stands("segment_expected"), field.expectable) << field.name;
  }
  EXPECT_FALSE(fits(all["segment_sent"], "ACK sqe=1"));
  EXPECT_FALSE(fits(all["segment_sent"], "ACK+AKC"));
}

TEST(ProfileSchema, HasTheKeysOfTheProgram) {
  const Json root = schema("profile");
  EXPECT_EQ(keys(root["properties"]), words(profile_key_names()));
  EXPECT_EQ(keys(root["$defs"]["deviation"]["properties"]), words(deviation_key_names()));
  EXPECT_EQ(enumerated(root["$defs"]["capability"]), capabilities());
}

}  // namespace
}  // namespace finack
