// SPDX-License-Identifier: Apache-2.0
// Everything that a run prints and writes: the reports that were asked for, and where they go.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "cli/run_command.h"
#include "judge/event.h"
#include "report/progress.h"

namespace finack {

class RunOutput {
 public:
  // Makes the folder for captures and looks whether all files can be written: not only at the end of a long
  // run. `rounds` as in TextSettings.
  static Result<std::unique_ptr<RunOutput>> open(const RunCommand& command, std::size_t rounds,
                                                 const TerminalFacts& facts);

  void take(const Event& event);
  // What could not be written, the first of it; the run goes on.
  const std::optional<Error>& error() const { return error_; }

 private:
  RunOutput(const RunCommand& command, std::size_t rounds, const TerminalFacts& facts);
  void write(const std::filesystem::path& path, BytesView bytes);
  void write(const std::filesystem::path& path, const std::string& text);
  void print(std::string_view text);

  std::vector<EventSink> reports_;
  std::optional<ProgressLine> progress_;
  std::optional<Error> error_;
};

}  // namespace finack
