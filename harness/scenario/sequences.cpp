// SPDX-License-Identifier: Apache-2.0
#include "scenario/sequences.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

const YamlNode* entry_of(const YamlNode& mapping, const std::string& name) {
  const auto at =
      std::ranges::find_if(mapping.entries, [&](const auto& entry) { return entry.first.scalar == name; });
  return at == mapping.entries.end() ? nullptr : &at->second;
}

std::vector<std::string> files_around(const std::string& scenario) {
  std::error_code code;
  std::filesystem::path at = std::filesystem::absolute(scenario, code).lexically_normal().parent_path();
  const bool inside = std::ranges::find(at, std::filesystem::path("suites")) != at.end();
  std::filesystem::path shown = std::filesystem::path(scenario).parent_path();
  const auto file = [&] { return (shown / sequences_file).lexically_normal().string(); };
  std::vector<std::string> out = {file()};
  for (; inside && at.filename() != "suites"; at = at.parent_path()) {
    shown = (shown / "..").lexically_normal();
    out.push_back(file());
  }
  return out;
}

}  // namespace

Result<void> check_definitions(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::mapping || node.entries.empty()) {
    const bool empty = node.kind == YamlNode::Kind::mapping;
    return fail(node.place,
                fmt::format("`define` wants names with their lists of steps, got {}",
                            empty ? "none" : kind_name(node.kind)),
                "define: {handshake: [{send: SYN}, {expect: SYN+ACK}]}");
  }
  for (const auto& [name, steps] : node.entries) {
    if (steps.kind != YamlNode::Kind::sequence || steps.items.empty()) {
      const bool empty = steps.kind == YamlNode::Kind::sequence;
      return fail(steps.place,
                  fmt::format("the sequence `{}` wants a list of steps, got {}", printable(name.scalar),
                              empty ? "an empty one" : kind_name(steps.kind)));
    }
  }
  return {};
}

Result<const YamlNode*> SequenceFiles::read(const std::string& file) {
  if (const auto known = files_.find(file); known != files_.end()) return known->second.get();
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return (files_[file] = nullptr).get();
  const auto text = read_text_file(file);
  if (!text) return pass_on(text.error());
  const auto root = parse_yaml(*text, file);
  if (!root) return pass_on(root.error());
  constexpr std::string_view keys[] = {"define"};
  const auto mapping = Mapping::of(*root, "a file of sequences", keys);
  if (!mapping) return pass_on(mapping.error());
  const auto define = mapping->require("define");
  if (!define) return pass_on(define.error());
  if (auto done = check_definitions(**define); !done) return pass_on(done.error());
  return (files_[file] = std::make_unique<YamlNode>(**define)).get();
}

const std::vector<std::string>& SequenceFiles::around(const std::string& scenario) {
  const auto known = around_.find(scenario);
  return known != around_.end() ? known->second : around_[scenario] = files_around(scenario);
}

Result<const YamlNode*> Sequences::find(const std::string& name, const Place& place) const {
  std::vector<std::string_view> names;
  const auto look = [&](const YamlNode* definitions) -> const YamlNode* {
    if (!definitions) return nullptr;
    for (const auto& entry : definitions->entries) names.push_back(entry.first.scalar);
    return entry_of(*definitions, name);
  };
  if (const YamlNode* found = look(own_)) return found;
  for (const std::string& file : files_.around(file_)) {
    const auto definitions = files_.read(file);
    if (!definitions) return pass_on(definitions.error());
    if (const YamlNode* found = look(*definitions)) return found;
  }
  return fail(place, fmt::format("no sequence is named `{}`", printable(name)),
              names.empty()
                  ? fmt::format("`define` in this file, or {} beside it, names sequences", sequences_file)
                  : suggest(name, names));
}

}  // namespace finack
