// SPDX-License-Identifier: Apache-2.0
// A YAML mapping read by its keys: unknown keys are refused with the nearest valid word, wrong kinds with a
// place.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/yaml_tree.h"

namespace finack {

// Points into the node, which must outlive it.
class Mapping {
 public:
  // `what` names the mapping in messages: "a scenario".
  static Result<Mapping> of(const YamlNode& node, std::string_view what,
                            std::span<const std::string_view> keys);

  const YamlNode* find(std::string_view key) const;
  // The value of a key that must be there.
  Result<const YamlNode*> require(std::string_view key) const;
  const Place& place() const { return node_->place; }

 private:
  Mapping(const YamlNode& node, std::string_view what) : node_(&node), what_(what) {}
  const YamlNode* node_;
  std::string what_;
};

// "did you mean `WORD`?" when a word is near, else "one of: A, B, C".
std::string suggest(std::string_view word, std::span<const std::string_view> valid);

// The place of a word of a node's text; `word` points into `text`, which is that text.
Place place_of_word(const YamlNode& node, std::string_view text, std::string_view word);

// The hint for a key such as `within 500ms`, which lacks its colon; empty for any other.
std::string colon_hint(std::string_view key, std::span<const std::string_view> valid);

// The text of a scalar; `key` names it in messages.
Result<std::string> text_of(const YamlNode& node, std::string_view key);
// The texts of a list, each once, at most 1000; one text alone is a list of one. Empty without the key.
Result<std::vector<const YamlNode*>> texts_of(const Mapping& mapping, std::string_view key);
// Whether that text is a capability of a target.
Result<void> check_capability(const YamlNode& item);
// Whether that text is the id of a rule, requirement or edge of the catalogue.
Result<void> check_catalogue_id(const YamlNode& item);

}  // namespace finack
