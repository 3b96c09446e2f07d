// SPDX-License-Identifier: Apache-2.0
#include "scenario/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "scenario/catalogue.h"

namespace finack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const durations[] = {"msl",         "rto",         "initial_rto", "rto_max", "fin_timeout",
                                 "delayed_ack", "granularity", "reaction",    "state",   "call",
                                 "processing",  "settle",      "lateness"};

// All keys that must be there, the first duration 1 s, the next 2 s, ..., but for one.
std::string whole(std::string_view without = "") {
  std::string out = without == "profile" ? "" : "profile: x\n";
  int seconds = 0;
  for (const char* key : durations) {
    ++seconds;
    if (key != without) out += std::string(key) + ": " + std::to_string(seconds) + "s\n";
  }
  return out;
}

std::string error_of_profile(const std::string& text) {
  const auto profile = parse_profile(text, "x.yaml");
  return profile ? "reads" : to_string(profile.error());
}

TEST(Profile, OfLinuxIsCompiledInAndWhole) {
  const auto text = builtin_profile("linux");
  ASSERT_TRUE(text);
  const auto profile = parse_profile(*text, "linux.yaml");
  ASSERT_TRUE(profile) << to_string(profile.error());
  EXPECT_EQ(profile->name, "linux");
  EXPECT_EQ(profile->msl, 30s);
  EXPECT_GT(profile->settle, profile->rto) << "a repetition must fall into the time of listening";
  EXPECT_LT(profile->lateness, profile->rto) << "a late harness must notice before the target repeats";
  EXPECT_EQ(builtin_profile("plan9"), std::nullopt);
}

TEST(Profile, ReadsEveryKeyIntoItsPlace) {
  const auto profile = parse_profile(whole() + "about: a test\ncapabilities: [ecn, dup]\n", "x.yaml");
  ASSERT_TRUE(profile) << to_string(profile.error());
  EXPECT_EQ(profile->name, "x");
  EXPECT_EQ(profile->about, "a test");
  const Duration values[] = {profile->msl,         profile->rto,         profile->initial_rto,
                             profile->rto_max,     profile->fin_timeout, profile->delayed_ack,
                             profile->granularity, profile->reaction,    profile->state,
                             profile->call,        profile->processing,  profile->settle,
                             profile->lateness};
  for (std::size_t i = 0; i < std::size(values); ++i) {
    EXPECT_EQ(values[i], std::chrono::seconds(i + 1)) << durations[i];
    std::string name = durations[i];
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c == '_' ? c : static_cast<char>(c - 'a' + 'A'); });
    EXPECT_EQ(profile_value(*profile, name), values[i]) << name;
  }
  EXPECT_EQ(profile_value_names().size(), std::size(values));
  EXPECT_EQ(profile_value(*profile, "msl"), std::nullopt) << "in capitals only";
  EXPECT_THAT(profile->capabilities, ElementsAre("ecn", "dup"));
}

TEST(Profile, MustBeWhole) {
  EXPECT_EQ(error_of_profile(whole()), "reads");
  EXPECT_EQ(error_of_profile(whole("profile")), "x.yaml:1:1: a profile needs the key `profile`");
  for (const char* key : durations)
    EXPECT_EQ(error_of_profile(whole(key)), "x.yaml:1:1: a profile needs the key `" + std::string(key) + "`");
}

