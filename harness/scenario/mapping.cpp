// SPDX-License-Identifier: Apache-2.0
#include "scenario/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace finack {

std::string suggest(std::string_view word, std::span<const std::string_view> valid) {
  if (const auto near = nearest_word(word, valid)) return fmt::format("did you mean `{}`?", *near);
  return fmt::format("one of: {}", fmt::join(valid, ", "));
}

Result<Mapping> Mapping::of(const YamlNode& node, std::string_view what,
                            std::span<const std::string_view> keys) {
  if (node.kind != YamlNode::Kind::mapping) {
    return fail(node.place,
                fmt::format("{} is a mapping of keys to values, got {}", what, kind_name(node.kind)));
  }
  for (const auto& [key, value] : node.entries) {
    if (std::ranges::find(keys, std::string_view(key.scalar)) == keys.end()) {
      return fail(key.place, fmt::format("`{}` is no key of {}", printable(key.scalar), what),
                  suggest(key.scalar, keys));
    }
  }
  return Mapping(node, what);
}

const YamlNode* Mapping::find(std::string_view key) const {
  const auto at =
      std::ranges::find_if(node_->entries, [&](const auto& entry) { return entry.first.scalar == key; });
  return at == node_->entries.end() ? nullptr : &at->second;
}

Result<const YamlNode*> Mapping::require(std::string_view key) const {
  if (const YamlNode* node = find(key)) return node;
  return fail(node_->place, fmt::format("{} needs the key `{}`", what_, key));
}

Result<std::string> text_of(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::scalar && !node.scalar.empty()) return node.scalar;
  const std::string_view got = node.kind == YamlNode::Kind::scalar ? "an empty text" : kind_name(node.kind);
  return fail(node.place, fmt::format("`{}` wants text, got {}", key, got));
}

Result<Duration> duration_of(const YamlNode& node, std::string_view key) {
  const auto text = text_of(node, key);
  if (!text) return pass_on(text.error());
  const auto duration = parse_duration(*text);
  if (!duration) {
    return fail(node.place, fmt::format("`{}` wants a duration, got `{}`", key, printable(*text)),
                "a number and ns, us, ms, s or min: `500ms`");
  }
  return *duration;
}

}  // namespace finack
