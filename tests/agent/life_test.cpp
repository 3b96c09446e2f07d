// SPDX-License-Identifier: Apache-2.0
// How an agent lives and ends: many sockets, a harness that does not read, one that dies, a namespace.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "agent/driver.h"

namespace finack {
namespace {

using testing::StartsWith;

class Life : public AgentTest {
 protected:
  // A number from /proc/PID/FILE: that of the line which begins with `key`.
  long proc(const std::string& file, const std::string& key) {
    std::ifstream in("/proc/" + std::to_string(link_->pid()) + "/" + file);
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with(key)) return std::stol(line.substr(key.size()));
    }
    return -1;
  }

  // Ticks of processor time used so far.
  long ticks() {
    std::ifstream in("/proc/" + std::to_string(link_->pid()) + "/stat");
    std::string word;
    for (int i = 0; i < 13; ++i) in >> word;
    long user = 0;
    long system = 0;
    in >> user >> system;
    return user + system;
  }

  // Whether the agent stops using the processor: on a busy machine it may still have work to finish, but one
  // that waits busily never has a quiet half second, however small its share.
  bool comes_to_rest() {
    for (int i = 0; i < 20; ++i) {
      const long before = ticks();
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      if (ticks() - before <= 2) return true;
    }
    return false;
  }
};

// Ends also when the process is a zombie that nobody waits for.
bool ends_within(int pidfd, int limit_ms) {
  pollfd slot{pidfd, POLLIN, 0};
  return ::poll(&slot, 1, limit_ms) == 1;
}

int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

