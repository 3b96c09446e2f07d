// SPDX-License-Identifier: Apache-2.0
#include "scenario/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <set>
#include <span>
#include <system_error>

#include "base/text.h"
#include "packet/literal.h"
#include "packet/notation.h"
#include "scenario/capability.h"
#include "scenario/lists.h"
#include "scenario/load_call.h"
#include "scenario/load_step.h"
#include "scenario/mapping.h"
#include "scenario/sockets.h"
#include "scenario/streams.h"

namespace finack {

namespace {

// To be read for all cases of a file together: bounds the time that it takes.
constexpr std::size_t most_nodes = 8'000'000;

constexpr std::string_view scenario_keys[] = {"scenario",  "language", "covers", "tags",  "family",
                                              "needs",     "for",      "define", "given", "peer",
                                              "configure", "steps",    "alone"};
constexpr std::string_view family_names[] = {"ipv4", "ipv6", "ipv4-mapped"};
constexpr std::string_view peer_key_names[] = {"options", "window"};
// All cases of one file together: a table of many cases with many steps each would take all memory.
constexpr std::size_t most_steps_of_file = 100'000, most_octets_of_file = 16 << 20;

// It becomes a path below /proc/sys.
bool is_sysctl_name(std::string_view name) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  };
  return std::ranges::all_of(name, plain) && name.find("..") == std::string_view::npos &&
         !name.ends_with('.');
}

// Each reads one key into the scenario.
struct Reader {
  const Mapping& mapping;
  const StepContext& context;
  Scenario& scenario;

  Result<void> title() {
    auto text =
        mapping.require("scenario").and_then([](const YamlNode* node) { return text_of(*node, "scenario"); });
    if (!text) return pass_on(text.error());
    scenario.title = std::move(*text);
    return {};
  }

  Result<void> covers() {
    const auto items = texts_of(mapping, "covers");
    if (!items) return pass_on(items.error());
    for (const YamlNode* item : *items) {
      if (const auto known = check_catalogue_id(*item); !known) return known;
      scenario.covers.push_back(item->scalar);
    }
    return {};
  }

  Result<void> tags() {
    const auto items = texts_of(mapping, "tags");
    if (!items) return pass_on(items.error());
    for (const YamlNode* item : *items) scenario.tags.push_back(item->scalar);
    return {};
  }

  Result<void> needs() {
    const auto items = texts_of(mapping, "needs");
    if (!items) return pass_on(items.error());
    for (const YamlNode* item : *items) {
      if (const auto known = check_capability(*item); !known) return known;
      scenario.needs.push_back(item->scalar);
    }
    return {};
  }

  // Why, not only whether: what it measures belongs to the whole machine.
  Result<void> alone() {
    const YamlNode* node = mapping.find("alone");
    if (!node) return {};
    auto text = text_of(*node, "alone");
    if (!text) return pass_on(text.error());
    constexpr std::string_view no_reasons[] = {"true", "false", "yes", "no", "on", "off"};
    if (text->empty() || std::ranges::find(no_reasons, *text) != std::end(no_reasons))
      return fail(node->place, fmt::format("`alone` wants a reason, got `{}`", printable(*text)),
                  "what would others disturb? alone: it counts the orphans of the whole machine");
    scenario.alone = std::move(*text);
    return {};
  }

  Result<void> family() {
    const auto items = texts_of(mapping, "family");
    if (!items) return pass_on(items.error());
    if (items->empty()) return {};
    constexpr Variety varieties[] = {{Family::ipv4, false}, {Family::ipv6, false}, {Family::ipv4, true}};
    scenario.varieties.clear();
    for (const YamlNode* item : *items) {
      const auto named = [&](const Variety& variety) { return item->scalar == to_string(variety); };
      const auto found = std::ranges::find_if(varieties, named);
      if (found == std::end(varieties)) {
        return fail(item->place, fmt::format("`{}` is no address family", printable(item->scalar)),
                    suggest(item->scalar, family_names));
      }
      scenario.varieties.push_back(*found);
    }
    return {};
  }

