// SPDX-License-Identifier: Apache-2.0
#include "scenario/capability.h"

#include <gtest/gtest.h>

#include "scenario/loaded.h"

namespace finack {
namespace {

std::string needed(const std::string& call) {
  const Scenario scenario = must_load(with_steps("- {target: " + call + "}\n")).front();
  return capability_for(std::get<CallStep>(scenario.steps.at(0).body));
}

TEST(Capability, IsOneOfThoseKnown) {
  for (const std::string_view name : capability_names()) EXPECT_TRUE(is_capability(name)) << name;
  EXPECT_TRUE(is_capability("option-linger2"));
  EXPECT_FALSE(is_capability("option-"));
  EXPECT_FALSE(is_capability("option-telepathy"));
  EXPECT_FALSE(is_capability("linger2"));
  EXPECT_FALSE(is_capability(""));
}

TEST(Capability, FollowsFromTheCall) {
  EXPECT_EQ(needed("close"), "");
  EXPECT_EQ(needed("shutdown"), "half-close");
  EXPECT_EQ(needed("shutdown receive"), "");
  EXPECT_EQ(needed("abort"), "linger0");
  EXPECT_EQ(needed("dup copy"), "dup");
  EXPECT_EQ(needed("die"), "die");
  EXPECT_EQ(needed("destroy"), "destroy");
  EXPECT_EQ(needed("send 5"), "");
  EXPECT_EQ(needed("send 5 urgent"), "urgent");
  EXPECT_EQ(needed("receive-urgent"), "urgent");
  EXPECT_EQ(needed("option linger2 5"), "option-linger2");
}

TEST(Capability, OfAnyOptionIsOneThatMayBeNeeded) {
  for (const std::string_view name : socket_option_names()) {
    const std::string need = needed("option " + std::string(name) + ", result: 1");
    EXPECT_EQ(need, "option-" + std::string(name));
    EXPECT_TRUE(is_capability(need)) << need;
  }
}

TEST(Needs, AreHeldToWhatATargetCanHave) {
  EXPECT_EQ(error_of(with_steps("- wait: 1s\n", "needs: [dup, dupp]\ngiven: ESTABLISHED\n")),
            "f.yaml:2:14: `dupp` is no capability of a target");
}

}  // namespace
}  // namespace finack
