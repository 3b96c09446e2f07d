// SPDX-License-Identifier: Apache-2.0
// What finack tells itself when it goes on inside User-mode Linux: by files in one folder, the only one that
// is writable there, but for that of the captures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/terminal.h"

namespace finack {

// The files in that folder.
struct UmlFiles {
  std::filesystem::path folder;

  std::filesystem::path handover() const { return folder / "handover"; }
  // From inside: what would go to standard output and standard error, and reports.
  std::filesystem::path out() const { return folder / "out"; }
  std::filesystem::path err() const { return folder / "err"; }
  std::filesystem::path json() const { return folder / "json"; }
  std::filesystem::path junit() const { return folder / "junit"; }
  std::filesystem::path last_run() const { return folder / "last-run"; }
  // An octet more each time that something has happened: at first that process 1 runs.
  std::filesystem::path beats() const { return folder / "beats"; }
  // The exit status in decimal, written at the end.
  std::filesystem::path status() const { return folder / "status"; }
};

struct UmlHandover {
  std::vector<std::string> arguments = {};  // of `finack run`
  std::filesystem::path current_folder = {};
  std::vector<std::string> writable = {};  // further folders that are
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::uint64_t seed = 0;
  TerminalFacts terminal = {};

  friend bool operator==(const UmlHandover&, const UmlHandover&) = default;
};

std::string to_text(const UmlHandover& handover);
Result<UmlHandover> parse_handover(std::string_view text);

}  // namespace finack
