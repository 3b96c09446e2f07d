// SPDX-License-Identifier: Apache-2.0
#include "scenario/profile.h"

#include "scenario/mapping.h"

namespace finack {

namespace {

struct DurationKey {
  std::string_view key;
  Duration Profile::*member;
};
constexpr DurationKey duration_keys[] = {
    {"msl", &Profile::msl},       {"rto", &Profile::rto},           {"reaction", &Profile::reaction},
    {"state", &Profile::state},   {"call", &Profile::call},         {"processing", &Profile::processing},
    {"settle", &Profile::settle}, {"lateness", &Profile::lateness},
};
constexpr std::string_view keys[] = {"profile", "about", "msl",        "rto",    "reaction",
                                     "state",   "call",  "processing", "settle", "lateness"};

}  // namespace

Result<Profile> parse_profile(std::string_view text, const std::string& file) {
  const auto root = parse_yaml(text, file);
  if (!root) return pass_on(root.error());
  const auto mapping = Mapping::of(*root, "a profile", keys);
  if (!mapping) return pass_on(mapping.error());
  Profile profile;
  const auto name =
      mapping->require("profile").and_then([](const YamlNode* node) { return text_of(*node, "profile"); });
  if (!name) return pass_on(name.error());
  profile.name = *name;
  if (const YamlNode* about = mapping->find("about")) {
    const auto value = text_of(*about, "about");
    if (!value) return pass_on(value.error());
    profile.about = *value;
  }
  for (const DurationKey& entry : duration_keys) {
    const auto value = mapping->require(entry.key).and_then(
        [&](const YamlNode* node) { return duration_of(*node, entry.key); });
    if (!value) return pass_on(value.error());
    profile.*entry.member = *value;
  }
  return profile;
}

}  // namespace finack