  Result<void> given() {
    const auto node = mapping.require("given");
    if (!node) return pass_on(node.error());
    const auto given = text_of(**node, "given").and_then([&](const std::string& text) {
      return parse_given(text, (*node)->place);
    });
    if (!given) return pass_on(at_source(given.error(), **node));
    scenario.given = *given;
    scenario.given_place = (*node)->place;
    return {};
  }

  // What the target runs with: sysctls by their names, and options of the socket that it makes first.
  Result<void> configure() {
    const YamlNode* node = mapping.find("configure");
    if (!node) return {};
    if (node->kind != YamlNode::Kind::mapping || node->entries.empty())
      return fail(node->place,
                  fmt::format("`configure` wants settings with values, got {}",
                              node->kind == YamlNode::Kind::mapping ? "none" : kind_name(node->kind)),
                  "configure: {net.ipv4.tcp_timestamps: 0, keepalive: 1}");
    for (const auto& [key, value] : node->entries) {
      const auto text = text_of(value, key.scalar);
      if (!text) return pass_on(text.error());
      const auto options = socket_option_names();
      if (key.scalar.starts_with("net.")) {
        if (!is_sysctl_name(key.scalar))
          return fail(key.place, fmt::format("`{}` is no name of a sysctl", printable(key.scalar)),
                      "letters, digits, `_`, `-` and single dots: `net.ipv4.tcp_timestamps`");
        scenario.sysctls[key.scalar] = *text;
      } else if (std::ranges::find(options, key.scalar) != options.end()) {
        if (const auto good = check_option_value(key.scalar, *text); !good)
          return fail(value.place, good.error().message, good.error().hint);
        if (key.scalar == "iss" && scenario.given.open != Given::Open::active)
          return fail(key.place, "`iss` is for a target that connects; a listener does not hand it on",
                      scenario.given.state == TcpState::closed
                          ? fmt::format("on a socket of the scenario's own: `target: option iss {}`", *text)
                          : "`given: ESTABLISHED, active`");
        scenario.socket_options.emplace_back(key.scalar, *text);
      } else {
        const auto near = nearest_word(key.scalar, options);
        return fail(key.place, fmt::format("`{}` is no socket option and no sysctl", printable(key.scalar)),
                    near ? fmt::format("did you mean `{}`?", *near)
                         : "sysctls begin with `net.`: `net.ipv4.tcp_timestamps: 0`");
      }
    }
    return {};
  }

  Result<void> peer() {
    const YamlNode* node = mapping.find("peer");
    if (!node) return {};
    const auto peer = Mapping::of(*node, "`peer`", peer_key_names);
    if (!peer) return pass_on(peer.error());
    if (node->entries.empty()) return fail(node->place, "`peer` wants `options` or `window`, got none");
    if (const YamlNode* value = peer->find("options")) {
      const auto text = text_of(*value, "options");
      if (!text) return pass_on(text.error());
      auto options = parse_option_list(*text, value->place);
      if (!options) return pass_on(at_source(options.error(), *value));
      scenario.peer.options = std::move(*options);
    }
    if (const YamlNode* value = peer->find("window")) {
      const auto text = text_of(*value, "window");
      if (!text) return pass_on(text.error());
      constexpr int most = 0xffff;
      const auto sum = parse_sum(*text);
      if (!sum || sum->windows != 0 || sum->integers < 0 || sum->integers > most)
        return fail(value->place,
                    fmt::format("`window` is a number from 0 to {}, got `{}`", most, printable(*text)),
                    "as on the wire, not scaled");
      scenario.peer.window = static_cast<std::uint16_t>(sum->integers);
    }
    return {};
  }

  Result<void> steps() {
    const auto node = mapping.require("steps");
    if (!node) return pass_on(node.error());
    auto steps = load_steps(**node, context);
    if (!steps) return pass_on(steps.error());
    scenario.steps = std::move(*steps);
    if (auto good = check_sockets(scenario.given, scenario.steps); !good) return good;
    return check_streams(scenario.given, scenario.steps);
  }
};

