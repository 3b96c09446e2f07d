// SPDX-License-Identifier: Apache-2.0
#include "end_to_end/process.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace finack {

namespace {

using Clock = std::chrono::steady_clock;

// A file in memory: unlike a pipe it never blocks who writes, and can be read at any time.
Descriptor output_file() {
  Descriptor file(::memfd_create("output", MFD_CLOEXEC));
  if (!file) throw std::runtime_error("cannot make a file in memory");
  return file;
}

std::string content(const Descriptor& file) {
  struct stat status {};
  ::fstat(file.get(), &status);
  std::string out(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t count = ::pread(file.get(), out.data(), out.size(), 0);
  out.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return out;
}

[[noreturn]] void become(const Start& start, pid_t parent, int out, int err) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  if (start.own_group) ::setpgid(0, 0);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : start.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  try {
    if (start.before_exec) start.before_exec();
    ::execvp(arguments.front(), arguments.data());
    ::dprintf(STDERR_FILENO, "cannot run %s: %s\n", arguments.front(), std::strerror(errno));
  } catch (const std::exception& error) {
    ::dprintf(STDERR_FILENO, "before %s: %s\n", arguments.front(), error.what());
  }
  ::_exit(126);
}

}  // namespace

Process::Process(const Start& start) : out_(output_file()), err_(output_file()) {
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(start, parent, out_.get(), err_.get());
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (start.own_group) ::setpgid(pid_, pid_);  // both do it: whoever comes first
  handle_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!handle_) throw std::runtime_error("cannot open a process descriptor");
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Process::ended_within(Milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  pollfd slot{handle_.get(), POLLIN, 0};
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - Clock::now());
    const int ready = ::poll(&slot, 1, static_cast<int>(std::max(left, Milliseconds(0)).count()));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

bool Process::says_within(const std::string& text, Milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (content(out_).find(text) == std::string::npos) {
    if (Clock::now() >= deadline || ended_within(Milliseconds(2))) {
      return content(out_).find(text) != std::string::npos;
    }
  }
  return true;
}

Outcome Process::wait(Milliseconds limit) {
  Outcome outcome;
  outcome.timed_out = !ended_within(limit);
  if (outcome.timed_out) ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("somebody else has waited for the process");
  }
  pid_ = -1;
  if (WIFEXITED(status)) outcome.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  outcome.out = content(out_);
  outcome.err = content(err_);
  return outcome;
}

Outcome run_program(const Start& start, Milliseconds limit) {
  return Process(start).wait(limit);
}

std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  if (outcome.timed_out) stream << "still running at the limit; ";
  if (outcome.exit_status) {
    stream << "exit status " << *outcome.exit_status;
  } else {
    stream << "signal " << outcome.signal;
  }
  return stream << "\n--- standard error\n" << outcome.err << "--- standard output\n" << outcome.out;
}

std::string require_tool(const std::string& name, const std::string& package) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path ? path : "") + ":/usr/sbin:/sbin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (folder.starts_with('/') && ::access((folder + "/" + name).c_str(), X_OK) == 0)
      return folder + "/" + name;
  }
  throw std::runtime_error("this test needs the program " + name + ": install the package " + package);
}

}  // namespace finack
