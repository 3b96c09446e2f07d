// SPDX-License-Identifier: Apache-2.0
// Machines that refuse a private network: one sentence that says what to enable, and nothing like a result.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "end_to_end/playground.h"
#include "end_to_end/seccomp.h"
#include "end_to_end/stage.h"

namespace finack {
namespace {

using testing::HasSubstr;

constexpr uid_t root = 0, somebody = 1000;

class Denied : public testing::Test {
 protected:
  Outcome run_as(uid_t user, std::function<void()> machine) const {
    Start start =
        stage_.start({"run", close_suite("active-close.yaml"), "--json", stage_.path("report.json")});
    start.before_exec = [=] {
      enter_user_namespace_as(user);
      machine();
    };
    return run_program(start);
  }
  void expect_refused(const Outcome& outcome, const std::string& what_to_enable) const {
    EXPECT_EQ(outcome.exit_status, 3) << outcome;
    EXPECT_EQ(outcome.out, "");
    EXPECT_FALSE(std::filesystem::exists(stage_.path("report.json")));
    // One sentence, and below it one command.
    EXPECT_THAT(outcome.err, testing::ContainsRegex("^finack: finack needs a private network, but [^\n]*\n"
                                                    "  hint: [^\n]*\n$"));
    EXPECT_THAT(outcome.err, HasSubstr(what_to_enable));
  }
  static void expect_passed(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_status, 0) << outcome;
    EXPECT_THAT(outcome.out, HasSubstr("\n2 pass in "));
  }

  Stage stage_;
};

TEST_F(Denied, WhereTheSysctlAllowsNoUserNamespaces) {
  const Outcome outcome = run_as(somebody, [] { set_namespace_limit("user", 0); });
  expect_refused(outcome, "set the sysctl user.max_user_namespaces to 10000");
}

TEST_F(Denied, WhereTheSysctlAllowsNoNetworkNamespaces) {
  const Outcome outcome = run_as(somebody, [] { set_namespace_limit("net", 0); });
  expect_refused(outcome, "set the sysctl user.max_net_namespaces to 10000");
}

TEST_F(Denied, WhereAFilterForbidsThem) {
  const Outcome outcome = run_as(somebody, refuse_namespaces);
  expect_refused(outcome,
                 "a seccomp filter, most likely that of the container, forbids namespaces; allow unshare");
}

TEST_F(Denied, WhereAFilterForbidsThemToRoot) {
  expect_refused(run_as(root, refuse_namespaces),
                 "allow unshare and setns, or give the container CAP_SYS_ADMIN");
}

// What these refusals are held against: somebody, on a machine that refuses nothing.
TEST_F(Denied, NotWhereNothingIsRefused) {
  expect_passed(run_as(somebody, [] {}));
}

TEST_F(Denied, NotForRootWithoutUserNamespaces) {
  expect_passed(run_as(root, [] { set_namespace_limit("user", 0); }));
  expect_passed(run_as(root, refuse_user_namespaces));
}

}  // namespace
}  // namespace finack
