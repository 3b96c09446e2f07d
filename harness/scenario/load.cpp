// SPDX-License-Identifier: Apache-2.0
#include "scenario/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "scenario/catalogue.h"
#include "scenario/load_step.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

constexpr std::string_view scenario_keys[] = {"scenario", "language", "covers", "tags",
                                              "family",   "given",    "steps"};

// The texts of a list; one text alone stands for a list of one.
Result<std::vector<const YamlNode*>> list_of(const YamlNode& node, std::string_view key) {
  std::vector<const YamlNode*> out;
  if (node.kind == YamlNode::Kind::scalar) {
    out.push_back(&node);
  } else if (node.kind == YamlNode::Kind::sequence) {
    for (const YamlNode& item : node.items) out.push_back(&item);
  }
  if (out.empty())
    return fail(node.place,
                fmt::format("`{}` wants a list, got {}", key,
                            node.kind == YamlNode::Kind::sequence ? "an empty one" : kind_name(node.kind)));
  for (const YamlNode* item : out) {
    if (const auto text = text_of(*item, key); !text) return pass_on(text.error());
  }
  return out;
}

Result<void> check_covers(const YamlNode& item) {
  if (find_catalogue_entry(item.scalar)) return {};
  std::vector<std::string_view> ids;
  for (const CatalogueEntry& entry : catalogue_entries()) ids.push_back(entry.id);
  const auto near = nearest_word(item.scalar, ids);
  return fail(item.place,
              fmt::format("`{}` is no rule, requirement or edge of the catalogue", printable(item.scalar)),
              near ? fmt::format("did you mean `{}`?", *near) : "ids look like CR-054, MUST-13, T-059");
}

Result<std::vector<std::string>> texts(const Mapping& mapping, std::string_view key) {
  std::vector<std::string> out;
  const YamlNode* node = mapping.find(key);
  if (!node) return out;
  const auto items = list_of(*node, key);
  if (!items) return pass_on(items.error());
  for (const YamlNode* item : *items) {
    if (key == "covers") {
      if (const auto known = check_covers(*item); !known) return pass_on(known.error());
    }
    if (std::ranges::find(out, item->scalar) != out.end()) {
      return fail(item->place, fmt::format("`{}` stands twice in `{}`", printable(item->scalar), key));
    }
    out.push_back(item->scalar);
  }
  return out;
}

Result<void> read_language(const Mapping& mapping) {
  const YamlNode* node = mapping.find("language");
  if (!node) return {};
  const auto text = text_of(*node, "language");
  if (!text) return pass_on(text.error());
  if (*text == std::to_string(language_version)) return {};
  return fail(node->place, fmt::format("language {} is not known here; this program reads language {}",
                                       printable(*text), language_version));
}

Result<void> read_families(const Mapping& mapping, Scenario& scenario) {
  const YamlNode* node = mapping.find("family");
  if (!node) return {};
  const auto items = list_of(*node, "family");
  if (!items) return pass_on(items.error());
  scenario.families.clear();
  for (const YamlNode* item : *items) {
    const Family family = item->scalar == "ipv6" ? Family::ipv6 : Family::ipv4;
    if (item->scalar != to_string(family)) {
      constexpr std::string_view names[] = {"ipv4", "ipv6"};
      return fail(item->place, fmt::format("`{}` is no address family", printable(item->scalar)),
                  suggest(item->scalar, names));
    }
    if (std::ranges::find(scenario.families, family) != scenario.families.end()) {
      return fail(item->place, fmt::format("`{}` stands twice in `family`", item->scalar));
    }
    scenario.families.push_back(family);
  }
  return {};
}

Result<void> read_given(const Mapping& mapping, Scenario& scenario) {
  const auto node = mapping.require("given");
  if (!node) return pass_on(node.error());
  const auto text = text_of(**node, "given");
  if (!text) return pass_on(text.error());
  const auto state = parse_tcp_state(*text);
  if (!state) {
    return fail((*node)->place, fmt::format("`{}` is no TCP state", printable(*text)),
                suggest(*text, tcp_state_names));
  }
  if (*state != TcpState::established) {
    return fail((*node)->place, fmt::format("no preamble leads into {} yet", *text),
                "begin with `given: ESTABLISHED` and write the steps from there");
  }
  scenario.given = *state;
  scenario.given_place = (*node)->place;
  return {};
}

