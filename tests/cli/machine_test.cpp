// SPDX-License-Identifier: Apache-2.0
#include "cli/machine.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

const MachineCheck good_check = {"veth", "a pair"};
const MachineCheck limiting_check = {"IPv6", "not here", "load it", false, false};
const MachineCheck stopping_check = {"network namespaces", "refused", "sysctl -w a=1", false};

TEST(Machine, IsToldLineByLine) {
  EXPECT_EQ(machine_text({good_check}),
            "ok       veth                a pair\n\nfinack can do all it knows here\n");
  EXPECT_EQ(machine_text({good_check, limiting_check}), R"(ok       veth                a pair
missing  IPv6                not here
                             fix: load it

finack can run scenarios here, with the limits above
)");
  EXPECT_EQ(machine_text({stopping_check}), R"(missing  network namespaces  refused
                             fix: sysctl -w a=1

finack cannot run scenarios here yet, but against its model: --target model
)");
}

TEST(Machine, IsGoodEnoughWithoutWhatIsNotNeeded) {
  EXPECT_TRUE(run_is_possible({good_check, limiting_check}));
  EXPECT_FALSE(run_is_possible({good_check, stopping_check}));
}

TEST(Machine, NeedsDescriptorsForManyScenariosAtOnce) {
  EXPECT_TRUE(check_descriptors(1024).good);
  const MachineCheck few = check_descriptors(256);
  EXPECT_FALSE(few.good || few.needed);
  EXPECT_EQ(few.found, "256 may be open at once; many scenarios in one run take up to 600");
  EXPECT_EQ(few.fix, "ulimit -n 1024");
}

TEST(Machine, KnowsOfKernelsInVirtualTime) {
  EXPECT_EQ(check_uml_kernels({{"6.12", "/c/uml-6.12/linux"}, {"6.1", "/c/uml-6.1/linux"}}).found,
            "/c/uml-6.12/linux: --target uml plays in virtual time");
  const MachineCheck none = check_uml_kernels({});
  EXPECT_FALSE(none.good || none.needed);
  EXPECT_EQ(none.fix, "scripts/build-uml");
}

TEST(Machine, MissesAnAgentThatIsNotThere) {
  for (const MachineCheck& check : check_surroundings("/nowhere/finack-agent")) {
    if (check.what != "agent") continue;
    EXPECT_FALSE(check.good);
    EXPECT_EQ(check.found, "/nowhere/finack-agent: No such file or directory");
    return;
  }
  FAIL() << "nobody looked for the agent";
}

}  // namespace
}  // namespace finack
