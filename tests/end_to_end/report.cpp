// SPDX-License-Identifier: Apache-2.0
#include "end_to_end/report.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "judge/verdict.h"

namespace finack {

namespace {

bool is_verdict(const std::string& word) {
  return std::ranges::find(verdict_names, word) != verdict_names.end();
}

}  // namespace

std::map<std::string, std::string> blocks_of(std::string_view text) {
  std::map<std::string, std::string> blocks;
  std::istringstream lines{std::string(text)};
  std::string* block = nullptr;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string verdict, id;
    words >> verdict >> id;
    if (!line.starts_with(' ')) {
      block = is_verdict(verdict) ? &blocks[id] : line.empty() ? block : nullptr;
    }
    if (block) *block += line + "\n";
  }
  return blocks;
}

std::string last_line(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

Json entry_of(const Json& report, std::string_view id) {
  for (const Json& entry : report.at("scenarios")) {
    if (entry.at("id") == id) return entry;
  }
  throw std::runtime_error("the report has no " + std::string(id));
}

}  // namespace finack
