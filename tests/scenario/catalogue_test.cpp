// SPDX-License-Identifier: Apache-2.0
#include "scenario/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "scenario/profile.h"

namespace finack {
namespace {

std::size_t count(std::string_view prefix) {
  return static_cast<std::size_t>(std::ranges::count_if(
      catalogue_entries(), [&](const CatalogueEntry& entry) { return entry.id.starts_with(prefix); }));
}

TEST(Catalogue, HoldsWhatItsFilesHold) {
  EXPECT_EQ(count("CR-"), 126u);
  EXPECT_EQ(count("MUST-") + count("SHLD-") + count("MAY-") + count("REC-"), 119u);
  EXPECT_EQ(count("U-"), 11u);
  EXPECT_EQ(count("T-"), 77u);
  EXPECT_EQ(count("S-"), 124u);
  EXPECT_EQ(transitions().size(), 77u);
}

TEST(Catalogue, IsSortedSoThatItCanBeSearched) {
  EXPECT_TRUE(std::ranges::is_sorted(catalogue_entries(), {}, &CatalogueEntry::id));
  ASSERT_NE(find_catalogue_entry("CR-054"), nullptr);
  EXPECT_EQ(find_catalogue_entry("CR-054")->level, "MUST");
  EXPECT_EQ(find_catalogue_entry("CR-05"), nullptr);
}

TEST(Reachable, FollowsFigure5) {
  using enum TcpState;
  EXPECT_TRUE(reachable(established, time_wait));
  EXPECT_TRUE(reachable(fin_wait_1, closing));
  EXPECT_FALSE(reachable(time_wait, syn_received)) << "a SYN that reuses TIME-WAIT opens another connection";
  EXPECT_TRUE(reachable(closed, closed));
  EXPECT_FALSE(reachable(closed, established)) << "what comes after CLOSED is another connection";
  EXPECT_FALSE(reachable(last_ack, time_wait));
  EXPECT_FALSE(reachable(fin_wait_2, closing));
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

TEST(Profile, MustBeWhole) {
  EXPECT_EQ(parse_profile("profile: x\nmsl: 1s\n", "x.yaml").error().message,
            "a profile needs the key `rto`");
  EXPECT_EQ(parse_profile("profile: x\nmsl: long\n", "x.yaml").error().message,
            "`msl` wants a duration, got `long`");
}

}  // namespace
}  // namespace finack
