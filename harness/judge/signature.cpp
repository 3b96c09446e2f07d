// SPDX-License-Identifier: Apache-2.0
// What went wrong in one line that is the same in every run (judge/verdict.h).
#include <algorithm>

#include "base/text.h"
#include "judge/judge.h"

namespace finack {

namespace {

// Eight digits in a row: a number of another space than the one it was counted from.
bool has_wild_number(const std::string& difference) {
  std::size_t digits = 0;
  return std::ranges::any_of(difference, [&](char c) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    return digits == 8;
  });
}

// A difference without what chance decides: numbers on the wire, values of options.
std::string without_chance(const std::string& difference) {
  if (difference.starts_with("options:") || difference.find('#') != std::string::npos ||
      has_wild_number(difference))
    return difference.substr(0, difference.find(':'));
  const std::size_t quote = difference.find('`'), end = difference.find('`', quote + 1);
  const std::size_t space = difference.find(' ', quote + 1);
  if (end == std::string::npos || space > end) return difference;
  return difference.substr(0, space) + difference.substr(end);
}

}  // namespace

std::string what_went_wrong(const Finding& finding) {
  if (!finding.signature.empty()) return finding.signature;
  std::vector<std::string> stable;
  for (const std::string& difference : finding.differences) stable.push_back(without_chance(difference));
  return stable.empty() ? finding.got : join(stable, ", ");
}

}  // namespace finack
