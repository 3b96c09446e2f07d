// SPDX-License-Identifier: Apache-2.0
#include "scenario/step_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "scenario/load_call.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

const StepWords* named(std::string_view key) {
  const auto words = all_step_words();
  const auto found = std::ranges::find(words, key, &StepWords::key);
  return found == words.end() ? nullptr : &*found;
}

std::vector<std::string_view> kind_words() {
  std::vector<std::string_view> out;
  for (const StepWords& words : all_step_words()) out.push_back(words.key);
  return out;
}

// The kinds that this key may stand beside, as a sentence; empty when there are none.
std::string goes_with(std::string_view key) {
  std::vector<std::string> kinds;
  for (const StepWords& words : all_step_words()) {
    if (std::ranges::find(words.companions, key) != words.companions.end())
      kinds.push_back(fmt::format("`{}`", words.key));
  }
  return kinds.empty() ? "" : fmt::format("`{}` goes with {}", key, join(kinds, ", "));
}

// `send ACK`, `send:ACK`, or no step at all.
tl::unexpected<Error> no_mapping(const YamlNode& node) {
  const std::size_t end = std::min(node.scalar.find_first_of(" :"), node.scalar.size());
  const std::string_view word = std::string_view(node.scalar).substr(0, end);
  const std::vector<std::string_view> rest = split_words(std::string_view(node.scalar).substr(end));
  std::string hint;
  if (named(word) && !rest.empty()) {
    const std::string_view text = rest[0].starts_with(':') ? rest[0].substr(1) : rest[0];
    hint = fmt::format("with a `:` and a space: `{}: {}`", word, printable(text));
  }
  if (!named(word) && std::ranges::find(call_words(), word) != call_words().end())
    hint = fmt::format("a call of the application is written `target: {}`", printable(node.scalar));
  return fail(node.place,
              fmt::format("a step is a mapping such as `send: ACK`, got {}", kind_name(node.kind)),
              std::move(hint));
}

// No key names a kind of step.
tl::unexpected<Error> no_kind(const YamlNode& node) {
  if (node.entries.empty())
    return fail(node.place, "a step is empty", "write `send: ACK`, `expect: FIN+ACK`, ...");
  const auto companion = [](const auto& entry) { return !goes_with(entry.first.scalar).empty(); };
  const auto other = std::ranges::find_if_not(node.entries, companion);
  if (other == node.entries.end()) {
    const YamlNode& key = node.entries.front().first;
    return fail(key.place, fmt::format("`{}` is no step", key.scalar),
                goes_with(key.scalar) + ": it stands below that, without a `-`");
  }
  const YamlNode& key = other->first;
  return fail(key.place, fmt::format("`{}` is no step", printable(key.scalar)),
              suggest(key.scalar, kind_words()));
}

// A key that does not belong to a step of this kind.
tl::unexpected<Error> no_companion(const YamlNode& key, const StepWords& kind) {
  std::string hint = goes_with(key.scalar);
  if (hint.empty()) hint = colon_hint(key.scalar, kind.keys());
  if (hint.empty()) {
    const auto near = nearest_word(key.scalar, kind.companions);
    hint = near                      ? fmt::format("did you mean `{}`?", *near)
           : kind.companions.empty() ? "nothing else stands in such a step"
                                     : suggest(key.scalar, kind.companions);
  }
  return fail(key.place, fmt::format("`{}` is no key of a step `{}`", printable(key.scalar), kind.key),
              std::move(hint));
}

}  // namespace

std::vector<std::string_view> StepWords::keys() const {
  std::vector<std::string_view> out = {key};
  out.insert(out.end(), companions.begin(), companions.end());
  return out;
}

std::span<const StepWords> all_step_words() {
  static const std::vector<StepWords> all = {
      {"target", StepKind::target, {"result", "on", "later"}},
      {"returns", StepKind::returns, {"result"}},
      {"told", StepKind::told, {"on", "within"}},
      {"send", StepKind::send, {}},
      {"icmp", StepKind::icmp, {}},
      {"expect", StepKind::expect, {"within", "after"}},
      {"quiet", StepKind::quiet, {}},
      {"wait", StepKind::wait, {}},
      {"state", StepKind::state, {"within"}},
      {"one-of", StepKind::one_of, {}},
      {"all-of", StepKind::all_of, {"within"}},
      {"allow", StepKind::allow, {}},
      {"stream", StepKind::stream, {"within", "ack-every", "until"}},
      {"use", StepKind::use, {"with"}},
  };
  return all;
}

Result<const StepWords*> step_words_of(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::mapping) return no_mapping(node);
  const StepWords* found = nullptr;
  for (const auto& [key, value] : node.entries) {
    const StepWords* words = named(key.scalar);
    if (!words) continue;
    if (found) {
      return fail(key.place,
                  fmt::format("a step does one thing; this one has `{}` and `{}`", found->key, words->key),
                  "begin a new step with `- `");
    }
    found = words;
  }
  if (!found) return no_kind(node);
  for (const auto& [key, value] : node.entries) {
    const bool known =
        key.scalar == found->key ||
        std::ranges::find(found->companions, std::string_view(key.scalar)) != found->companions.end();
    if (!known) return no_companion(key, *found);
  }
  return found;
}

}  // namespace finack
