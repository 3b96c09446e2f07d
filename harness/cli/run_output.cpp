// SPDX-License-Identifier: Apache-2.0
#include "cli/run_output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "base/atomic_file.h"
#include "cli/last_run.h"
#include "report/capture_report.h"
#include "report/json_report.h"
#include "report/junit_report.h"
#include "report/tap_report.h"

namespace finack {

namespace {

Result<void> check_folder(const std::filesystem::path& folder) {
  if (::access(folder.c_str(), W_OK) == 0) return {};
  return fail(fmt::format("cannot write into {}: {}", folder.string(), std::strerror(errno)));
}

// Only of those that did not pass.
EventSink failures_of(EventSink captures) {
  return [captures = std::move(captures)](const Event& event) {
    const auto* finished = std::get_if<InstanceFinished>(&event);
    if (finished && finished->verdict != Verdict::pass) captures(event);
  };
}

// Of many rounds the first tells what the others do, but where they did not pass.
EventSink first_rounds_of(EventSink report) {
  return [report = std::move(report)](const Event& event) {
    const auto* finished = std::get_if<InstanceFinished>(&event);
    if (!finished || finished->round == 1 || finished->verdict != Verdict::pass) report(event);
  };
}

}  // namespace

Result<std::unique_ptr<RunOutput>> RunOutput::open(const RunCommand& command, std::size_t rounds,
                                                   const TerminalFacts& facts) {
  if (const std::filesystem::path folder = command.capture_folder; !folder.empty()) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code) return fail(fmt::format("cannot make the folder {}: {}", folder.string(), code.message()));
    if (auto good = check_folder(folder); !good) return pass_on(good.error());
  }
  for (const std::filesystem::path file : {command.json_file, command.junit_file}) {
    if (file.empty()) continue;
    if (auto good = check_folder(file.parent_path() / "."); !good) return pass_on(good.error());
  }
  return std::unique_ptr<RunOutput>(new RunOutput(command, rounds, facts));
}

RunOutput::RunOutput(const RunCommand& command, std::size_t rounds, const TerminalFacts& facts) {
  const auto printer = [this](std::string_view text) { print(text); };
  if (command.tap) {
    reports_.push_back(tap_report(printer, {command.strict, rounds}));
  } else {
    reports_.push_back(text_report(printer, {command.detail, wants_colour(command.colour, facts),
                                             command.strict, rounds, command.timing, command.resources}));
  }
  const auto file = [this](const std::string& path) {
    return [this, path](const std::string& text) { write(path, text); };
  };
  if (!command.json_file.empty())
    reports_.push_back(json_report(file(command.json_file), command.strict, command.timing));
  reports_.push_back(first_rounds_of(
      json_report([](const std::string& text) { remember(last_run_report(), text); }, command.strict)));
  if (!command.junit_file.empty()) reports_.push_back(junit_report(file(command.junit_file), command.strict));
  if (const std::filesystem::path folder = command.capture_folder; !folder.empty()) {
    EventSink captures = capture_report([this, folder](const std::string& name, const Bytes& bytes) {
      std::error_code code;  // where it matters the writing fails, and tells
      std::filesystem::create_directories((folder / name).parent_path(), code);
      write(folder / name, BytesView(bytes));
    });
    reports_.push_back(command.capture_failures_only ? failures_of(std::move(captures))
                                                     : std::move(captures));
  }
  const ProgressPlace place = progress_place(facts);
  if (place != ProgressPlace::nowhere) {
    std::FILE* stream = place == ProgressPlace::out ? stdout : stderr;
    progress_.emplace([stream](std::string_view text) {
      std::fwrite(text.data(), 1, text.size(), stream);
      std::fflush(stream);
    });
  }
}

void RunOutput::take(const Event& event) {
  if (progress_) progress_->take(event);
  for (const EventSink& report : reports_) report(event);
  if (progress_) progress_->show();
}

void RunOutput::write(const std::filesystem::path& path, BytesView bytes) {
  if (auto done = write_atomically(path, bytes); !done && !error_) error_ = done.error();
}

void RunOutput::write(const std::filesystem::path& path, const std::string& text) {
  write(path, BytesView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void RunOutput::print(std::string_view text) {
  if (progress_) progress_->erase();
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written && !error_)
    error_ = Error{fmt::format("cannot write to standard output: {}", std::strerror(errno))};
}

}  // namespace finack
