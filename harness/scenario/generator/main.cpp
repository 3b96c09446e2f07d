// SPDX-License-Identifier: Apache-2.0
// Runs at build time: turns suites/catalogue and suites/targets into tables, so that the program reads no
// YAML of its own when it starts.
//
// usage: catalogue-generator SUITES_FOLDER OUTPUT.cpp
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "scenario/generator/tables.h"

namespace {

using finack::generator::Column;
using finack::generator::evidence_table;
using finack::generator::literal;
using finack::generator::state_constant;
using finack::generator::table;
using finack::generator::text;

struct Entry {
  std::string level;
  std::string summary;
};

void add(std::map<std::string, Entry>& entries, const YAML::Node& node, Entry entry) {
  const auto id = node["id"].as<std::string>();
  if (!entries.emplace(id, std::move(entry)).second)
    throw std::runtime_error("the id " + id + " stands twice");
}

std::string generate(const std::filesystem::path& suites) {
  const auto load = [&](const char* name) { return YAML::LoadFile((suites / "catalogue" / name).string()); };
  std::map<std::string, Entry> entries;
  const YAML::Node rules = load("close_rules.yaml")["rules"];
  for (const auto& rule : rules) {
    add(entries, rule, {text(rule, "level"), "when " + text(rule, "when") + ": " + text(rule, "then")});
  }
  const YAML::Node requirements = load("requirements.yaml");
  for (const char* list : {"requirements", "unlabelled"}) {
    for (const auto& requirement : requirements[list]) {
      add(entries, requirement, {text(requirement, "level"), text(requirement, "statement")});
    }
  }
  const YAML::Node states = load("states.yaml");
  std::ostringstream edges;
  for (const auto& edge : states["transitions"]) {
    add(entries, edge, {"", text(edge, "from") + " to " + text(edge, "to") + ": " + text(edge, "event")});
    edges << "    {" << literal(text(edge, "id")) << ", " << state_constant(text(edge, "from")) << ", "
          << state_constant(text(edge, "to")) << "},\n";
  }
  for (const auto& edge : states["stays"]) {
    add(entries, edge, {"", text(edge, "from") + " stays: " + text(edge, "event")});
  }

  const YAML::Node not_provokable = load("not_provokable.yaml");
  for (const auto& entry : not_provokable["entries"]) {
    if (!entries.contains(text(entry, "id")))
      throw std::runtime_error("not_provokable.yaml names " + text(entry, "id") + ", which is not there");
  }

  std::ostringstream out;
  out << "// Generated from suites/; do not edit.\n#include \"scenario/catalogue.h\"\n#include "
         "\"scenario/evidence_words.h\"\n#include \"scenario/not_provokable.h\"\n\nnamespace finack "
         "{\n\n"
      << "std::span<const CatalogueEntry> catalogue_entries() {\n  static constexpr CatalogueEntry entries[] "
         "= {\n";
  for (const auto& [id, entry] : entries) {
    out << "    {" << literal(id) << ", " << literal(entry.level) << ", " << literal(entry.summary) << "},\n";
  }
  out << "  };\n  return entries;\n}\n\nstd::span<const Transition> transitions() {\n"
      << "  static constexpr Transition edges[] = {\n"
      << edges.str() << "  };\n  return edges;\n}\n\n"
      << table("CatalogueRule", "catalogue_rules", {rules},
               {{"id"},
                {"group"},
                {"given", Column::words},
                {"with"},
                {"when"},
                {"then"},
                {"level"},
                {"source", Column::sources},
                {"requirements", Column::words},
                {"edges", Column::words},
                {"testable"},
                {"needs"},
                {"rival"},
                {"note"}})
      << evidence_table(rules)
      << table("CatalogueRequirement", "catalogue_requirements",
               {requirements["requirements"], requirements["unlabelled"]},
               {{"id"},
                {"level"},
                {"section"},
                {"topic"},
                {"statement"},
                {"testable"},
                {"why"},
                {"note"},
                {"see"}})
      << table("CatalogueEdge", "catalogue_edges", {states["transitions"], states["stays"]},
               {{"id"},
                {"from", Column::state},
                {"to", Column::state},
                {"trigger"},
                {"event"},
                {"guard", Column::facts},
                {"emits"},
                {"effect", Column::deeds},
                {"class"},
                {"close"},
                {"standing", Column::standing},
                {"source"},
                {"note"}})
      << table("CatalogueState", "catalogue_states", {states["states"]},
               {{"name", Column::state}, {"meaning"}, {"reach"}, {"probe"}})
      << table("NotProvokable", "not_provokable", {not_provokable["entries"]},
               {{"id"}, {"states", Column::words}, {"why"}})
      << "std::optional<std::string_view> builtin_profile(std::string_view name) {\n";
  std::vector<std::filesystem::path> profiles;
  for (const auto& file : std::filesystem::directory_iterator(suites / "targets")) {
    if (file.path().extension() == ".yaml") profiles.push_back(file.path());
  }
  std::sort(profiles.begin(), profiles.end());
  for (const auto& file : profiles) {
    std::ifstream stream(file);
    std::ostringstream content;
    content << stream.rdbuf();
    out << "  if (name == " << literal(file.stem().string()) << ") return\n    " << literal(content.str())
        << ";\n";
  }
  out << "  return std::nullopt;\n}\n\nstd::span<const std::string_view> builtin_profile_names() {\n"
      << "  static constexpr std::string_view names[] = {";
  for (const auto& file : profiles) out << literal(file.stem().string()) << ", ";
  out << "};\n  return names;\n}\n\n}  // namespace finack\n";
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: catalogue-generator SUITES_FOLDER OUTPUT.cpp\n";
    return 2;
  }
  try {
    const std::string content = generate(argv[1]);
    std::ofstream(argv[2]) << content;
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "catalogue-generator: " << error.what() << "\n";
    return 1;
  }
}
