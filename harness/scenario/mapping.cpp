// SPDX-License-Identifier: Apache-2.0
#include "scenario/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"
#include "scenario/capability.h"
#include "scenario/catalogue.h"

namespace finack {

namespace {

constexpr std::size_t most_texts = 1000;

}  // namespace

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
      const std::string colon = colon_hint(key.scalar, keys);
      return fail(key.place, fmt::format("`{}` is no key of {}", printable(key.scalar), what),
                  colon.empty() ? suggest(key.scalar, keys) : colon);
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

std::string colon_hint(std::string_view key, std::span<const std::string_view> valid) {
  const std::vector<std::string_view> words = split_words(key);
  if (words.size() < 2 || std::ranges::find(valid, words[0]) == valid.end()) return {};
  return fmt::format("a `:` is missing: `{}: {}`", words[0],
                     printable(key.substr(static_cast<std::size_t>(words[1].data() - key.data()))));
}

Place place_of_word(const YamlNode& node, std::string_view text, std::string_view word) {
  return place_in(node, static_cast<std::size_t>(word.data() - text.data()));
}

Result<std::string> text_of(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::scalar && !node.scalar.empty()) return node.scalar;
  const std::string_view got = node.kind == YamlNode::Kind::scalar ? "an empty text" : kind_name(node.kind);
  return fail(node.place, fmt::format("`{}` wants text, got {}", key, got));
}

Result<std::vector<const YamlNode*>> texts_of(const Mapping& mapping, std::string_view key) {
  std::vector<const YamlNode*> out;
  const YamlNode* node = mapping.find(key);
  if (!node) return out;
  if (node->kind == YamlNode::Kind::scalar) {
    out.push_back(node);
  } else if (node->kind == YamlNode::Kind::sequence) {
    for (const YamlNode& item : node->items) out.push_back(&item);
  }
  if (out.empty()) {
    const bool empty_list = node->kind == YamlNode::Kind::sequence;
    return fail(node->place, fmt::format("`{}` wants a list, got {}", key,
                                         empty_list ? "an empty one" : kind_name(node->kind)));
  }
  if (out.size() > most_texts)
    return fail(out[most_texts]->place, fmt::format("`{}` has more than {} entries", key, most_texts));
  std::set<std::string_view> known;
  for (const YamlNode* item : out) {
    if (const auto text = text_of(*item, key); !text) return pass_on(text.error());
    if (!known.insert(item->scalar).second)
      return fail(item->place, fmt::format("`{}` stands twice in `{}`", printable(item->scalar), key));
  }
  return out;
}

Result<void> check_capability(const YamlNode& item) {
  if (is_capability(item.scalar)) return {};
  constexpr std::string_view of_option = "option-";
  const bool option = item.scalar.starts_with(of_option);
  const auto near =
      option ? nearest_word(std::string_view(item.scalar).substr(of_option.size()), socket_option_names())
             : std::nullopt;
  return fail(item.place, fmt::format("`{}` is no capability of a target", printable(item.scalar)),
              near     ? fmt::format("did you mean `{}{}`?", of_option, *near)
              : option ? "`option-` goes before the name of a socket option"
                       : suggest(item.scalar, capability_names()));
}

Result<void> check_catalogue_id(const YamlNode& item) {
  if (find_catalogue_entry(item.scalar)) return {};
  std::vector<std::string_view> ids;
  for (const CatalogueEntry& entry : catalogue_entries()) ids.push_back(entry.id);
  const auto near = nearest_word(item.scalar, ids);
  return fail(item.place,
              fmt::format("`{}` is no rule, requirement or edge of the catalogue", printable(item.scalar)),
              near ? fmt::format("did you mean `{}`?", *near) : "ids look like CR-054, MUST-13, T-059");
}

}  // namespace finack
