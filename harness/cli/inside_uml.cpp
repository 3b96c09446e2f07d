// SPDX-License-Identifier: Apache-2.0
// Nothing in here may wait by looking again and again: as long as a process runs, time stands still.
#include "cli/inside_uml.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "base/descriptor.h"
#include "cli/exit_status.h"
#include "cli/options_run.h"
#include "cli/print.h"
#include "cli/uml_handover.h"
#include "net/sysctl.h"

namespace finack {

namespace {

Result<void> mount_at(const std::string& place, const char* type, const std::string& data = {}) {
  if (::mount(type, place.c_str(), type, 0, data.c_str()) == 0) return {};
  return fail(fmt::format("cannot mount {} at {}: {}", type, place, std::strerror(errno)));
}

// Devices of the kernel in here, not the host's: of those that programs take for granted, and its console.
Result<void> make_devices() {
  if (auto done = mount_at("/dev", "tmpfs"); !done) return done;
  struct Device {
    const char* name;
    unsigned major, minor;
  };
  constexpr Device devices[] = {{"null", 1, 3},   {"zero", 1, 5},    {"full", 1, 7},
                                {"random", 1, 8}, {"urandom", 1, 9}, {"tty0", 4, 0}};
  for (const Device& device : devices) {
    const std::string path = fmt::format("/dev/{}", device.name);
    if (::mknod(path.c_str(), S_IFCHR | 0666, makedev(device.major, device.minor)) != 0)
      return fail(fmt::format("cannot make {}: {}", path, std::strerror(errno)));
  }
  return {};
}

// hostfs over the same folder of hostfs: there it may be written.
Result<void> make_writable(const std::string& folder) {
  return mount_at(folder, "hostfs", folder);
}

Result<UmlHandover> read_handover(const UmlFiles& files) {
  std::ifstream file(files.handover(), std::ios::binary);
  if (!file) return fail(fmt::format("cannot read {}: {}", files.handover().string(), std::strerror(errno)));
  return parse_handover(std::string(std::istreambuf_iterator<char>(file), {}));
}

// A host without /dev/console leaves process 1 without descriptors, and files would come to stand for them.
void have_standard_descriptors() {
  int fd = -1;
  do {
    fd = ::open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO) ::close(fd);
}

Result<UmlHandover> set_up(const UmlFiles& files) {
  if (auto done = mount_at("/proc", "proc"); !done) return pass_on(done.error());
  static_cast<void>(mount_at("/sys", "sysfs"));  // of a kernel that has it: what is asked there can be left
  if (auto done = make_devices(); !done) return pass_on(done.error());
  auto handover = read_handover(files);
  if (!handover) return handover;
  if (auto done = make_writable(files.folder.string()); !done) return pass_on(done.error());
  for (const std::string& folder : handover->writable) {
    if (auto done = make_writable(folder); !done) return pass_on(done.error());
  }
  if (::chdir(handover->current_folder.c_str()) != 0) {
    return fail(fmt::format("cannot go to {}: {}", handover->current_folder.string(), std::strerror(errno)));
  }
  for (const auto& [name, value] : handover->environment) ::setenv(name.c_str(), value.c_str(), 1);
  // The defaults of this kernel are lower than what many instances take; nobody outside is concerned. Timers
  // of thousands go off at one instant here, and a TCP for whose segments a link has no room is told so, and
  // sends them at other times than it should.
  const rlimit descriptors{16384, 16384};
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
  static_cast<void>(write_sysctl("net.core.netdev_max_backlog", "100000"));
  return handover;
}

bool redirect(const std::filesystem::path& file, int fd) {
  const Descriptor opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  return opened && ::dup2(opened.get(), fd) == fd;
}

// Linux notes in whole seconds since its start when it last took a timestamp, and zero means never: in the
// first second it would know no old one.
void let_the_clock_begin() {
  ::poll(nullptr, 0, 2000);
}

int play(const UmlFiles& files, const UmlHandover& handover, int beats) {
  auto command = parse_run(handover.arguments);
  if (!command) return complain(command.error(), exit_usage);
  command->seed = handover.seed;
  command->deadline.reset();  // is kept outside, where time is that of people
  command->bisect = false;    // so is the exit status
  if (!command->json_file.empty()) command->json_file = files.json().string();
  if (!command->junit_file.empty()) command->junit_file = files.junit().string();
  Surroundings around;
  around.inside_uml = true;
  around.terminal = handover.terminal;
  around.remember_in = files.last_run();
  around.beat = [beats] { static_cast<void>(::write(beats, ".", 1) < 0); };
  let_the_clock_begin();
  return run_command(*command, around);
}

// What comes from outside: "interrupt" as by Ctrl-C, "deadline" when time is up.
void pass_on_signal(int console, pid_t child) {
  char line[64];
  const ssize_t count = ::read(console, line, sizeof line);
  if (count > 0 && line[0] == 'i') ::kill(child, SIGINT);
  if (count > 0 && line[0] == 'd') ::kill(child, SIGALRM);
}

Result<int> status_of(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return fail(
      fmt::format("the run was killed by signal {}{}", WTERMSIG(status),
                  WTERMSIG(status) == SIGKILL ? ", as this kernel does when its memory is used up" : ""));
}

Result<int> wait_for(pid_t child, int signals) {
  const Descriptor console(::open("/dev/tty0", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  for (;;) {
    pollfd slots[] = {{signals, POLLIN, 0}, {console.get(), POLLIN, 0}};
    ::poll(slots, 2, -1);
    if (slots[1].revents & POLLIN) pass_on_signal(console.get(), child);
    signalfd_siginfo ignored;
    static_cast<void>(::read(signals, &ignored, sizeof ignored));
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) continue;
    return status_of(status);
  }
}

Result<int> run_inside(const UmlFiles& files) {
  const auto handover = set_up(files);
  if (!handover) return pass_on(handover.error());
  const Descriptor beats(::open(files.beats().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!beats || ::write(beats.get(), ".", 1) != 1)
    return fail(fmt::format("cannot write {}: {}", files.beats().string(), std::strerror(errno)));
  sigset_t children, all;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  const Descriptor signals(::signalfd(-1, &children, SFD_NONBLOCK | SFD_CLOEXEC));
  const pid_t child = ::fork();
  if (child < 0) return fail(fmt::format("cannot fork: {}", std::strerror(errno)));
  if (child == 0) {
    // The others wait for whom the run has to look at them: an interruption may come early.
    sigprocmask(SIG_UNBLOCK, &children, nullptr);
    if (!redirect(files.out(), STDOUT_FILENO) || !redirect(files.err(), STDERR_FILENO))
      std::_Exit(exit_environment);
    std::exit(play(files, *handover, beats.get()));
  }
  return wait_for(child, signals.get());
}

}  // namespace

int inside_uml_command(const InsideUmlCommand& command) {
  if (::getpid() != 1) {
    return complain({"`inside-uml` is for finack itself, as process 1 of a User-mode Linux kernel",
                     "finack run --target uml"},
                    exit_usage);
  }
  have_standard_descriptors();
  std::error_code code;
  // Before it is covered by a /proc of this kernel.
  const UmlFiles files{std::filesystem::canonical(command.folder, code)};
  if (const auto status = run_inside(files)) {
    std::ofstream(files.status()) << *status << std::flush;
  } else {
    // The last line on the console is what the one outside will show.
    const Descriptor console(::open("/dev/tty0", O_WRONLY | O_NOCTTY | O_CLOEXEC));
    ::dprintf(console.get(), "finack: %s\n", status.error().message.c_str());
  }
  ::reboot(RB_POWER_OFF);
  return exit_environment;
}

}  // namespace finack
