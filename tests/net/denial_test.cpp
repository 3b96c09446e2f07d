// SPDX-License-Identifier: Apache-2.0
#include "net/denial.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>

namespace finack {
namespace {

using testing::HasSubstr;
using testing::Not;

// A made-up /proc of a machine that allows everything, to be spoiled in one place by each test.
class Denial : public testing::Test {
 protected:
  Denial() {
    std::string name = testing::TempDir() + "finack-proc-XXXXXX";
    proc_ = ::mkdtemp(name.data());
    write("self/ns/net", "");
    write("self/ns/user", "");
    write("sys/user/max_user_namespaces", "96365\n");
    write("sys/user/max_net_namespaces", "96365\n");
    write("self/status", "Name:\tfinack\nNoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n");
  }
  ~Denial() override { std::filesystem::remove_all(proc_); }

  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((proc_ / path).parent_path());
    std::ofstream(proc_ / path) << text;
  }
  std::string message(int error_number = EPERM) { return explain_denial(proc_, error_number).message; }

  std::filesystem::path proc_;
};

TEST_F(Denial, NamesTheDebianSwitch) {
  write("sys/kernel/unprivileged_userns_clone", "0\n");
  EXPECT_EQ(
      message(),
      "finack needs a private network, but this machine keeps user namespaces from ordinary users; set the "
      "sysctl kernel.unprivileged_userns_clone to 1");
  EXPECT_EQ(explain_denial(proc_, EPERM).hint, "as root: sysctl -w kernel.unprivileged_userns_clone=1");
}

TEST_F(Denial, NamesTheAppArmorSwitch) {
  write("sys/kernel/unprivileged_userns_clone", "1\n");
  write("sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
  EXPECT_THAT(message(EACCES), HasSubstr("kernel.apparmor_restrict_unprivileged_userns to 0"));
}

TEST_F(Denial, NamesLimitsOfZero) {
  write("sys/user/max_net_namespaces", "0\n");
  EXPECT_THAT(message(ENOSPC), HasSubstr("set the sysctl user.max_net_namespaces to"));
  write("sys/user/max_user_namespaces", "0\n");
  EXPECT_THAT(message(ENOSPC), HasSubstr("set the sysctl user.max_user_namespaces to"));
}

TEST_F(Denial, NamesTheContainer) {
  write("self/status", "Name:\tSeccomp: 2\nSeccomp:\t0\n");
  EXPECT_THAT(message(), Not(HasSubstr("seccomp"))) << "a program may have any name";
  write("self/status", "Name:\tfinack\nSeccomp:\t2\nSeccomp_filters:\t1\n");
  EXPECT_THAT(message(), HasSubstr("seccomp filter"));
}

TEST_F(Denial, NamesTheKernelsConfiguration) {
  std::filesystem::remove(proc_ / "self/ns/user");
  EXPECT_THAT(message(EINVAL), HasSubstr("CONFIG_USER_NS"));
  std::filesystem::remove(proc_ / "self/ns/net");
  EXPECT_THAT(message(EINVAL), HasSubstr("CONFIG_NET_NS"));
}

TEST_F(Denial, TellsRootThatItIsNotAlmighty) {
  write("self/status", "Name:\tfinack\nUid:\t0\t0\t0\t0\nSeccomp:\t0\n");
  EXPECT_THAT(message(), HasSubstr("root lacks the rights"));
  write("self/status", "Name:\tfinack\nUid:\t1000\t1000\t1000\t1000\nSeccomp:\t0\n");
  EXPECT_THAT(message(), HasSubstr("or run finack as root"));
}

TEST_F(Denial, FallsBackOnWhatTheSystemSaid) {
  EXPECT_THAT(message(EPERM), HasSubstr("Operation not permitted"));
}

TEST_F(Denial, CopesWithAnEmptyOrAbsentTree) {
  write("self/status", "");
  write("sys/kernel/unprivileged_userns_clone", "");
  EXPECT_FALSE(message().empty());
  EXPECT_FALSE(explain_denial("/nonexistent", EPERM).message.empty());
}

}  // namespace
}  // namespace finack
