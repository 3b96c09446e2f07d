// SPDX-License-Identifier: Apache-2.0
#include "cli/scenarios.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "cli/list_command.h"

namespace finack {
namespace {

class Files : public testing::Test {
 protected:
  Files() {
    char name[] = "/tmp/finack-test-XXXXXX";
    path_ = ::mkdtemp(name);
    home_ = std::filesystem::current_path();
  }
  ~Files() override {
    std::filesystem::current_path(home_);
    std::filesystem::remove_all(path_);
  }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  std::string at(const std::string& name) { return (path_ / name).string(); }

  std::filesystem::path path_, home_;
  const Profile profile_ = target_profile("").value();
  const std::string good = "scenario: A title\ngiven: ESTABLISHED\nsteps:\n- target: close\n";
};

TEST_F(Files, AreAllLookedAtForErrors) {
  write("suites/a/good.yaml", good);
  write("suites/a/broken.yaml", "scenario: x\n");
  write("suites/b/worse.yml", "[");
  write("suites/catalogue/none.yaml", "no scenario");
  const Loaded loaded = load_what_can_be_loaded({at("suites")}, profile_);
  ASSERT_EQ(loaded.errors.size(), 2u);
  EXPECT_EQ(loaded.errors[0].place->file, at("suites/a/broken.yaml"));
  EXPECT_EQ(loaded.errors[1].place->file, at("suites/b/worse.yml"));
  ASSERT_EQ(loaded.scenarios.size(), 1u) << "the good ones are there all the same";
  EXPECT_EQ(loaded.scenarios[0].id, "a/good");
}

TEST_F(Files, MayBeGoodAloneAndBrokenTogether) {
  write("one/suites/a.yaml", good);
  write("two/suites/a.yaml", good);
  const Loaded loaded = load_what_can_be_loaded({at("one/suites"), at("two/suites")}, profile_);
  ASSERT_EQ(loaded.errors.size(), 1u);
  EXPECT_EQ(loaded.errors[0].message, "the id a is taken");
}

TEST_F(Files, AreThoseOfSuitesWhenNoneIsNamed) {
  std::filesystem::current_path(path_);
  EXPECT_EQ(to_string(paths_or_suites({}, "list").error()),
            "`finack list` wants files or folders of scenarios, for there is no folder `suites` here\n"
            "  hint: finack list path/to/suites");
  write("suites/a.yaml", good);
  EXPECT_EQ(paths_or_suites({}, "list").value(), std::vector<std::string>{"suites"});
  EXPECT_EQ(paths_or_suites({"x"}, "list").value(), std::vector<std::string>{"x"});
  EXPECT_EQ(suites_to_search({}), std::vector<std::string>{"suites"});
}

TEST_F(Files, AreListedByIdAndTitle) {
  write("suites/close/good.yaml", good);
  write("suites/longer-name/good.yaml", good);
  const auto programs = load_programs({at("suites")}, profile_);
  ASSERT_TRUE(programs);
  EXPECT_EQ(list_text(*programs),
            "close/good/ipv4        A title\nclose/good/ipv6        A title\n"
            "longer-name/good/ipv4  A title\nlonger-name/good/ipv6  A title\n");
}

}  // namespace
}  // namespace finack
