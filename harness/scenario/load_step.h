// SPDX-License-Identifier: Apache-2.0
// From the entries of `steps` to steps.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "scenario/profile.h"
#include "scenario/sequences.h"
#include "scenario/step.h"
#include "scenario/unfold.h"
#include "scenario/yaml_tree.h"

namespace finack {

// What the steps of one case are read with.
struct StepContext {
  const Profile& profile;
  const Case& values;           // of the case, for the sequences that are used
  std::set<std::string>& used;  // names of values that stand somewhere
  std::set<std::string>& used_sequences;
  const Sequences& sequences;
};

// The steps, those of which limits speak: an `all-of` counts for as many as it has segments.
std::size_t count_steps(const std::vector<Step>& steps);

// What `told` may say.
std::span<const std::string_view> told_words();

// The steps of a list, branches and sequences written out one behind the other. Values have been put in
// already.
Result<std::vector<Step>> load_steps(const YamlNode& list, const StepContext& context);

}  // namespace finack