Result<void> read_steps(const Mapping& mapping, Scenario& scenario) {
  const auto node = mapping.require("steps");
  if (!node) return pass_on(node.error());
  if ((*node)->kind != YamlNode::Kind::sequence || (*node)->items.empty()) {
    return fail(
        (*node)->place,
        fmt::format("`steps` wants a list of steps, got {}",
                    (*node)->kind == YamlNode::Kind::sequence ? "an empty one" : kind_name((*node)->kind)));
  }
  for (const YamlNode& item : (*node)->items) {
    auto step = load_step(item);
    if (!step) return pass_on(step.error());
    scenario.steps.push_back(std::move(*step));
  }
  return {};
}

bool is_scenario_file(const std::filesystem::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// Appends the scenario files in a folder, whose order the caller settles.
Result<void> search(const std::filesystem::path& folder, std::vector<std::string>& files) {
  std::error_code code;
  std::filesystem::recursive_directory_iterator at(folder, code);
  for (const std::filesystem::recursive_directory_iterator end; !code && at != end; at.increment(code)) {
    const auto name = at->path().filename();
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      if (name == "catalogue" || name == "targets") at.disable_recursion_pending();
    } else if (is_scenario_file(at->path())) {
      files.push_back(at->path().string());
    }
  }
  if (code) return fail(Place{folder.string(), 1, 1}, fmt::format("cannot be searched: {}", code.message()));
  return {};
}

}  // namespace

Result<Scenario> load_scenario(std::string_view text, const std::string& file) {
  const auto root = parse_yaml(text, file);
  if (!root) return pass_on(root.error());
  const auto mapping = Mapping::of(*root, "a scenario", scenario_keys);
  if (!mapping) return pass_on(mapping.error());

  Scenario scenario;
  scenario.id = scenario_id(file);
  scenario.place = root->place;
  if (const auto known = read_language(*mapping); !known) return pass_on(known.error());
  const auto title =
      mapping->require("scenario").and_then([](const YamlNode* node) { return text_of(*node, "scenario"); });
  if (!title) return pass_on(title.error());
  scenario.title = *title;
  auto covers = texts(*mapping, "covers");
  if (!covers) return pass_on(covers.error());
  scenario.covers = std::move(*covers);
  auto tags = texts(*mapping, "tags");
  if (!tags) return pass_on(tags.error());
  scenario.tags = std::move(*tags);
  for (const auto read : {read_families, read_given, read_steps}) {
    if (const auto done = read(*mapping, scenario); !done) return pass_on(done.error());
  }
  return scenario;
}

std::string scenario_id(const std::string& file) {
  std::error_code code;
  std::filesystem::path path = std::filesystem::absolute(file, code).lexically_normal();
  path.replace_extension();
  std::filesystem::path id;
  bool inside = false;
  for (const auto& part : path) {
    if (part == "suites" && path.filename() != part) {
      inside = true;
      id.clear();
    } else {
      id /= part;
    }
  }
  return inside ? id.generic_string() : path.filename().string();
}

Result<std::vector<Scenario>> load_scenarios(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code code;
    if (!std::filesystem::is_directory(path, code)) {
      files.push_back(path);
      continue;
    }
    const std::size_t before = files.size();
    if (const auto done = search(path, files); !done) return pass_on(done.error());
    if (files.size() == before)
      return fail(fmt::format("{} holds no scenario", path), "scenarios are files *.yaml");
  }
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());

  std::vector<Scenario> scenarios;
  for (const std::string& file : files) {
    const auto text = read_text_file(file);
    if (!text) return pass_on(text.error());
    auto scenario = load_scenario(*text, file);
    if (!scenario) return pass_on(scenario.error());
    scenarios.push_back(std::move(*scenario));
  }
  std::ranges::stable_sort(scenarios, {}, &Scenario::id);
  const auto twin = std::ranges::adjacent_find(scenarios, {}, &Scenario::id);
  if (twin != scenarios.end()) {
    return fail((twin + 1)->place, fmt::format("the id {} is taken", twin->id),
                fmt::format("{} has it too", twin->place.file));
  }
  return scenarios;
}

}  // namespace finack
