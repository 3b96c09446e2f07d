// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace finack {

ColourWish colour_wish(std::string_view word) {
  if (word == "always") return ColourWish::on;
  return word == "never" ? ColourWish::off : ColourWish::automatic;
}

TerminalFacts terminal_facts() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value ? value : "");
  };
  return {::isatty(STDOUT_FILENO) == 1, ::isatty(STDERR_FILENO) == 1, !variable("NO_COLOR").empty(),
          variable("TERM") == "dumb"};
}

bool wants_colour(ColourWish wish, const TerminalFacts& facts) {
  if (wish != ColourWish::automatic) return wish == ColourWish::on;
  return facts.out_is_terminal && !facts.no_colour && !facts.dumb;
}

ProgressPlace progress_place(const TerminalFacts& facts) {
  if (facts.dumb) return ProgressPlace::nowhere;
  if (facts.error_is_terminal) return ProgressPlace::error;
  return facts.out_is_terminal ? ProgressPlace::out : ProgressPlace::nowhere;
}

}  // namespace finack
