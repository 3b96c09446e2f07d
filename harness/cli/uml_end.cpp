// SPDX-License-Identifier: Apache-2.0
// Why a kernel did not get to the end.
#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/uml_run.h"

namespace finack {

namespace {

constexpr std::size_t lines_shown = 30;

std::vector<std::string> lines_of(std::string_view console) {
  std::vector<std::string> out;
  while (!console.empty()) {
    const std::string_view line = console.substr(0, console.find('\n'));
    console.remove_prefix(std::min(console.size(), line.size() + 1));
    std::string text = printable(line.substr(0, line.find('\r')), 200);
    if (text.find_first_not_of(' ') != std::string::npos) out.push_back(std::move(text));
  }
  return out;
}

// What the kernel says it died of, without what stands before it on the line.
std::string panic_in(const std::vector<std::string>& lines) {
  constexpr std::string_view words = "Kernel panic - not syncing: ";
  for (const std::string& line : lines) {
    if (const std::size_t at = line.find(words); at != std::string::npos)
      return line.substr(at + words.size());
  }
  return {};
}

std::string how(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was killed by signal {}", WTERMSIG(status));
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

std::string last_lines(const std::vector<std::string>& lines) {
  const std::size_t from = lines.size() > lines_shown ? lines.size() - lines_shown : 0;
  std::string out = "the last that it said:";
  for (std::size_t i = from; i < lines.size(); ++i) out += "\n    " + lines[i];
  return lines.empty() ? "it said nothing" : out;
}

}  // namespace

Error explain_end(const UmlKernel& kernel, const UmlEnd& end) {
  const std::string name = fmt::format("the kernel {} ({})", kernel.program.string(), kernel.release);
  const auto lines = lines_of(end.console);
  const std::string when = end.begun ? "during the run" : "before it could start finack";
  if (end.stuck) {
    return {fmt::format("{} got stuck {}: it was ended", name, when), last_lines(lines)};
  }
  if (const std::string why = panic_in(lines); !why.empty())
    return {fmt::format("{} panicked {}: {}", name, when, why), last_lines(lines)};
  return {fmt::format("{} {} {}", name, how(end.status), when), last_lines(lines)};
}

}  // namespace finack
