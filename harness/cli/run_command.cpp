// SPDX-License-Identifier: Apache-2.0
#include "cli/run_command.h"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <random>
#include <system_error>

#include "base/atomic_file.h"
#include "cli/exit_status.h"
#include "cli/version.h"
#include "report/capture_report.h"
#include "report/json_report.h"
#include "report/text_report.h"
#include "run/run.h"
#include "scenario/catalogue.h"
#include "scenario/load.h"
#include "world/kernel_world.h"

namespace finack {

namespace {

int complain(const Error& error, int status) {
  std::fflush(stdout);
  fmt::print(stderr, "finack: {}\n", to_string(error));
  return status;
}

std::uint64_t random_seed() {
  std::random_device device;
  return device();  // 32 bits: short enough to type again
}

// The agent lies beside this program.
std::string agent_program() {
  std::error_code code;
  return (std::filesystem::read_symlink("/proc/self/exe", code).parent_path() / "finack-agent").string();
}

// Files that could not be written: the first one is told, and the run goes on.
class Files {
 public:
  void write(const std::filesystem::path& path, BytesView bytes) {
    if (auto done = write_atomically(path, bytes); !done && !error_) error_ = done.error();
  }
  void print(std::string_view text) {
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (!written && !error_)
      error_ = Error{fmt::format("cannot write to standard output: {}", std::strerror(errno))};
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

BytesView as_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

int run_command(const RunCommand& command) {
  const auto profile = parse_profile(builtin_profile("linux").value(), "suites/targets/linux.yaml");
  if (!profile) return complain(profile.error(), exit_usage);
  const auto scenarios = load_scenarios(command.paths, *profile);
  if (!scenarios) return complain(scenarios.error(), exit_usage);
  std::vector<Program> programs;
  for (const Scenario& scenario : *scenarios) {
    for (Program& program : compile(scenario)) programs.push_back(std::move(program));
  }

  const std::filesystem::path json_file = command.json_file, capture_folder = command.capture_folder;
  if (!capture_folder.empty()) {
    std::error_code code;
    std::filesystem::create_directories(capture_folder, code);
    if (code)
      return complain({fmt::format("cannot make the folder {}: {}", capture_folder.string(), code.message())},
                      exit_usage);
  }

  // Not only at the end of a long run.
  for (const auto& folder : {capture_folder, json_file.empty() ? json_file : json_file.parent_path() / "."}) {
    if (!folder.empty() && ::access(folder.c_str(), W_OK) != 0) {
      return complain({fmt::format("cannot write into {}: {}", folder.string(), std::strerror(errno))},
                      exit_usage);
    }
  }

  auto world = KernelWorld::open(agent_program());
  if (!world) return complain(world.error(), exit_environment);

  Files files;
  std::vector<EventSink> reports = {text_report([&](std::string_view text) { files.print(text); })};
  if (!json_file.empty())
    reports.push_back(json_report([&](const std::string& text) { files.write(json_file, as_bytes(text)); }));
  if (!capture_folder.empty()) {
    reports.push_back(capture_report(
        [&](const std::string& name, const Bytes& bytes) { files.write(capture_folder / name, bytes); }));
  }
  const EventSink emit = [&](const Event& event) {
    for (const EventSink& report : reports) report(event);
  };
  Environment environment;
  environment.versions = versions();
  RunSettings settings;
  settings.seed = command.seed ? *command.seed : random_seed();
  const auto summary = run(programs, *profile, **world, settings, std::move(environment), emit);
  if (!summary) return complain(summary.error(), exit_environment);
  const int status = exit_status(*summary);
  // A failure that was seen is not hidden by a report that could not be written.
  if (files.error()) return complain(*files.error(), status == 1 ? status : exit_environment);
  return status;
}

}  // namespace finack
