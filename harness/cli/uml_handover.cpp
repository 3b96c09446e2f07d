// SPDX-License-Identifier: Apache-2.0
#include "cli/uml_handover.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace finack {

namespace {

// NAME=VALUE, each ended by a NUL, which is in no argument and no path.
void add(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("{}={}", name, value);
  out += '\0';
}

std::string letters(const TerminalFacts& facts) {
  return fmt::format("{}{}{}{}", facts.out_is_terminal ? "o" : "", facts.error_is_terminal ? "e" : "",
                     facts.no_colour ? "n" : "", facts.dumb ? "d" : "");
}

TerminalFacts facts_of(std::string_view letters) {
  const auto has = [&](char letter) { return letters.find(letter) != std::string_view::npos; };
  return {has('o'), has('e'), has('n'), has('d')};
}

bool take(UmlHandover& into, std::string_view name, std::string_view value) {
  if (name == "argument") {
    into.arguments.emplace_back(value);
  } else if (name == "folder") {
    into.current_folder = value;
  } else if (name == "writable") {
    into.writable.emplace_back(value);
  } else if (name == "environment" && value.find('=') != std::string_view::npos) {
    const std::size_t end = value.find('=');
    into.environment.emplace_back(value.substr(0, end), value.substr(end + 1));
  } else if (name == "seed") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), into.seed);
    return error == std::errc() && end == value.data() + value.size();
  } else if (name == "terminal") {
    into.terminal = facts_of(value);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string to_text(const UmlHandover& handover) {
  std::string out;
  for (const std::string& argument : handover.arguments) add(out, "argument", argument);
  add(out, "folder", handover.current_folder.string());
  for (const std::string& folder : handover.writable) add(out, "writable", folder);
  for (const auto& [name, value] : handover.environment)
    add(out, "environment", fmt::format("{}={}", name, value));
  add(out, "seed", fmt::format("{}", handover.seed));
  add(out, "terminal", letters(handover.terminal));
  return out;
}

Result<UmlHandover> parse_handover(std::string_view text) {
  UmlHandover out;
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find('\0'));
    const std::size_t name = entry.find('=');
    if (name == std::string_view::npos || entry.size() == text.size() ||
        !take(out, entry.substr(0, name), entry.substr(name + 1))) {
      return fail(fmt::format("cannot read what was handed over: `{}`", printable(entry)));
    }
    text.remove_prefix(entry.size() + 1);
  }
  return out;
}

}  // namespace finack