TEST(Profile, TakesFromAnotherWhatItDoesNotSay) {
  const auto base = parse_profile(*builtin_profile("linux"), "linux.yaml");
  const auto profile =
      parse_profile("profile: mine\nbased-on: linux\nmsl: 1min\n" + std::string(R"(deviations:
- scenario: close/*
  signature: "expect: ACK: nothing"
  why: it is slow
)"),
                    "mine.yaml");
  ASSERT_TRUE(base && profile) << to_string(profile.error());
  EXPECT_EQ(profile->name, "mine");
  EXPECT_EQ(profile->msl, 1min);
  EXPECT_EQ(profile->rto, base->rto);
  EXPECT_EQ(profile->capabilities, base->capabilities);
  EXPECT_EQ(profile->deviations.size(), base->deviations.size() + 1);
  const auto less = parse_profile("profile: mine\nbased-on: linux\ncapabilities: [ecn]\n", "mine.yaml");
  ASSERT_TRUE(less) << to_string(less.error());
  EXPECT_THAT(less->capabilities, ElementsAre("ecn"));
  EXPECT_EQ(
      error_of_profile("profile: mine\nbased-on: linuks\n"),
      "x.yaml:2:11: `based-on` names no profile of suites/targets/: `linuks`\n  hint: did you mean `linux`?");
}

TEST(Profile, OfUserModeLinuxIsThatOfLinuxInVirtualTime) {
  const auto text = builtin_profile("linux-uml");
  ASSERT_TRUE(text);
  const auto uml = parse_profile(*text, "linux-uml.yaml");
  ASSERT_TRUE(uml) << to_string(uml.error());
  EXPECT_EQ(uml->name, "linux-uml");
  EXPECT_EQ(uml->fin_timeout, 60s);
}

TEST(Profile, IsHeldToItsForm) {
  EXPECT_EQ(
      error_of_profile(whole("msl") + "msl: long\n"),
      "x.yaml:14:6: `msl` wants a duration, got `long`\n  hint: a number and ns, us, ms, s or min: `500ms`");
  EXPECT_THAT(error_of_profile(whole("rto") + "rto: 2*MSL\n"),
              HasSubstr("`rto` wants a duration, got `2*MSL`"));
  EXPECT_EQ(error_of_profile(whole() + "rot: 1s\n"),
            "x.yaml:15:1: `rot` is no key of a profile\n  hint: did you mean `rto`?");
  EXPECT_EQ(error_of_profile(whole() + "capabilities: [ecn, ecn]\n"),
            "x.yaml:15:21: `ecn` stands twice in `capabilities`");
  EXPECT_EQ(error_of_profile(whole() + "deviations: none\n"),
            "x.yaml:15:13: `deviations` wants a list, got text");
}

// --- Deviations

const std::string known_entry =
    "deviations:\n- scenario: close/*\n  signature: \"expect: ACK: nothing\"\n  why: it is slow\n";

TEST(Deviation, ReadsAllItsKeys) {
  const auto profile = parse_profile(
      whole() + known_entry +
          "  covers: [CR-001, MUST-13]\n  source: a letter\n  since: \"6.1\"\n  until: \"6.12\"\n",
      "x.yaml");
  ASSERT_TRUE(profile) << to_string(profile.error());
  ASSERT_EQ(profile->deviations.size(), 1u);
  const Deviation& deviation = profile->deviations[0];
  EXPECT_EQ(deviation.place, (Place{"x.yaml", 16, 3}));
  EXPECT_EQ(deviation.scenario, "close/*");
  EXPECT_EQ(deviation.signature, "expect: ACK: nothing");
  EXPECT_EQ(deviation.why, "it is slow");
  EXPECT_THAT(deviation.covers, ElementsAre("CR-001", "MUST-13"));
  EXPECT_EQ(deviation.source, "a letter");
  EXPECT_EQ(deviation.since, "6.1");
  EXPECT_EQ(deviation.until, "6.12");
}

TEST(Deviation, OfSeveralScenariosIsOneForEach) {
  const auto profile = parse_profile(
      whole() + "deviations:\n- scenario: [close/a, close/b]\n  signature: x\n  why: y\n", "x.yaml");
  ASSERT_TRUE(profile) << to_string(profile.error());
  ASSERT_EQ(profile->deviations.size(), 2u);
  EXPECT_EQ(profile->deviations[0].scenario, "close/a");
  EXPECT_EQ(profile->deviations[1].scenario, "close/b");
  EXPECT_EQ(profile->deviations[1].place, (Place{"x.yaml", 16, 23})) << "to be found when it has vanished";
  EXPECT_EQ(profile->deviations[1].why, "y");
}

TEST(Deviation, MayStandInAnotherProfile) {
  const auto profile = parse_profile(whole() + "more-deviations: linux-matrix\n" + known_entry, "x.yaml");
  ASSERT_TRUE(profile) << to_string(profile.error());
  ASSERT_GT(profile->deviations.size(), 100u);
  EXPECT_EQ(profile->deviations[0].scenario, "close/*");
  EXPECT_EQ(profile->deviations[1].place.file, "suites/targets/linux-matrix.yaml");
  EXPECT_EQ(error_of_profile(whole() + "more-deviations: lunix\n"),
            "x.yaml:15:18: `more-deviations` names no profile of suites/targets/: `lunix`\n  hint: did you "
            "mean `linux`?");
}

TEST(Deviation, NeedsScenarioSignatureAndReason) {
  EXPECT_EQ(error_of_profile(whole() + known_entry), "reads");
  EXPECT_EQ(error_of_profile(whole() + "deviations: [{signature: a, why: b}]\n"),
            "x.yaml:15:14: a deviation needs the key `scenario`");
  EXPECT_EQ(error_of_profile(whole() + "deviations: [{scenario: a, why: b}]\n"),
            "x.yaml:15:14: a deviation needs the key `signature`");
  EXPECT_EQ(error_of_profile(whole() + "deviations: [{scenario: a, signature: b}]\n"),
            "x.yaml:15:14: a deviation needs the key `why`");
  EXPECT_EQ(error_of_profile(whole() + "deviations: [text]\n"),
            "x.yaml:15:14: a deviation is a mapping of keys to values, got text");
  EXPECT_THAT(error_of_profile(whole() + known_entry + "  covers: CR-999\n"),
              HasSubstr("19:11: `CR-999` is no rule"));
  EXPECT_EQ(error_of_profile(whole() + known_entry + "  sins: \"6\"\n"),
            "x.yaml:19:3: `sins` is no key of a deviation\n  hint: did you mean `since`?");
}

}  // namespace
}  // namespace finack
