// SPDX-License-Identifier: Apache-2.0
#include "scenario/profile.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "scenario/catalogue.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

struct DurationKey {
  std::string_view key;
  std::string_view name;  // in expressions
  Duration Profile::*member;
};
constexpr DurationKey duration_keys[] = {
    {"msl", "MSL", &Profile::msl},
    {"rto", "RTO", &Profile::rto},
    {"initial_rto", "INITIAL_RTO", &Profile::initial_rto},
    {"rto_max", "RTO_MAX", &Profile::rto_max},
    {"fin_timeout", "FIN_TIMEOUT", &Profile::fin_timeout},
    {"delayed_ack", "DELAYED_ACK", &Profile::delayed_ack},
    {"granularity", "GRANULARITY", &Profile::granularity},
    {"reaction", "REACTION", &Profile::reaction},
    {"state", "STATE", &Profile::state},
    {"call", "CALL", &Profile::call},
    {"processing", "PROCESSING", &Profile::processing},
    {"settle", "SETTLE", &Profile::settle},
    {"lateness", "LATENESS", &Profile::lateness},
};

const std::vector<std::string_view>& profile_keys() {
  static const std::vector<std::string_view> keys = [] {
    std::vector<std::string_view> out = {"profile",      "based-on",   "about",
                                         "capabilities", "deviations", "more-deviations"};
    for (const DurationKey& entry : duration_keys) out.push_back(entry.key);
    return out;
  }();
  return keys;
}

constexpr std::string_view deviation_keys[] = {"scenario", "signature", "why",  "covers",
                                               "source",   "since",     "until"};

Result<void> read_text(const Mapping& mapping, std::string_view key, bool required, std::string& into) {
  const YamlNode* node = mapping.find(key);
  if (!node && !required) return {};
  auto text = mapping.require(key).and_then([&](const YamlNode* value) { return text_of(*value, key); });
  if (!text) return pass_on(text.error());
  into = std::move(*text);
  return {};
}

// "6.12" or "6.12.4", as ledgers compare them; `into` is empty without the key.
Result<void> read_release(const Mapping& mapping, std::string_view key, std::string& into) {
  if (auto done = read_text(mapping, key, false, into); !done) return done;
  const bool plain = into.find_first_not_of("0123456789.") == std::string::npos && !into.starts_with('.');
  if (plain) return {};
  return fail(mapping.find(key)->place,
              fmt::format("`{}` wants a release in numbers, got `{}`", key, printable(into)),
              fmt::format("`{0}: 6.12` or `{0}: 6.12.4`", key));
}

// One for each of its scenarios.
Result<void> read_deviation(const YamlNode& node, std::vector<Deviation>& into) {
  const auto mapping = Mapping::of(node, "a deviation", deviation_keys);
  if (!mapping) return pass_on(mapping.error());
  Deviation out;
  out.place = node.place;
  if (const auto there = mapping->require("scenario"); !there) return pass_on(there.error());
  const auto scenarios = texts_of(*mapping, "scenario");
  if (!scenarios) return pass_on(scenarios.error());
  const auto done = read_text(*mapping, "signature", true, out.signature)
                        .and_then([&] { return read_text(*mapping, "why", true, out.why); })
                        .and_then([&] { return read_text(*mapping, "source", false, out.source); })
                        .and_then([&] { return read_release(*mapping, "since", out.since); })
                        .and_then([&] { return read_release(*mapping, "until", out.until); });
  if (!done) return pass_on(done.error());
  auto covers = texts_of(*mapping, "covers");
  if (!covers) return pass_on(covers.error());
  for (const YamlNode* item : *covers) {
    if (const auto known = check_catalogue_id(*item); !known) return pass_on(known.error());
    out.covers.push_back(item->scalar);
  }
  for (const YamlNode* scenario : *scenarios) {
    into.push_back(out);
    into.back().scenario = scenario->scalar;
    if (scenarios->size() > 1) into.back().place = scenario->place;
  }
  return {};
}

Result<void> read_deviations(const Mapping& mapping, Profile& profile) {
  const YamlNode* list = mapping.find("deviations");
  if (!list) return {};
  if (list->kind != YamlNode::Kind::sequence)
    return fail(list->place, fmt::format("`deviations` wants a list, got {}", kind_name(list->kind)));
  for (const YamlNode& item : list->items) {
    if (auto done = read_deviation(item, profile.deviations); !done) return done;
  }
  return {};
}

