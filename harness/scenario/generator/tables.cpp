// SPDX-License-Identifier: Apache-2.0
#include "scenario/generator/tables.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "base/tcp_state.h"
#include "scenario/edge_words.h"
#include "scenario/evidence_words.h"

namespace finack::generator {

namespace {

std::string joined(const YAML::Node& node, const std::string& separator) {
  if (!node.IsSequence()) return node.as<std::string>();
  std::string out;
  for (const auto& item : node) out += (out.empty() ? "" : separator) + item.as<std::string>();
  return out;
}

template <std::size_t count>
std::size_t place_or_throw(const std::string& word, const std::array<std::string_view, count>& names) {
  const auto place = place_of(word, names);
  if (!place) throw std::runtime_error("no word of the vocabulary (scenario/edge_words.h): " + word);
  return *place;
}

template <std::size_t count>
std::string word_set(const char* type, const YAML::Node& words,
                     const std::array<std::string_view, count>& names) {
  std::uint64_t bits = 0;
  for (const auto& word : words) bits |= std::uint64_t{1} << place_or_throw(word.as<std::string>(), names);
  return std::string(type) + "(" + std::to_string(bits) + "u)";
}

std::string member(const YAML::Node& row, const Key& key) {
  const YAML::Node value = row[key.name];
  if (!value) return "\"\"";
  switch (key.column) {
    case Column::state:
      return state_constant(value.as<std::string>());
    case Column::words:
      return literal(joined(value, " "));
    case Column::sources:
      return literal(joined(value, "; "));
    case Column::facts:
      return word_set("Facts", value, fact_names);
    case Column::deeds:
      return word_set("Deeds", value, deed_names);
    case Column::standing:
      return "Standing(" + std::to_string(place_or_throw(value.as<std::string>(), standing_names)) + ")";
    case Column::text:
      break;
  }
  return literal(value.as<std::string>());
}

}  // namespace

std::string literal(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n\"\n    \"";
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string text(const YAML::Node& node, const char* key) {
  return node[key] ? node[key].as<std::string>() : "";
}

std::string state_constant(const std::string& name) {
  const auto state = parse_tcp_state(name);
  if (!state) throw std::runtime_error("no TCP state: " + name);
  return "TcpState(" + std::to_string(static_cast<int>(*state)) + ")";
}

std::string table(const std::string& structure, const std::string& function,
                  const std::vector<YAML::Node>& lists, const std::vector<Key>& keys) {
  std::ostringstream out;
  out << "std::span<const " << structure << "> " << function << "() {\n  static constexpr " << structure
      << " rows[] = {\n";
  for (const YAML::Node& list : lists) {
    for (const auto& row : list) {
      out << "    {";
      for (std::size_t i = 0; i < keys.size(); ++i) out << (i > 0 ? ", " : "") << member(row, keys[i]);
      out << "},\n";
    }
  }
  out << "  };\n  return rows;\n}\n\n";
  return out.str();
}

std::string evidence_table(const YAML::Node& rules) {
  const auto place_in = [](const YAML::Node& word, const auto& words) {
    const auto at = std::ranges::find(words, word.as<std::string>(), &EvidenceWord::name);
    if (at == words.end())
      throw std::runtime_error("no word of the vocabulary (scenario/evidence_words.h): " +
                               word.as<std::string>());
    return static_cast<std::size_t>(at - words.begin());
  };
  std::ostringstream out;
  out << "std::span<const RuleEvidence> rule_evidence() {\n  static constexpr RuleEvidence rows[] = {\n";
  for (const auto& rule : rules) {
    const YAML::Node evidence = rule["evidence"];
    if (!evidence.IsDefined() && !rule["edges"].IsDefined())
      throw std::runtime_error(text(rule, "id") + " wants edges or evidence");
    if (!evidence) continue;
    for (const auto& key : evidence) {
      const auto name = key.first.as<std::string>();
      if (name != "when" && name != "then")
        throw std::runtime_error(text(rule, "id") + ": evidence has no key " + name);
    }
    if (!evidence["when"]) throw std::runtime_error(text(rule, "id") + ": evidence wants `when`");
    std::uint64_t reactions = 0;
    for (const auto& word : evidence["then"]) reactions |= std::uint64_t{1} << place_in(word, reaction_words);
    out << "    {" << literal(text(rule, "id")) << ", Situation("
        << place_in(evidence["when"], situation_words) << "), WordSet<Reaction>(" << reactions << "u)},\n";
  }
  out << "  };\n  return rows;\n}\n\n";
  return out.str();
}

}  // namespace finack::generator
