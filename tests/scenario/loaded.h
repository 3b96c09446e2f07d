// SPDX-License-Identifier: Apache-2.0
// Short ways to load what a test writes.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenario/catalogue.h"
#include "scenario/load.h"
#include "scenario/profile.h"

namespace finack {

// That of Linux: RTO is 200 ms, MSL 30 s.
inline const Profile& linux_profile() {
  static const Profile profile = *parse_profile(*builtin_profile("linux"), "linux.yaml");
  return profile;
}

// A whole file around some steps; `head` begins in its second line.
inline std::string with_steps(const std::string& steps, const std::string& head = "given: ESTABLISHED\n") {
  return "scenario: test\n" + head + "steps:\n" + steps;
}

inline std::vector<Scenario> must_load(const std::string& text, const std::string& file = "f.yaml") {
  auto loaded = load_scenario(text, file, linux_profile());
  EXPECT_TRUE(loaded) << to_string(loaded.error()) << "\n" << text;
  return loaded ? std::move(*loaded) : std::vector<Scenario>(1);
}

// The error with its place and without its hint, which broken_test.cpp looks at; "loads" when there is none.
inline std::string error_of(const std::string& text, const std::string& file = "f.yaml") {
  const auto loaded = load_scenario(text, file, linux_profile());
  if (loaded) return "loads";
  Error error = loaded.error();
  error.hint.clear();
  return to_string(error);
}

// The steps as they are printed, a line each.
inline std::string text_of_steps(const std::vector<Step>& steps) {
  std::string out;
  for (const Step& step : steps) out += to_string(step) + "\n";
  return out;
}

}  // namespace finack