// No expression: there is nothing yet that it could be made of.
Result<Duration> plain_duration(const YamlNode& node, std::string_view key) {
  const auto text = text_of(node, key);
  if (!text) return pass_on(text.error());
  const auto duration = parse_duration(*text);
  if (!duration) {
    return fail(node.place, fmt::format("`{}` wants a duration, got `{}`", key, printable(*text)),
                "a number and ns, us, ms, s or min: `500ms`");
  }
  return *duration;
}

// Those of other profiles, and nothing else that these say.
Result<void> read_more_deviations(const Mapping& mapping, Profile& profile) {
  const auto names = texts_of(mapping, "more-deviations");
  if (!names) return pass_on(names.error());
  for (const YamlNode* name : *names) {
    const auto text = builtin_profile(name->scalar);
    if (!text) {
      return fail(
          name->place,
          fmt::format("`more-deviations` names no profile of suites/targets/: `{}`", printable(name->scalar)),
          suggest(name->scalar, builtin_profile_names()));
    }
    const auto root = parse_yaml(*text, fmt::format("suites/targets/{}.yaml", name->scalar));
    if (!root) return pass_on(root.error());
    const auto other = Mapping::of(*root, "a profile", profile_keys());
    if (!other) return pass_on(other.error());
    if (auto done = read_deviations(*other, profile); !done) return done;
  }
  return {};
}

// The profile that it is based on; an empty one where it is based on none.
Result<Profile> read_base(const Mapping& mapping) {
  const YamlNode* node = mapping.find("based-on");
  if (!node) return Profile{};
  const auto name = text_of(*node, "based-on");
  if (!name) return pass_on(name.error());
  const auto text = builtin_profile(*name);
  if (!text) {
    return fail(node->place,
                fmt::format("`based-on` names no profile of suites/targets/: `{}`", printable(*name)),
                suggest(*name, builtin_profile_names()));
  }
  return parse_profile(*text, fmt::format("suites/targets/{}.yaml", *name));
}

}  // namespace

Result<Profile> parse_profile(std::string_view text, const std::string& file) {
  const auto root = parse_yaml(text, file);
  if (!root) return pass_on(root.error());
  const auto mapping = Mapping::of(*root, "a profile", profile_keys());
  if (!mapping) return pass_on(mapping.error());
  const auto base = read_base(*mapping);
  if (!base) return base;
  const bool whole = !mapping->find("based-on");
  Profile profile = *base;
  const auto texts = read_text(*mapping, "profile", true, profile.name).and_then([&] {
    return read_text(*mapping, "about", false, profile.about);
  });
  if (!texts) return pass_on(texts.error());
  for (const DurationKey& entry : duration_keys) {
    if (!whole && !mapping->find(entry.key)) continue;
    const auto value = mapping->require(entry.key).and_then(
        [&](const YamlNode* node) { return plain_duration(*node, entry.key); });
    if (!value) return pass_on(value.error());
    profile.*entry.member = *value;
  }
  const auto capabilities = texts_of(*mapping, "capabilities");
  if (!capabilities) return pass_on(capabilities.error());
  if (mapping->find("capabilities")) profile.capabilities.clear();
  for (const YamlNode* item : *capabilities) {
    if (const auto known = check_capability(*item); !known) return pass_on(known.error());
    profile.capabilities.push_back(item->scalar);
  }
  const auto deviations =
      read_deviations(*mapping, profile).and_then([&] { return read_more_deviations(*mapping, profile); });
  if (!deviations) return pass_on(deviations.error());
  return profile;
}

std::span<const std::string_view> profile_key_names() {
  return profile_keys();
}

std::span<const std::string_view> deviation_key_names() {
  return deviation_keys;
}

std::optional<Duration> profile_value(const Profile& profile, std::string_view name) {
  const auto entry = std::ranges::find(duration_keys, name, &DurationKey::name);
  if (entry == std::end(duration_keys)) return std::nullopt;
  return profile.*entry->member;
}

std::span<const std::string_view> profile_value_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const DurationKey& entry : duration_keys) out.push_back(entry.name);
    return out;
  }();
  return names;
}

}  // namespace finack
