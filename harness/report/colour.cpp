// SPDX-License-Identifier: Apache-2.0
#include "report/colour.h"

#include <fmt/format.h>

namespace finack {

namespace {

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "32";  // green
    case Verdict::fail:
    case Verdict::error:
      return "1;31";  // bold red
    case Verdict::warn:
      return "33";  // yellow
    case Verdict::inconclusive:
      return "35";  // magenta
    case Verdict::known:
      return "36";  // cyan
    case Verdict::skipped:
      return "2";  // faint
  }
  return "0";
}

}  // namespace

std::string coloured(std::string_view text, Verdict verdict) {
  return fmt::format("\x1b[{}m{}\x1b[0m", colour_of(verdict), text);
}

}  // namespace finack
