// SPDX-License-Identifier: Apache-2.0
#include "cli/target.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(Target, IsTheKernelUnlessAskedOtherwise) {
  for (const char* text : {"", "kernel"}) {
    const auto target = parse_target(text);
    ASSERT_TRUE(target);
    EXPECT_FALSE(target->model);
    EXPECT_EQ(usual_profile(*target), "linux");
  }
}

TEST(Target, IsTheModelOrOneOfItsMutants) {
  const auto model = parse_target("model");
  ASSERT_TRUE(model && model->model);
  EXPECT_EQ(model->model->name, "");
  EXPECT_EQ(usual_profile(*model), "model");
  const auto mutant = parse_target("model:closing-skipped");
  ASSERT_TRUE(mutant && mutant->model);
  EXPECT_EQ(mutant->model->name, "closing-skipped");
}

TEST(Target, IsAKernelInVirtualTime) {
  const auto last = parse_target("uml");
  ASSERT_TRUE(last && last->uml);
  EXPECT_EQ(*last->uml, "");
  EXPECT_EQ(usual_profile(*last), "linux-uml");
  const auto one = parse_target("uml:./linux");
  ASSERT_TRUE(one && one->uml);
  EXPECT_EQ(*one->uml, "./linux");
  EXPECT_EQ(parse_target("uml:").error().message,
            "`--target uml:` wants the path of a kernel, or the name of one that was built");
}

TEST(Target, SaysWhatWasMeant) {
  EXPECT_EQ(to_string(parse_target("modell").error()),
            "`--target` wants kernel, model, model:MUTANT, uml or uml:PATH, got `modell`\n  hint: did you "
            "mean `model`?");
  EXPECT_EQ(to_string(parse_target("model:closing-skiped").error()),
            "the model has no mutant `closing-skiped`\n  hint: did you mean `closing-skipped`?");
}

TEST(Target, OpensTheModel) {
  const auto world = open_world(*parse_target("model:no-challenge"));
  ASSERT_TRUE(world);
  EXPECT_EQ((*world)->describe().kernel, "the model:no-challenge");
}

}  // namespace
}  // namespace finack
