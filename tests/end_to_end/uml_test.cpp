// SPDX-License-Identifier: Apache-2.0
// Kernels that are none, or go wrong: shell scripts in the place of a User-mode Linux.
#include <gmock/gmock.h>

#include <csignal>
#include <thread>

#include "end_to_end/leftovers.h"
#include "end_to_end/stage.h"
#include "world/uml_room.h"

namespace finack {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class UmlFailure : public LeavesNothing {
 protected:
  // With what it does when it is booted.
  std::string kernel(const std::string& boots) { return room_.script("linux", fit_kernel + boots).string(); }
  std::vector<std::string> run_on(const std::string& path) {
    return {"run", close_suite("active-close.yaml"), "--target", "uml:" + path};
  }

  Stage stage_;
  UmlRoom room_;
};

TEST_F(UmlFailure, OfWhatIsNoKernelIsToldInASentence) {
  const Outcome outcome = stage_.finack(run_on("/bin/ls"));
  EXPECT_EQ(outcome.exit_status, 3) << outcome;
  EXPECT_THAT(outcome.err, StartsWith("finack: /bin/ls is no User-mode Linux kernel\n"));
  const Outcome nowhere = stage_.finack(run_on("/nowhere/linux"));
  EXPECT_EQ(nowhere.exit_status, 3) << nowhere;
  EXPECT_THAT(nowhere.err, StartsWith("finack: cannot run /nowhere/linux as a kernel: No such file"));
}

TEST_F(UmlFailure, OfAPanicShowsWhatTheKernelSaid) {
  const std::string path =
      kernel("echo 'Linux version 6.12.4'\necho 'Kernel panic - not syncing: no luck'; kill -ABRT $$\n");
  const Outcome outcome = stage_.finack(run_on(path));
  EXPECT_EQ(outcome.exit_status, 3) << outcome;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("the kernel " + path +
                                           " (6.12.4) panicked before it could start finack: "
                                           "no luck\n"),
                                 HasSubstr("    Linux version 6.12.4\n")));
}

TEST_F(UmlFailure, IsACommitToSkip) {
  auto arguments = run_on(kernel("exit 1\n"));
  arguments.push_back("--bisect");
  EXPECT_EQ(stage_.finack(arguments).exit_status, 125);
}

// finack's own mistakes are told before anything is booted.
TEST_F(UmlFailure, IsNotReachedByWrongUsage) {
  auto arguments = run_on(kernel("echo booted >&2; exit 1\n"));
  arguments[1] = "/nowhere.yaml";
  const Outcome outcome = stage_.finack(arguments);
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
}

TEST_F(UmlFailure, CanBeInterruptedWhileItHangs) {
  const std::string begun = room_.path("begun").string();
  Process process(stage_.start(run_on(kernel("sleep 1000 & echo >" + begun + "; wait\n"))));
  while (!std::filesystem::exists(begun)) std::this_thread::sleep_for(Milliseconds(5));
  ::kill(process.pid(), SIGINT);
  EXPECT_EQ(process.wait().exit_status, 130);
}

TEST_F(UmlFailure, LeavesNothingWhenFinackIsKilled) {
  const std::string begun = room_.path("begun").string();
  Process process(stage_.start(run_on(kernel("sleep 1000 & echo >" + begun + "; wait\n"))));
  while (!std::filesystem::exists(begun)) std::this_thread::sleep_for(Milliseconds(5));
  ::kill(process.pid(), SIGKILL);
  EXPECT_EQ(process.wait().signal, SIGKILL);
}

TEST_F(UmlFailure, IsNothingThatPeopleCall) {
  const Outcome outcome = stage_.finack({"inside-uml", "/tmp"});
  EXPECT_EQ(outcome.exit_status, 2) << outcome;
  EXPECT_THAT(outcome.err, HasSubstr("is for finack itself"));
}

}  // namespace
}  // namespace finack
