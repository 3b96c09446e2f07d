// SPDX-License-Identifier: Apache-2.0
// The inventory sees what it is there to see: otherwise "nothing is left" would mean nothing.
#include "end_to_end/leftovers.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "end_to_end/playground.h"
#include "end_to_end/process.h"

namespace finack {
namespace {

using namespace std::chrono_literals;

using testing::HasSubstr;

class Leftovers : public LeavesNothing {};

Start sleeper(std::function<void()> before_exec = {}) {
  return {{"sleep", "60"}, std::move(before_exec)};
}

TEST_F(Leftovers, SeesAProcess) {
  const Process process(sleeper());
  EXPECT_THAT(leftovers(100ms), HasSubstr("process " + std::to_string(process.pid())));
}

TEST_F(Leftovers, SeesAnOrphanOfAnotherSession) {
  run_program({{"setsid", "--fork", "sleep", "60"}});
  const std::string left = leftovers(100ms);
  ASSERT_THAT(left, testing::MatchesRegex("process [0-9]+ sleep; "));
  ::kill(std::stoi(left.substr(8)), SIGKILL);
}

// What is counted when a process has made a namespace and gone, and a descriptor of this one holds it.
std::string counted_while_held(const std::string& kind, const std::function<void()>& make) {
  return in_own_playground([&] {
    Descriptor held;
    {
      const Process process(sleeper(make));
      std::this_thread::sleep_for(200ms);
      const std::string path = "/proc/" + std::to_string(process.pid()) + "/ns/" + kind;
      held = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    }
    return namespaces_left(1s);
  });
}

TEST_F(Leftovers, CountsAUserNamespace) {
  EXPECT_EQ(counted_while_held("user", [] { enter_user_namespace_as(0); }), "a user namespace; ");
}

TEST_F(Leftovers, CountsANetworkNamespace) {
  EXPECT_EQ(counted_while_held("net", [] { ::unshare(CLONE_NEWNET); }), "a net namespace; ");
}

TEST_F(Leftovers, CountsNothingWhereNothingIs) {
  EXPECT_EQ(in_own_playground([] { return namespaces_left(0ms); }), "");
}

// The program to come has the right that this process has in the playground, whoever we are outside.
void hand_down_network_rights() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  ::syscall(SYS_capget, &header, data);
  for (auto& half : data) half.inheritable = half.permitted;
  ::syscall(SYS_capset, &header, data);
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0);
}

TEST_F(Leftovers, SeesAnInterface) {
  const std::string ip = require_tool("ip", "iproute2");
  const Outcome added = run_program(
      {{ip, "link", "add", "left0", "type", "veth", "peer", "name", "left1"}, hand_down_network_rights});
  EXPECT_EQ(added.exit_status, 0) << added;
  EXPECT_THAT(leftovers(100ms), HasSubstr("interface left0; "));
  EXPECT_EQ(run_program({{ip, "link", "delete", "left0"}, hand_down_network_rights}).exit_status, 0);
}

}  // namespace
}  // namespace finack
