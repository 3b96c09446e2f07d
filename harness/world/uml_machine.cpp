// SPDX-License-Identifier: Apache-2.0
#include "world/uml_machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <system_error>

#include "world/uml_system_calls.h"

namespace finack {

namespace {

constexpr std::size_t most_console = 64 * 1024;

struct Pipe {
  Descriptor read, write;

  static Pipe make() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return {};
    return {Descriptor(ends[0]), Descriptor(ends[1])};
  }
};

struct Pipes {
  Pipe leash = Pipe::make(), outcome = Pipe::make(), input = Pipe::make(), output = Pipe::make();

  bool whole() const { return leash.read && outcome.read && input.read && output.read; }
};

void block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

// The kernel and the processes in it never run at the same time: at each system call one wakes the other, and
// waits. On two processors that takes three times as long as on one.
void stay_on_this_processor() {
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(::sched_getcpu(), &here);
  ::sched_setaffinity(0, sizeof here, &here);
}

// In the child of the watcher.
[[noreturn]] void become_kernel(const UmlStart& start, const Pipes& pipes, pid_t watcher) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != watcher) ::_exit(127);  // it has died before that call
  ::setpgid(0, 0);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::personality(ADDR_NO_RANDOMIZE);  // where its memory lies would differ from run to run
  stay_on_this_processor();
  hide_wide_registers();
  refuse_random_numbers();
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(pipes.input.read.get(), STDIN_FILENO);
  ::dup2(pipes.output.write.get(), STDOUT_FILENO);
  ::dup2(pipes.output.write.get(), STDERR_FILENO);
  // Where the folder is would be one more thing that differs. What the kernel is told is relative to it.
  if (::chdir(start.folder.c_str()) != 0) ::_exit(127);
  std::vector<char*> words = {const_cast<char*>(start.program.c_str())};
  for (const std::string& word : start.arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(start.program.c_str(), words.data());
  ::dprintf(STDERR_FILENO, "cannot run %s: %s\n", start.program.c_str(), std::strerror(errno));
  ::_exit(127);
}

// Whether the child has ended; it can still be waited for, so its number is nobody else's.
bool has_ended(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child;
}

// All children, orphans of the kernel among them: there is no end of it before they have gone.
int reap(pid_t kernel) {
  int out = -1;
  for (int tries = 0; tries < 1000; ++tries) {
    int status = 0;
    const pid_t gone = ::waitpid(-1, &status, WNOHANG);
    if (gone == kernel) out = status;
    if (gone < 0 && errno != EINTR) break;
    if (gone == 0) ::poll(nullptr, 0, 5);
  }
  return out;
}

void remove_folder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::remove_all(folder, code);
}

// A process between us and the kernel, whose only purpose is that nothing stays behind.
[[noreturn]] void watch_over(const UmlStart& start, Pipes pipes) {
  ::setpgid(0, 0);  // what a terminal sends is for the one in front
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  block_all_signals();
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  const Descriptor signals(::signalfd(-1, &children, SFD_NONBLOCK | SFD_CLOEXEC));
  pipes.leash.write = Descriptor();
  const pid_t self = ::getpid();
  const pid_t kernel = ::fork();
  if (kernel == 0) become_kernel(start, pipes, self);
  pipes.input = Pipe();
  pipes.output = Pipe();
  ::close(STDIN_FILENO);
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);
  ::setpgid(kernel, kernel);
  bool held = true;
  while (kernel > 0 && held && !has_ended(kernel)) {
    pollfd slots[] = {{pipes.leash.read.get(), POLLIN, 0}, {signals.get(), POLLIN, 0}};
    ::poll(slots, 2, 1000);
    signalfd_siginfo ignored;
    while (::read(signals.get(), &ignored, sizeof ignored) > 0) {
    }
    held = slots[0].revents == 0;  // an order to kill, or the end of who holds the leash
  }
  if (kernel > 0) {
    ::kill(kernel, SIGKILL);
    ::kill(-kernel, SIGKILL);
  }
  const int status = kernel > 0 ? reap(kernel) : -1;
  const bool told = ::write(pipes.outcome.write.get(), &status, sizeof status) == sizeof status;
  // The folder is theirs to read until they let go.
  char octet;
  while (told && ::read(pipes.leash.read.get(), &octet, 1) > 0) {
  }
  remove_folder(start.folder);
  ::_exit(0);
}

}  // namespace

Result<UmlMachine> UmlMachine::start(const UmlStart& start) {
  Pipes pipes;
  const pid_t child = pipes.whole() ? ::fork() : -1;
  if (child == 0) watch_over(start, std::move(pipes));
  if (child < 0) {
    const int reason = errno;
    remove_folder(start.folder);
    return fail(fmt::format("cannot start {}: {}", start.program.string(), std::strerror(reason)));
  }
  UmlMachine out;
  out.folder_ = start.folder;
  out.watcher_ = child;
  out.leash_ = std::move(pipes.leash.write);
  out.outcome_ = std::move(pipes.outcome.read);
  out.input_ = std::move(pipes.input.write);
  out.output_ = std::move(pipes.output.read);
  ::fcntl(out.output_.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(out.input_.get(), F_SETFL, O_NONBLOCK);
  return out;
}

UmlMachine::~UmlMachine() {
  if (!leash_) return;
  leash_ = Descriptor();
  while (::waitpid(watcher_, nullptr, 0) < 0 && errno == EINTR) {
  }
  remove_folder(folder_);  // where somebody killed the watcher
}

void UmlMachine::tell(std::string_view line) {
  const std::string text = fmt::format("{}\n", line);
  static_cast<void>(::write(input_.get(), text.data(), text.size()) < 0);
}

void UmlMachine::kill() {
  static_cast<void>(::write(leash_.get(), "k", 1) < 0);
}

void UmlMachine::read_console() {
  char text[16 * 1024];
  ssize_t count = 0;
  while ((count = ::read(output_.get(), text, sizeof text)) > 0) {
    console_.append(text, static_cast<std::size_t>(count));
    if (console_.size() > 2 * most_console) console_.erase(0, console_.size() - most_console);
  }
  if (count == 0) output_ = Descriptor();  // its end would be told again and again
}

std::optional<int> UmlMachine::ended_within(Duration limit) {
  if (status_) return status_;
  pollfd slots[] = {{outcome_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}};
  const auto most = std::chrono::ceil<std::chrono::milliseconds>(limit).count();
  ::poll(slots, 2, static_cast<int>(most));
  read_console();
  if (slots[0].revents == 0) return std::nullopt;
  int status = -1;
  if (::read(outcome_.get(), &status, sizeof status) != sizeof status) status = SIGKILL;
  status_ = status;
  return status_;
}

}  // namespace finack