Result<void> read_language(const Mapping& mapping) {
  const YamlNode* node = mapping.find("language");
  if (!node) return {};
  const auto text = text_of(*node, "language");
  if (!text) return pass_on(text.error());
  if (*text == std::to_string(language_version)) return {};
  return fail(node->place,
              fmt::format("language {} is not known here; this program reads language {}", printable(*text),
                          language_version),
              fmt::format("write `language: {}`, or leave it out", language_version));
}

// What stands somewhere, in any of the cases.
struct Used {
  std::set<std::string> names = {};  // of values
  std::set<std::string> sequences = {};
  std::size_t octets = 0;  // of the texts of all cases, their values put in
};

std::size_t count_octets(const YamlNode& node) {
  std::size_t count = node.scalar.size();
  for (const YamlNode& item : node.items) count += count_octets(item);
  for (const auto& [key, value] : node.entries) count += key.scalar.size() + count_octets(value);
  return count;
}

// The scenario of one case, its id excepted. `root` is the whole file, its values not yet put in.
Result<Scenario> read_case(const YamlNode& root, const std::string& file, const Profile& profile,
                           const Case& values, Used& used, SequenceFiles& files) {
  YamlNode filled{root.kind, root.place};
  const YamlNode* define = nullptr;
  for (const auto& [key, value] : root.entries) {
    if (key.scalar == "define") define = &value;
    if (key.scalar == "define" || key.scalar == "for") continue;
    auto text = substitute(value, values, used.names);
    if (!text) return pass_on(text.error());
    filled.entries.emplace_back(key, std::move(*text));
  }
  used.octets += count_octets(filled);
  const auto mapping = Mapping::of(filled, "a scenario", scenario_keys);
  if (!mapping) return pass_on(mapping.error());
  if (const auto known = read_language(*mapping); !known) return pass_on(known.error());
  if (define) {
    if (const auto good = check_definitions(*define); !good) return pass_on(good.error());
  }
  Scenario scenario;
  scenario.place = root.place;
  const Sequences sequences(define, file, files);
  const StepContext context{profile, values, used.names, used.sequences, sequences};
  Reader reader{*mapping, context, scenario};
  const auto done = reader.title()
                        .and_then([&] { return reader.covers(); })
                        .and_then([&] { return reader.tags(); })
                        .and_then([&] { return reader.needs(); })
                        .and_then([&] { return reader.alone(); })
                        .and_then([&] { return reader.family(); })
                        .and_then([&] { return reader.given(); })
                        .and_then([&] { return reader.configure(); })
                        .and_then([&] { return reader.peer(); })
                        .and_then([&] { return reader.steps(); });
  if (!done) return pass_on(done.error());
  return scenario;
}

std::size_t count_nodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const YamlNode& item : node.items) count += count_nodes(item);
  for (const auto& [key, value] : node.entries) count += 1 + count_nodes(value);
  return count;
}

// An error in one case says which.
Error in_case(Error error, const Case& values) {
  std::string which;
  for (const auto& [name, value] : values)
    which += fmt::format("{}{} = {}", which.empty() ? "" : ", ", name, printable(value));
  if (!which.empty())
    error.hint += fmt::format("{}this is the case {}", error.hint.empty() ? "" : "; ", which);
  return error;
}

// All that gives values or sequences must be there for something.
Result<void> check_used(const Mapping& mapping, const Used& used) {
  if (const YamlNode* table = mapping.find("for")) {
    const std::span<const YamlNode> tables = table->kind == YamlNode::Kind::mapping
                                                 ? std::span(table, 1)
                                                 : std::span<const YamlNode>(table->items);
    for (const YamlNode& each : tables) {
      for (const auto& [name, values] : each.entries) {
        if (!used.names.contains(name.scalar))
          return fail(name.place,
                      fmt::format("`for` gives values to `{}`, which stands nowhere", name.scalar),
                      fmt::format("write `${}` where they belong", name.scalar));
      }
    }
  }
  if (const YamlNode* define = mapping.find("define")) {
    for (const auto& [name, steps] : define->entries) {
      if (!used.sequences.contains(name.scalar))
        return fail(name.place, fmt::format("the sequence `{}` is used nowhere", printable(name.scalar)),
                    fmt::format("write `use: {}` where its steps or values belong", printable(name.scalar)));
    }
  }
  return {};
}

