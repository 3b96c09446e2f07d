// SPDX-License-Identifier: Apache-2.0
#include "net/sysctl.h"

#include <gtest/gtest.h>

namespace finack {
namespace {

TEST(SysctlPath, FollowsTheDots) {
  EXPECT_EQ(sysctl_path("net.ipv4.tcp_syncookies"), "/proc/sys/net/ipv4/tcp_syncookies");
  EXPECT_EQ(sysctl_path("net.ipv6.conf.veth-0.disable_ipv6"), "/proc/sys/net/ipv6/conf/veth-0/disable_ipv6");
}

TEST(SysctlPath, StaysBelowNet) {
  for (const char* name : {"", "net", "net.", "kernel.panic", "net..ipv4", "net.ipv4.",
                           "net.ipv4/../../kernel", "net.../kernel", ".net.ipv4.x", "net.ipv4.tcp\nx"}) {
    const auto path = sysctl_path(name);
    ASSERT_FALSE(path) << name;
    EXPECT_NE(path.error().message.find("is not the name of a network sysctl"), std::string::npos);
  }
}

TEST(Sysctl, ThatDoesNotExistIsAClearError) {
  const auto value = read_sysctl("net.ipv4.tcp_sincookies");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().message,
            "cannot read the sysctl net.ipv4.tcp_sincookies: this kernel has none of that name in a network "
            "namespace "
            "of its own");
}

TEST(Sysctl, ThatDoesNotExistIsNotWritten) {
  const auto done = write_sysctl("net.ipv4.tcp_sincookies", "1");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message,
            "cannot write the sysctl net.ipv4.tcp_sincookies: this kernel has none of that name in a network "
            "namespace of its own");
}

}  // namespace
}  // namespace finack
