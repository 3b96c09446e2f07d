// SPDX-License-Identifier: Apache-2.0
#include "judge/ledger.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

Profile profile_with(Deviation deviation) {
  Profile profile;
  profile.deviations.push_back(std::move(deviation));
  return profile;
}

Deviation deviation() {
  Deviation out;
  out.scenario = "close/a/*";
  out.signature = "expect: RST: nothing";
  out.since = "6.1";
  out.until = "6.12";
  return out;
}

Finding finding(std::string signature) {
  Finding out;
  out.signature = std::move(signature);
  return out;
}

TEST(Ledger, KnowsADeclaredFailureAndNoOther) {
  const Profile profile = profile_with(deviation());
  Ledger ledger(profile, "6.12.4-amd64");
  EXPECT_EQ(ledger.explain("close/b/ipv4", finding("expect: RST: nothing")), nullptr);
  EXPECT_EQ(ledger.explain("close/a/ipv4", finding("expect: RST: flags: wanted RST, got ACK")), nullptr);
  EXPECT_EQ(ledger.explain("close/a/ipv4", finding("expect: RST: nothing")), &profile.deviations[0]);
}

TEST(Ledger, KnowsTheOneInstanceThatIsNamed) {
  Deviation exact = deviation();
  exact.scenario = "close/a/ipv4";
  const Profile profile = profile_with(exact);
  Ledger ledger(profile, "6.12");
  EXPECT_EQ(ledger.explain("close/a/ipv6", finding("expect: RST: nothing")), nullptr);
  EXPECT_NE(ledger.explain("close/a/ipv4", finding("expect: RST: nothing")), nullptr);
}

TEST(Ledger, TellsOfWhatHasVanished) {
  const Profile profile = profile_with(deviation());
  Ledger ledger(profile, "6.5");
  EXPECT_TRUE(ledger.vanished().empty()) << "nothing has run";
  ledger.passed("close/b/ipv4");
  EXPECT_TRUE(ledger.vanished().empty()) << "another scenario passed";
  ledger.passed("close/a/ipv4");
  ASSERT_EQ(ledger.vanished().size(), 1u);
  ledger.explain("close/a/ipv6", finding("expect: RST: nothing"));
  EXPECT_TRUE(ledger.vanished().empty()) << "seen for one family";
}

TEST(Ledger, HoldsForItsReleasesOnly) {
  const Profile profile = profile_with(deviation());
  for (const auto& [release, holds] : {std::pair{"6.0.9", false},
                                       {"6.1", true},
                                       {"6.12.99", true},
                                       {"6.13", false},
                                       {"5.19", false},
                                       {"7.0", false}}) {
    Ledger ledger(profile, release);
    EXPECT_EQ(ledger.explain("close/a/ipv4", finding("expect: RST: nothing")) != nullptr, holds) << release;
  }
  EXPECT_TRUE(release_within("anything", "", ""));
}

}  // namespace
}  // namespace finack
