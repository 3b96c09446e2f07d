// SPDX-License-Identifier: Apache-2.0
#include "world/uml_kernel.h"

#include <gtest/gtest.h>

#include "world/uml_room.h"

namespace finack {
namespace {

class UmlKernels : public testing::Test {
 protected:
  void build(const std::string& name, int hours_ago) {
    const auto program = room_.script("cache/uml-" + name + "/linux", fit_kernel);
    std::filesystem::last_write_time(
        program, std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours_ago));
  }
  std::string found(const std::string& word) {
    const auto program = find_uml_kernel(word, room_.path("cache"));
    return program ? program->lexically_relative(room_.path("cache")).string() : to_string(program.error());
  }
  std::string error_of(const std::filesystem::path& program) {
    const auto kernel = look_at_uml_kernel(program);
    return kernel ? "fit" : kernel.error().message;
  }

  UmlRoom room_;
};

TEST_F(UmlKernels, AreKeptWhereCachesAre) {
  EXPECT_EQ(uml_cache("/c", "/home/me"), "/c/finack");
  EXPECT_EQ(uml_cache("", "/home/me"), "/home/me/.cache/finack");
  EXPECT_EQ(uml_cache("relative", "/home/me"), "/home/me/.cache/finack");
  EXPECT_EQ(uml_cache("", ""), "");
}

TEST_F(UmlKernels, AreFoundByNameOrTheOneBuiltLast) {
  build("6.1", 1);
  build("6.12", 2);
  room_.script("cache/other/linux", "");
  std::filesystem::create_directories(room_.path("cache/uml-half"));  // a build that failed
  EXPECT_EQ(found(""), "uml-6.1/linux");
  EXPECT_EQ(found("6.12"), "uml-6.12/linux");
  EXPECT_EQ(found("6.13"),
            "no User-mode Linux kernel was built by the name `6.13`\n"
            "  hint: there are: 6.1, 6.12; a path has a slash in it: uml:./linux");
  EXPECT_EQ(cached_kernels(room_.path("cache")).size(), 2u);
}

TEST_F(UmlKernels, AreAnyPathWithASlash) {
  EXPECT_EQ(*find_uml_kernel("./linux", room_.path("cache")), "./linux");
}

TEST_F(UmlKernels, AreMissedWithAWordOnHowToBuildOne) {
  EXPECT_EQ(found(""), "there is no User-mode Linux kernel in " + room_.path("cache").string() +
                           "\n  hint: scripts/build-uml builds one: docs/virtual-time.md");
}

TEST_F(UmlKernels, AreAskedWhatTheyAre) {
  const auto kernel = look_at_uml_kernel(room_.script("linux", fit_kernel));
  ASSERT_TRUE(kernel) << to_string(kernel.error());
  EXPECT_EQ(kernel->release, "6.12.4");
}

TEST_F(UmlKernels, AreRefusedWhenTheyCannotBeBooted) {
  const std::string nowhere = room_.path("nowhere").string(), folder = room_.path("").string();
  EXPECT_EQ(error_of(nowhere), "cannot run " + nowhere + " as a kernel: No such file or directory");
  EXPECT_EQ(error_of(folder), "cannot run " + folder + " as a kernel: Is a directory");
  const auto other = room_.script("other", "echo usage: other\n");
  EXPECT_EQ(error_of(other), other.string() + " is no User-mode Linux kernel");
  std::string text = fit_kernel;
  text.replace(text.find("VETH "), 5, "");
  const auto poor = room_.script("poor", text);
  EXPECT_EQ(error_of(poor), "the kernel " + poor.string() + " lacks CONFIG_VETH");
}

}  // namespace
}  // namespace finack
