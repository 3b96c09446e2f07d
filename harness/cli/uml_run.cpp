// SPDX-License-Identifier: Apache-2.0
#include "cli/uml_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "base/atomic_file.h"
#include "cli/exit_status.h"
#include "cli/last_run.h"
#include "cli/print.h"
#include "cli/uml_handover.h"
#include "world/interrupt_watch.h"
#include "world/uml_machine.h"
#include "world/uml_options.h"

namespace finack {

namespace {

using Clock = std::chrono::steady_clock;

// Of real time. Two minutes of 2 MSL take milliseconds, so nothing takes long but what is wrong.
constexpr auto boot_limit = 60s, silence_limit = 180s;
constexpr auto interrupt_patience = 10s;
constexpr Duration look_every = 20ms;

Result<std::filesystem::path> make_folder() {
  std::error_code code;
  std::string name = (std::filesystem::temp_directory_path(code) / "finack-uml-XXXXXX").string();
  if (code) return fail(fmt::format("there is no folder for temporary files: {}", code.message()));
  if (!::mkdtemp(name.data())) return fail(fmt::format("cannot make {}: {}", name, std::strerror(errno)));
  return std::filesystem::path(name);
}

std::optional<std::string> whole_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::size_t size_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

BytesView octets(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Passes on to a stream of ours what a file grows by.
class Tail {
 public:
  Tail(const std::filesystem::path& file, std::FILE* stream)
      : file_(::open(file.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0600)), stream_(stream) {}

  // False when our stream does not take it.
  bool pass_on() {
    char text[16 * 1024];
    bool good = true;
    ssize_t count = 0;
    while ((count = ::read(file_.get(), text, sizeof text)) > 0) {
      const auto size = static_cast<std::size_t>(count);
      good = std::fwrite(text, 1, size, stream_) == size && good;
    }
    return std::fflush(stream_) == 0 && good;
  }

 private:
  Descriptor file_;
  std::FILE* stream_;
};

UmlHandover handover_of(const RunCommand& command, std::uint64_t seed) {
  UmlHandover out;
  out.arguments = command.arguments;
  out.current_folder = std::filesystem::current_path();
  if (!command.capture_folder.empty())
    out.writable.push_back(std::filesystem::canonical(command.capture_folder).string());
  for (const char* name : {"HOME", "XDG_STATE_HOME", "PATH"}) {
    if (const char* value = std::getenv(name)) out.environment.emplace_back(name, value);
  }
  out.seed = seed;
  out.terminal = terminal_facts();
  return out;
}

class UmlRun {
 public:
  UmlRun(const RunCommand& command, UmlKernel kernel, UmlFiles files, UmlMachine machine,
         InterruptWatch signals)
      : command_(command),
        kernel_(std::move(kernel)),
        files_(std::move(files)),
        machine_(std::move(machine)),
        signals_(std::move(signals)),
        out_(files_.out(), stdout),
        err_(files_.err(), stderr) {}

  int play() {
    std::optional<int> ended;
    do {
      ended = machine_.ended_within(look_every);
      pass_on_text();
      look_at_clock();
      look_at_signals();
    } while (!ended);
    const auto status = whole_file(files_.status());
    if (!status && interrupted_) return 128 + SIGINT;
    if (!status)
      return complain(explain_end(kernel_, {*ended, beats_ > 0, stuck_, machine_.console()}),
                      exit_environment);
    return finish(std::atoi(status->c_str()));
  }

 private:
  void pass_on_text() {
    const bool good = out_.pass_on();
    static_cast<void>(err_.pass_on());
    if (!good && !error_)
      error_ = Error{fmt::format("cannot write to standard output: {}", std::strerror(errno))};
  }

  void look_at_clock() {
    const auto now = Clock::now();
    if (const std::size_t beats = size_of(files_.beats()); beats != beats_) {
      beats_ = beats;
      last_beat_ = now;
    }
    if (command_.deadline && !late_ && now - start_ >= *command_.deadline) {
      late_ = true;
      machine_.tell("deadline");
    }
    if (!stuck_ && now - last_beat_ >= (beats_ == 0 ? boot_limit : silence_limit)) {
      stuck_ = true;
      machine_.kill();
    }
    if (interrupted_ && now - *interrupted_ >= interrupt_patience) machine_.kill();
  }

  // The first asks for an orderly end, with reports; the second is for who cannot wait.
  void look_at_signals() {
    const auto wish = signals_.take();
    if (!wish) return;
    if (wish->out_of_time) return machine_.tell("deadline");
    if (interrupted_ || beats_ == 0) {
      machine_.kill();
    } else {
      machine_.tell("interrupt");
    }
    if (!interrupted_) interrupted_ = Clock::now();
  }

  int finish(int status) {
    copy(files_.json(), command_.json_file);
    copy(files_.junit(), command_.junit_file);
    if (const auto ids = whole_file(files_.last_run())) remember(*ids);
    // A failure that was seen is not hidden by a report that could not be written.
    if (error_) return complain(*error_, status == 1 ? status : exit_environment);
    return status;
  }

  void copy(const std::filesystem::path& from, const std::string& to) {
    const auto text = whole_file(from);
    if (to.empty() || !text) return;
    if (auto done = write_atomically(to, octets(*text)); !done && !error_) error_ = done.error();
  }

  static void remember(const std::string& ids) {
    const std::filesystem::path file = last_run_file();
    if (file.empty()) return;
    std::error_code code;
    std::filesystem::create_directories(file.parent_path(), code);
    static_cast<void>(write_atomically(file, octets(ids)));
  }

  const RunCommand& command_;
  UmlKernel kernel_;
  UmlFiles files_;
  UmlMachine machine_;
  InterruptWatch signals_;
  Tail out_, err_;
  std::optional<Error> error_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point last_beat_ = start_;
  std::size_t beats_ = 0;
  bool stuck_ = false, late_ = false;
  std::optional<Clock::time_point> interrupted_;
};

Result<UmlKernel> kernel_for(const std::string& word) {
  return find_uml_kernel(word, uml_cache()).and_then(look_at_uml_kernel);
}

}  // namespace

int run_in_uml(const RunCommand& command, const std::string& word, std::uint64_t seed) {
  const auto kernel = kernel_for(word);
  if (!kernel) return complain(kernel.error(), exit_environment);
  auto signals = InterruptWatch::open();
  if (!signals) return complain(signals.error(), exit_environment);
  const auto folder = make_folder();
  if (!folder) return complain(folder.error(), exit_environment);
  const UmlFiles files{*folder};
  UmlBoot boot{std::filesystem::read_symlink("/proc/self/exe").string(),
               {"inside-uml", "/proc/self/cwd"},  // as the host shows it: the folder
               seed};
  const auto arguments = boot_arguments(boot);
  const auto written = arguments
                           ? write_atomically(files.handover(), octets(to_text(handover_of(command, seed))))
                           : Result<void>(pass_on(arguments.error()));
  if (!written) {
    std::filesystem::remove_all(*folder);
    return complain(written.error(), exit_environment);
  }
  auto machine = UmlMachine::start({std::filesystem::absolute(kernel->program), *arguments, *folder});
  if (!machine) return complain(machine.error(), exit_environment);
  return UmlRun(command, *kernel, files, std::move(*machine), std::move(*signals)).play();
}

}  // namespace finack
