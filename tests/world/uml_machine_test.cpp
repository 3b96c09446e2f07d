// SPDX-License-Identifier: Apache-2.0
// With shell scripts in the place of the kernel.
#include "world/uml_machine.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "world/uml_room.h"

namespace finack {
namespace {

class UmlMachines : public testing::Test {
 protected:
  UmlStart start(const std::string& script) {
    std::filesystem::create_directory(folder_);
    return {room_.script("linux", script), {"one", "two words"}, folder_};
  }
  // Bounded by the limit of the test: a machine ends by itself or is killed here.
  static int end_of(UmlMachine& machine) {
    for (;;) {
      if (const auto status = machine.ended_within(100ms)) return *status;
    }
  }
  // Until it is so.
  template <class Predicate>
  static void await(UmlMachine& machine, Predicate predicate) {
    while (!predicate() && !machine.ended_within(10ms)) {
    }
  }
  static bool runs(pid_t pid) { return ::kill(pid, 0) == 0; }

  UmlRoom room_;
  const std::filesystem::path folder_ = room_.path("exchange");
};

TEST_F(UmlMachines, SayHowTheyEndAndWhatTheyPrinted) {
  auto machine = UmlMachine::start(start("echo \"$1, $2\"; echo worse >&2; exit 3\n"));
  ASSERT_TRUE(machine);
  const int status = end_of(*machine);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_EQ(machine->console(), "one, two words\nworse\n");
}

TEST_F(UmlMachines, StartInTheirFolderWhereverThatIs) {
  auto machine = UmlMachine::start(start("pwd\n"));
  ASSERT_TRUE(machine);
  end_of(*machine);
  EXPECT_EQ(machine->console(), std::filesystem::canonical(folder_).string() + "\n");
}

TEST_F(UmlMachines, GetNoRandomNumbersFromTheSystem) {
  auto machine = UmlMachine::start(start("python3 -c 'import os; os.getrandom(8)' 2>&1 | tail -1\n"));
  ASSERT_TRUE(machine);
  end_of(*machine);
  EXPECT_NE(machine->console().find("Function not implemented"), std::string::npos) << machine->console();
}

TEST_F(UmlMachines, StayOnOneProcessorWithAllTheyStart) {
  auto machine = UmlMachine::start(start("python3 -c 'import os; print(len(os.sched_getaffinity(0)))'\n"));
  ASSERT_TRUE(machine);
  end_of(*machine);
  EXPECT_EQ(machine->console(), "1\n");
}

TEST_F(UmlMachines, AreToldLines) {
  auto machine = UmlMachine::start(start("read line; echo \"got $line\"\n"));
  ASSERT_TRUE(machine);
  machine->tell("deadline");
  end_of(*machine);
  EXPECT_EQ(machine->console(), "got deadline\n");
}

TEST_F(UmlMachines, KeepTheirFolderUntilTheyAreGone) {
  {
    auto machine = UmlMachine::start(start("exit 0\n"));
    ASSERT_TRUE(machine);
    end_of(*machine);
    EXPECT_TRUE(std::filesystem::exists(folder_)) << "what is in there is still to be read";
  }
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(UmlMachines, TakeTheirHelpersAlongWhenKilled) {
  auto machine = UmlMachine::start(start("sleep 1000 & echo $!; wait\n"));
  ASSERT_TRUE(machine);
  await(*machine, [&] { return machine->console().ends_with('\n'); });
  const pid_t helper = std::stoi(machine->console());
  EXPECT_TRUE(runs(helper));
  machine->kill();
  EXPECT_EQ(end_of(*machine), SIGKILL);
  EXPECT_FALSE(runs(helper));
}

// A helper that outlives its kernel is nobody's but ours.
TEST_F(UmlMachines, TakeTheirHelpersAlongWhenTheyEnd) {
  auto machine = UmlMachine::start(start("sleep 1000 >/dev/null 2>&1 & echo $!\n"));
  ASSERT_TRUE(machine);
  EXPECT_EQ(end_of(*machine), 0);
  EXPECT_FALSE(runs(std::stoi(machine->console())));
}

TEST_F(UmlMachines, EndWithWhoStartedThemHoweverThatDies) {
  const UmlStart plan = start("echo $$ >'" + room_.path("pid").string() + "'; sleep 1000 & wait\n");
  const pid_t child = ::fork();
  if (child == 0) {
    auto machine = UmlMachine::start(plan);
    for (;;) machine->ended_within(1s);
  }
  while (!std::filesystem::exists(room_.path("pid")) || std::filesystem::is_empty(room_.path("pid")))
    std::this_thread::sleep_for(5ms);
  pid_t kernel = 0;
  std::ifstream(room_.path("pid")) >> kernel;
  EXPECT_TRUE(runs(kernel));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (runs(kernel) || std::filesystem::exists(folder_)) std::this_thread::sleep_for(5ms);
}

TEST_F(UmlMachines, SayWhenTheKernelCannotBeRun) {
  UmlStart plan = start("");
  plan.program = room_.path("nowhere");
  auto machine = UmlMachine::start(plan);
  ASSERT_TRUE(machine);
  EXPECT_EQ(WEXITSTATUS(end_of(*machine)), 127);
  EXPECT_EQ(machine->console(), "cannot run " + plan.program.string() + ": No such file or directory\n");
}

}  // namespace
}  // namespace finack
