// SPDX-License-Identifier: Apache-2.0
// The broken files of tests/scenario/broken, before the whole program: `check` tells of each, and with one of
// them nothing runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "end_to_end/stage.h"

namespace finack {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(FINACK_SOURCE_DIR) / "tests/scenario/broken";

// The approved message of that file; hints may name the file too, so the first line alone.
std::string approved(const fs::path& file) {
  const std::string text = read_file(fs::path(file).replace_extension(".txt"));
  const std::string line = text.substr(0, text.find('\n') + 1), prefix = "finack: ";
  return prefix + folder.string() + "/" + line.substr(prefix.size());
}

TEST(Broken, CheckTellsOfEachFileAndExits2) {
  const Stage stage;
  const Outcome outcome = stage.finack({"check", folder.string()});
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
  EXPECT_EQ(outcome.out, "");
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".txt") continue;
    ++files;
    EXPECT_THAT(outcome.err, testing::HasSubstr(approved(entry.path())));
  }
  EXPECT_GE(files, 60U);
  EXPECT_THAT(outcome.err, testing::EndsWith("finack: " + std::to_string(files) + " errors\n"));
}

TEST(Broken, NothingRunsBesideABrokenFile) {
  const Stage stage;
  // An agent that leaves a trace: it must not even be started.
  stage.replace_agent("touch " + stage.path("started").string() + "\nexec \"$AGENT\" \"$@\"\n");
  for (const char* name : {"file-empty", "yaml-tab-indents", "segment-unknown-flag", "socket-closed-before",
                           "for-value-wrong", "sequences-above/suites/close/circle"}) {
    const fs::path file = folder / (std::string(name) + ".yaml");
    const Outcome outcome = stage.finack({"run", close_suite("active-close.yaml"), file.string()});
    EXPECT_EQ(outcome.exit_status, 2) << outcome;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, testing::StartsWith(approved(file)));
    EXPECT_FALSE(fs::exists(stage.path("started"))) << name;
  }
}

}  // namespace
}  // namespace finack
