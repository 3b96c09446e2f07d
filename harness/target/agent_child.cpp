// SPDX-License-Identifier: Apache-2.0
// From a fork to a program that inherits nothing of ours.
#include "target/agent_child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

namespace finack {

namespace {

using Clock = std::chrono::steady_clock;

// How the child says that it did not come to run the program.
struct Failure {
  int step;
  int error;
};

constexpr const char* steps[] = {"die with its parent", "enter the network namespace",
                                 "set up its descriptors", "run the program"};

// All that the child needs, made ready before the fork: after it only system calls are safe.
struct Plan {
  const char* program;
  char* const* arguments;
  int network_namespace;
  int socket;
  int report;  // closes by itself when the program starts
  pid_t parent;
  int open_max;
};

[[noreturn]] void give_up(int report, int step) {
  const Failure failure{step, errno};
  if (::write(report, &failure, sizeof failure) < 0) ::_exit(126);
  ::_exit(127);
}

void close_at_exec(int first, int open_max) {
#ifdef CLOSE_RANGE_CLOEXEC
  if (::close_range(static_cast<unsigned>(first), ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
#endif
  for (int fd = first; fd < open_max; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

// Ignored signals and the mask would outlive the exec.
void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_agent(const Plan& plan) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(plan.report, 0);
  // It may have died before that call. In a process namespace of its own the child sees 0.
  const pid_t parent = ::getppid();
  if (parent != plan.parent && parent != 0) ::_exit(127);
  ::setpgid(0, 0);
  if (plan.network_namespace >= 0 && ::setns(plan.network_namespace, CLONE_NEWNET) != 0)
    give_up(plan.report, 1);
  if (::dup2(plan.socket, STDIN_FILENO) < 0 || ::dup2(plan.socket, STDOUT_FILENO) < 0)
    give_up(plan.report, 2);
  close_at_exec(STDERR_FILENO + 1, plan.open_max);
  reset_signals();
  ::execv(plan.program, plan.arguments);
  give_up(plan.report, 3);
}

// As execvp() would find it.
std::string find_program(const std::string& program) {
  const char* path = std::getenv("PATH");
  if (program.find('/') != std::string::npos || path == nullptr) return program;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t colon = rest.find(':');
    const std::string candidate = fmt::format("{}/{}", rest.substr(0, colon), program);
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return program;
}

// Where the child's standard input, output and error cannot land on it.
Descriptor above_standard(Descriptor fd) {
  if (fd.get() > STDERR_FILENO) return fd;
  return Descriptor(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

int open_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65536));
}

tl::unexpected<Error> cannot(std::string_view what, int error) {
  return fail(fmt::format("cannot {}: {}", what, std::strerror(error)));
}

}  // namespace

std::string describe_exit(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

std::optional<int> AgentChild::ended_within(Duration limit) {
  const auto deadline = Clock::now() + limit;
  auto pause = std::chrono::microseconds(50);
  while (pid_ > 0) {
    int status = 0;
    const pid_t got = ::waitpid(pid_, &status, WNOHANG);
    if (got == pid_ || (got < 0 && errno == ECHILD)) {
      pid_ = -1;
      if (got > 0) status_ = status;
      break;
    }
    if (Clock::now() >= deadline) break;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(5000));
  }
  return status_;
}

AgentChild::~AgentChild() {
  if (pid_ <= 0) return;
  ended_within(500ms);
  if (pid_ <= 0) return;
  // The whole group: an agent may be a script with children of its own.
  ::kill(-pid_, SIGKILL);
  ended_within(2s);
}

Result<StartedAgent> start_agent(const AgentStart& start) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return cannot("make a socket pair", errno);
  Descriptor ours(pair[0]);
  Descriptor theirs = above_standard(Descriptor(pair[1]));
  // The system's limit cuts this as it likes.
  constexpr int buffer = 1024 * 1024;
  for (const int fd : {ours.get(), theirs.get()})
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return cannot("make a pipe", errno);
  const Descriptor report(pipe[0]);
  Descriptor report_end = above_standard(Descriptor(pipe[1]));
  if (!theirs || !report_end) return cannot("duplicate a descriptor", errno);

  const std::string program = find_program(start.program);
  std::vector<char*> arguments = {const_cast<char*>(start.program.c_str())};
  for (const std::string& argument : start.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const Plan plan{program.c_str(), arguments.data(), start.network_namespace, theirs.get(), report_end.get(),
                  ::getpid(),      open_limit()};
  const pid_t pid = ::fork();
  if (pid == 0) become_agent(plan);
  if (pid < 0) return cannot("fork", errno);
  StartedAgent agent{AgentChild(pid), std::move(ours)};
  report_end = Descriptor();
  Failure failure{};
  ssize_t count = 0;
  do {
    count = ::read(report.get(), &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  if (count == static_cast<ssize_t>(sizeof failure)) {
    return cannot(fmt::format("start the agent {}: it could not {}", start.program, steps[failure.step]),
                  failure.error);
  }
  ::fcntl(agent.socket.get(), F_SETFL, O_NONBLOCK);
  return agent;
}

}  // namespace finack
