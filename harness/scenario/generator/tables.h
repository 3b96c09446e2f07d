// SPDX-License-Identifier: Apache-2.0
// C++ tables from lists of YAML mappings.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

namespace finack::generator {

// A string literal, a line a literal, so that the output stays readable.
std::string literal(const std::string& text);

// How the value of a key becomes a member of a struct.
enum class Column { text, words, sources, state, facts, deeds, standing };
struct Key {
  const char* name;
  Column column = Column::text;
};

// The definition of `std::span<const STRUCT> FUNCTION()`: a row for each mapping of each list, with the
// values of the keys in that order. A key that is not there is an empty text.
std::string table(const std::string& structure, const std::string& function,
                  const std::vector<YAML::Node>& lists, const std::vector<Key>& keys);

// The definition of `std::span<const RuleEvidence> rule_evidence()`: a row for each rule that says by what it
// shows. Throws where a rule has both that and edges, or neither, or a word is not in the vocabulary.
std::string evidence_table(const YAML::Node& rules);

// The value of a key, or nothing.
std::string text(const YAML::Node& node, const char* key);
// The constant of type TcpState with that name; throws when there is none.
std::string state_constant(const std::string& name);

}  // namespace finack::generator
