// SPDX-License-Identifier: Apache-2.0
// Broken files, and the message that each leads to: broken/NAME.yaml and, beside it, broken/NAME.txt with
// what finack prints. With FINACK_APPROVE set the messages are written anew; then read what changed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "scenario/catalogue.h"
#include "scenario/load.h"

namespace finack {
namespace {

namespace fs = std::filesystem;

const fs::path here = fs::path(FINACK_SOURCE_DIR) / "tests/scenario";

std::string content(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

// Relative to their folder, without the ending.
std::vector<std::string> names_in(const fs::path& folder, std::string_view ending) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ending || entry.path().filename() == "sequences.yaml") continue;
    names.push_back(fs::relative(entry.path(), folder).replace_extension().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

// Messages name files as the command line did: relative to the folder in which finack was called.
class InFolder : public testing::TestWithParam<std::string> {
 protected:
  explicit InFolder(std::string_view folder) : before_(fs::current_path()), folder_(here / folder) {
    fs::current_path(folder_);
  }
  ~InFolder() override { fs::current_path(before_); }

  std::string file() const { return GetParam() + ".yaml"; }
  void check(const Error& error) const {
    const std::string message = "finack: " + to_string(error) + "\n";
    const fs::path approved = folder_ / (GetParam() + ".txt");
    if (std::getenv("FINACK_APPROVE")) std::ofstream(approved, std::ios::binary) << message;
    ASSERT_TRUE(fs::exists(approved)) << "no approved message beside it; finack says:\n" << message;
    EXPECT_EQ(message, content(approved));
    ASSERT_TRUE(error.place);
    EXPECT_GE(error.place->line, 1);
    EXPECT_GE(error.place->column, 1);
  }

 private:
  fs::path before_, folder_;
};

class BrokenScenario : public InFolder {
 protected:
  BrokenScenario() : InFolder("broken") {}
};

TEST_P(BrokenScenario, LeadsToItsMessage) {
  const auto profile = parse_profile(*builtin_profile("linux"), "suites/targets/linux.yaml");
  ASSERT_TRUE(profile);
  const auto loaded = load_scenarios({file()}, *profile);
  ASSERT_FALSE(loaded) << "nothing is wrong with it";
  check(loaded.error());
}

INSTANTIATE_TEST_SUITE_P(Files, BrokenScenario, testing::ValuesIn(names_in(here / "broken", ".yaml")),
                         test_name);

class BrokenProfile : public InFolder {
 protected:
  BrokenProfile() : InFolder("broken_profiles") {}
};

TEST_P(BrokenProfile, LeadsToItsMessage) {
  const auto loaded = parse_profile(content(file()), file());
  ASSERT_FALSE(loaded) << "nothing is wrong with it";
  check(loaded.error());
}

INSTANTIATE_TEST_SUITE_P(Files, BrokenProfile, testing::ValuesIn(names_in(here / "broken_profiles", ".yaml")),
                         test_name);

TEST(BrokenFiles, AreManyAndEachMessageHasItsFile) {
  for (const char* folder : {"broken", "broken_profiles"})
    EXPECT_EQ(names_in(here / folder, ".yaml"), names_in(here / folder, ".txt")) << folder;
  EXPECT_GE(names_in(here / "broken", ".yaml").size(), 60U);
}

}  // namespace
}  // namespace finack
