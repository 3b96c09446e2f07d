// SPDX-License-Identifier: Apache-2.0
// A YAML mapping read by its keys: unknown keys are refused with the nearest valid word, wrong kinds with a
// place.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
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

// The text of a scalar; `key` names it in messages.
Result<std::string> text_of(const YamlNode& node, std::string_view key);
Result<Duration> duration_of(const YamlNode& node, std::string_view key);

}  // namespace finack