TEST_F(Life, ThousandsOfSockets) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t connections = std::min<std::size_t>(2000, (limit.rlim_max - 100) / 2);
  const std::string port = listen();
  std::vector<std::uint64_t> connects;
  std::vector<std::uint64_t> accepts;
  std::vector<std::uint64_t> receives;
  for (std::size_t i = 0; i < connections; ++i) {
    const std::string client = std::to_string(10 + i);
    post("socket s=" + client + " family=inet");
    connects.push_back(post("connect s=" + client + " address=127.0.0.1 port=" + port));
    // No more accepts at once than may wait.
    accepts.push_back(post("accept s=1 as=" + std::to_string(500'000 + i)));
    if (accepts.size() % 32 == 0) {
      ASSERT_THAT(reply(accepts.back()), StartsWith("ok"));
    }
  }
  for (const auto id : connects) ASSERT_THAT(reply(id), StartsWith("ok"));
  for (std::size_t i = 0; i < connections; ++i) {
    receives.push_back(post("receive s=" + std::to_string(10 + i) + " seed=3 offset=0 length=100"));
    post("watch s=" + std::to_string(10 + i));
  }
  for (std::size_t i = 0; i < connections; ++i) {
    post("send s=" + std::to_string(500'000 + i) + " seed=3 offset=0 length=100");
  }
  for (const auto id : receives) ASSERT_THAT(reply(id), StartsWith("ok octets=100"));
  for (std::size_t i = 0; i < connections; ++i) {
    post("drop s=" + std::to_string(10 + i));
    post("drop s=" + std::to_string(500'000 + i));
  }
  EXPECT_THAT(call("version"), StartsWith("ok"));
}

TEST_F(Life, DoesNotBusyWait) {
  connect_pair();
  call("watch s=2");
  call("watch s=3");
  call("watch s=1");
  post("receive s=2 seed=0 offset=0 length=9");
  post("send s=3 seed=0 offset=0 length=3");
  call("shutdown s=2 how=send");
  post("send s=2 seed=0 offset=0 length=3");
  call("socket s=4 family=inet");
  call("watch s=4");
  call("send s=3 seed=0 offset=3 length=3");
  call("shutdown s=3 how=both");
  while (event(50) != "no event") {
  }
  EXPECT_TRUE(comes_to_rest());
}

TEST_F(Life, AHarnessThatDoesNotReadCostsNoMemory) {
  // Whatever is asked, until the line is full in both directions.
  const std::string question = "1 version\n";
  std::size_t asked = 0;
  for (int idle = 0; idle < 20;) {
    if (::send(link_->fd(), question.data(), question.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(question.size())) {
      ++asked;
      idle = 0;
    } else {
      ++idle;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_LT(asked, 10'000'000U);
  }
  EXPECT_LT(proc("status", "VmHWM:"), 64 * 1024);  // kB; a sanitizer takes most of it
  EXPECT_TRUE(comes_to_rest());
  // And when it does read, every call is answered.
  std::size_t answered = 0;
  while (answered + 1 < asked) {
    auto lines = link_->receive();
    ASSERT_TRUE(lines) << lines.error().message;
    answered += lines->size();
    pollfd slot{link_->fd(), POLLIN, 0};
    if (lines->empty()) {
      ASSERT_EQ(::poll(&slot, 1, 5000), 1) << answered << " of " << asked;
    }
  }
}

TEST_F(Life, EndsWithItsInput) {
  connect_pair();
  post("receive s=2 seed=0 offset=0 length=9");
  ASSERT_THAT(call("version"), StartsWith("ok"));
  ASSERT_EQ(::shutdown(link_->fd(), SHUT_WR), 0);
  std::string end;
  while (end.empty()) {
    pollfd slot{link_->fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&slot, 1, 5000), 1);
    auto lines = link_->receive();
    if (!lines) end = lines.error().message;
  }
  EXPECT_EQ(end, "the agent ended (exit status 0)");
}

TEST_F(Life, ItsSocketsDieWithIt) {
  const std::string port = listen();
  const pid_t pid = link_->pid();
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  link_.reset();
  auto next = AgentLink::start({FINACK_AGENT});
  ASSERT_TRUE(next);
  link_.emplace(std::move(*next));
  call("socket s=1 family=inet");
  EXPECT_EQ(call("connect s=1 address=127.0.0.1 port=" + port), "error errno=ECONNREFUSED");
}

// The parent is gone without a chance to close anything, and the agent is one that does not look at its
// input.
TEST(Orphan, DiesWithItsParent) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    auto link = AgentLink::start({"/bin/sh", {"-c", "echo 0 hello protocol=1; exec sleep 60"}});
    const pid_t pid = link ? link->pid() : -1;
    if (::write(pipe[1], &pid, sizeof pid) < 0) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  pid_t agent = -1;
  ASSERT_EQ(::read(pipe[0], &agent, sizeof agent), static_cast<ssize_t>(sizeof agent));
  ASSERT_GT(agent, 0);
  const Descriptor pidfd(open_pidfd(agent));
  ASSERT_TRUE(pidfd);
  EXPECT_FALSE(ends_within(pidfd.get(), 50));
  ASSERT_EQ(::kill(parent, SIGKILL), 0);
  EXPECT_TRUE(ends_within(pidfd.get(), 5000));
  ::waitpid(parent, nullptr, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(Namespace, IsEnteredByTheAgentAlone) {
  int fd = -1;
  std::thread([&fd] {
    if (::unshare(CLONE_NEWNET) == 0) fd = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  }).join();
  if (fd < 0) GTEST_SKIP() << "this user may not make a network namespace";
  const Descriptor space(fd);
  AgentStart start{FINACK_AGENT};
  start.network_namespace = fd;
  auto link = AgentLink::start(start);
  ASSERT_TRUE(link) << link.error().message;
  char theirs[64] = {};
  char ours[64] = {};
  const std::string path = "/proc/" + std::to_string(link->pid()) + "/ns/net";
  ASSERT_GT(::readlink(path.c_str(), theirs, sizeof theirs - 1), 0);
  ASSERT_GT(::readlink("/proc/self/ns/net", ours, sizeof ours - 1), 0);
  EXPECT_STRNE(theirs, ours);
}

}  // namespace
}  // namespace finack