Result<std::vector<Scenario>> load_cases(std::string_view text, const std::string& file,
                                         const Profile& profile, SequenceFiles& files) {
  const auto root = parse_yaml(text, file);
  if (!root) return pass_on(root.error());
  const auto mapping = Mapping::of(*root, "a scenario", scenario_keys);
  if (!mapping) return pass_on(mapping.error());
  std::vector<Case> cases = {{}};
  Used used;
  const YamlNode* table = mapping->find("for");
  if (table) {
    const YamlNode* define = mapping->find("define");
    if (define) {
      if (const auto good = check_definitions(*define); !good) return pass_on(good.error());
    }
    auto read = put_in_lists(*table, Sequences(define, file, files), used.sequences).and_then(read_cases);
    if (!read) return pass_on(read.error());
    cases = std::move(*read);
  }
  if (cases.size() * count_nodes(*root) > most_nodes)
    return fail(table->place,
                fmt::format("the table has {} cases, too many for so long a scenario", cases.size()));
  std::vector<Scenario> scenarios;
  std::set<std::string> ids;
  std::size_t steps = 0;
  const std::string id_of_file = scenario_id(file);
  const auto read = [&](const Case& values) {
    auto scenario = read_case(*root, file, profile, values, used, files);
    if (scenario) scenario->id = values.empty() ? id_of_file : id_of_file + "/" + case_name(values);
    return scenario;
  };
  for (const Case& values : cases) {
    auto scenario = read(values);
    if (!scenario) {
      // Only an error that not every case has is one of the case.
      constexpr std::size_t most_tries = 20;
      const auto differs = [&](const Case& other) {
        const auto again = read(other);
        return again || again.error() != scenario.error();
      };
      const auto some = std::span(cases).first(std::min(cases.size(), most_tries));
      const bool of_case = cases.size() == 1 || std::ranges::any_of(some, differs);
      return pass_on(of_case ? in_case(scenario.error(), values) : scenario.error());
    }
    steps += count_steps(scenario->steps);
    if (steps > most_steps_of_file)
      return fail(table ? table->place : root->place,
                  fmt::format("the cases of this file have more than {} steps together", most_steps_of_file));
    if (used.octets > most_octets_of_file)
      return fail(table ? table->place : root->place,
                  fmt::format("the cases of this file have more than {} MiB of text together",
                              most_octets_of_file >> 20));
    if (!ids.insert(scenario->id).second) {
      return fail(table->place, fmt::format("two cases have the id {}", scenario->id),
                  "values of a table must differ in letters and digits");
    }
    scenarios.push_back(std::move(*scenario));
  }
  if (const auto good = check_used(*mapping, used); !good) return pass_on(good.error());
  return scenarios;
}

bool is_scenario_file(const std::filesystem::path& path) {
  return (path.extension() == ".yaml" || path.extension() == ".yml") && path.filename() != sequences_file;
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

std::span<const std::string_view> scenario_key_names() {
  return scenario_keys;
}

std::span<const std::string_view> peer_keys() {
  return peer_key_names;
}

std::span<const std::string_view> variety_names() {
  return family_names;
}

Result<std::vector<Scenario>> load_scenario(std::string_view text, const std::string& file,
                                            const Profile& profile) {
  SequenceFiles files;
  return load_cases(text, file, profile, files);
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

Result<std::vector<std::string>> scenario_files(const std::vector<std::string>& paths) {
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
  return files;
}

Result<std::vector<Scenario>> load_scenarios(const std::vector<std::string>& paths, const Profile& profile) {
  const auto files = scenario_files(paths);
  if (!files) return pass_on(files.error());

  std::vector<Scenario> scenarios;
  SequenceFiles sequences;
  for (const std::string& file : *files) {
    const auto text = read_text_file(file);
    if (!text) return pass_on(text.error());
    auto cases = load_cases(*text, file, profile, sequences);
    if (!cases) return pass_on(cases.error());
    scenarios.insert(scenarios.end(), std::make_move_iterator(cases->begin()),
                     std::make_move_iterator(cases->end()));
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
