// SPDX-License-Identifier: Apache-2.0
#include "world/uml_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finack {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string whole =
    "CONFIG_UML=y\nCONFIG_UML_TIME_TRAVEL_SUPPORT=y\nCONFIG_HIGH_RES_TIMERS=y\nCONFIG_HOSTFS=y\n"
    "CONFIG_PROC_FS=y\nCONFIG_TMPFS=y\nCONFIG_NET_NS=y\nCONFIG_USER_NS=y\nCONFIG_VETH=y\nCONFIG_PACKET=y\n"
    "CONFIG_INET=y\nCONFIG_INET_DIAG=y\nCONFIG_INET_TCP_DIAG=y\nCONFIG_INET_DIAG_DESTROY=y\nCONFIG_UNIX=y\n";

TEST(UmlOptions, BootInVirtualTimeAndTellProcessOneItsArguments) {
  const auto words = boot_arguments({"/usr/bin/finack", {"inside-uml", "/tmp/x"}, 42});
  ASSERT_TRUE(words) << to_string(words.error());
  for (const char* word : {"time-travel=inf-cpu", "rootfstype=hostfs", "rootflags=/", "ro",
                           "init=/usr/bin/finack", "uml_dir=./", "finack.seed=42"})
    EXPECT_THAT(*words, Contains(word));
  EXPECT_THAT(std::vector<std::string>(words->end() - 3, words->end()),
              ElementsAre("--", "inside-uml", "/tmp/x"));
}

TEST(UmlOptions, KeepPathsWithSpacesInOnePiece) {
  const auto words = boot_arguments({"/my tools/finack", {"inside-uml", "/my tmp/x"}});
  ASSERT_TRUE(words) << to_string(words.error());
  EXPECT_THAT(*words, Contains("init=\"/my tools/finack\""));
  EXPECT_EQ(words->back(), "\"/my tmp/x\"");
}

TEST(UmlOptions, RefuseWhatWouldReadOtherwiseInTheKernel) {
  for (const char* path : {"/a\"b", "/a\nb"}) {
    const auto words = boot_arguments({path});
    ASSERT_FALSE(words);
    EXPECT_NE(words.error().message.find("quotation mark or a control character"), std::string::npos);
  }
  EXPECT_FALSE(boot_arguments({"/finack", {"a\"b"}}));
}

TEST(UmlOptions, AreLookedForInTheConfiguration) {
  EXPECT_TRUE(is_uml_configuration(whole));
  EXPECT_THAT(missing_options(whole), IsEmpty());
  std::string less = whole;
  less.replace(less.find("CONFIG_VETH=y"), 13, "# CONFIG_VETH is not set");
  less.replace(less.find("CONFIG_USER_NS=y"), 16, "CONFIG_USER_NS=m");
  EXPECT_THAT(missing_options(less), ElementsAre("CONFIG_USER_NS", "CONFIG_VETH"));
  EXPECT_FALSE(is_uml_configuration("CONFIG_UML_TIME_TRAVEL_SUPPORT=y\n"));
  EXPECT_FALSE(is_uml_configuration("usage: ls [OPTION]"));
}

}  // namespace
}  // namespace finack
