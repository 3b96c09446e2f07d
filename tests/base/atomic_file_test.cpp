// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <string>

namespace finack {
namespace {

class AtomicFile : public testing::Test {
 protected:
  AtomicFile() {
    std::string name = testing::TempDir() + "finack-file-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~AtomicFile() override { std::filesystem::remove_all(folder_); }

  std::string content(const char* name) {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  auto files() { return std::distance(std::filesystem::directory_iterator(folder_), {}); }

  std::filesystem::path folder_;
};

TEST_F(AtomicFile, ReplacesAnOlderOneAndLeavesNothingBeside) {
  ASSERT_TRUE(write_atomically(folder_ / "a.pcapng", Bytes{'o', 'l', 'd'}));
  ASSERT_TRUE(write_atomically(folder_ / "a.pcapng", Bytes{'n', 'e', 'w'}));
  EXPECT_EQ(content("a.pcapng"), "new");
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFile, SaysWhyItCouldNotBeWritten) {
  const auto absent = write_atomically(folder_ / "no/a", Bytes{1});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message,
            "cannot write " + (folder_ / "no/a").string() + ": No such file or directory");
  std::filesystem::create_directory(folder_ / "taken");
  EXPECT_FALSE(write_atomically(folder_ / "taken", Bytes{1}));
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace finack
