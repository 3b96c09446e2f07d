// SPDX-License-Identifier: Apache-2.0
// The words that steps are made of: their kinds, and the keys that may stand beside each.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scenario/yaml_tree.h"

namespace finack {

enum class StepKind : unsigned char {
  target,
  returns,
  told,
  send,
  icmp,
  expect,
  quiet,
  wait,
  state,
  one_of,
  all_of,
  allow,
  stream,
  use
};

struct StepWords {
  std::string_view key;  // names the kind
  StepKind kind;
  std::vector<std::string_view> companions;

  std::vector<std::string_view> keys() const;
};
std::span<const StepWords> all_step_words();

// The kind that one of the keys of `node` names; an error that helps where there is none, or a key too many.
Result<const StepWords*> step_words_of(const YamlNode& node);

}  // namespace finack
