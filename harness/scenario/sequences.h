// SPDX-License-Identifier: Apache-2.0
// The named sequences that `use` finds, of steps or of the values of a table: those that a scenario defines
// itself, then those of files sequences.yaml beside it and above it, up to the folder `suites`.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "scenario/yaml_tree.h"

namespace finack {

inline constexpr std::string_view sequences_file = "sequences.yaml";

// Files that were read, so that a folder of scenarios reads each of them once.
class SequenceFiles {
 public:
  // The `define` of that file; nothing when there is no such file.
  Result<const YamlNode*> read(const std::string& file);

  // Where the sequences of a scenario may lie, the nearest first.
  const std::vector<std::string>& around(const std::string& scenario);

 private:
  std::map<std::string, std::unique_ptr<YamlNode>> files_;  // null: no such file
  std::map<std::string, std::vector<std::string>> around_;
};

class Sequences {
 public:
  // `own`: the value of `define` in the scenario itself, or null. `file`: of the scenario. Both must outlive
  // this.
  Sequences(const YamlNode* own, const std::string& file, SequenceFiles& files)
      : own_(own), file_(file), files_(files) {}

  // The list of that name. `place`: where the name stands.
  Result<const YamlNode*> find(const std::string& name, const Place& place) const;

 private:
  const YamlNode* own_;
  const std::string& file_;
  SequenceFiles& files_;
};

// `define`: a mapping of names to lists, of steps or of values.
Result<void> check_definitions(const YamlNode& node);

}  // namespace finack
