// SPDX-License-Identifier: Apache-2.0
#include "scenario/load_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "packet/notation.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

// A kind of step: the key that names it, and the keys that may stand beside that one.
struct StepKind {
  std::string_view key;
  std::span<const std::string_view> companions;
  Result<Step> (*load)(const YamlNode& value, const Mapping& step);
};

Result<std::optional<Duration>> within(const Mapping& step) {
  const YamlNode* node = step.find("within");
  if (!node) return std::nullopt;
  const auto duration = duration_of(*node, "within");
  if (!duration) return pass_on(duration.error());
  return *duration;
}

Result<Step> load_send(const YamlNode& value, const Mapping&) {
  const auto text = text_of(value, "send");
  if (!text) return pass_on(text.error());
  auto segment = parse_segment(*text, Direction::sending, value.place);
  if (!segment) return pass_on(segment.error());
  return Step{SendStep{std::move(*segment)}};
}

Result<Step> load_expect(const YamlNode& value, const Mapping& step) {
  const auto text = text_of(value, "expect");
  if (!text) return pass_on(text.error());
  auto segment = parse_segment(*text, Direction::expecting, value.place);
  if (!segment) return pass_on(segment.error());
  const auto limit = within(step);
  if (!limit) return pass_on(limit.error());
  return Step{ExpectStep{std::move(*segment), *limit}};
}

Result<Step> load_quiet(const YamlNode& value, const Mapping&) {
  const auto duration = duration_of(value, "quiet");
  if (!duration) return pass_on(duration.error());
  return Step{QuietStep{*duration}};
}

Result<Step> load_wait(const YamlNode& value, const Mapping&) {
  const auto duration = duration_of(value, "wait");
  if (!duration) return pass_on(duration.error());
  return Step{WaitStep{*duration}};
}

Result<Step> load_state(const YamlNode& value, const Mapping& step) {
  const auto text = text_of(value, "state");
  if (!text) return pass_on(text.error());
  const auto state = parse_tcp_state(*text);
  if (!state)
    return fail(value.place, fmt::format("`{}` is no TCP state", printable(*text)),
                suggest(*text, tcp_state_names));
  const auto limit = within(step);
  if (!limit) return pass_on(limit.error());
  return Step{StateStep{*state, *limit}};
}

// --- target: an application call

enum class Argument : std::uint8_t { none, length, optional_length, direction };
struct CallKind {
  std::string_view word;
  Argument argument;
};
constexpr CallKind call_kinds[] = {
    {"close", Argument::none},         {"abort", Argument::none},
    {"shutdown", Argument::direction}, {"receive", Argument::optional_length},
    {"send", Argument::length},
};
constexpr std::string_view call_words[] = {"close", "abort", "shutdown", "receive", "send"};
constexpr std::string_view directions[] = {"send", "receive", "both"};
constexpr std::string_view error_names[] = {
    "EACCES",       "EADDRINUSE", "EAGAIN",       "EALREADY",    "EBADF",     "ECONNABORTED",
    "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "EINPROGRESS", "EINVAL",    "EISCONN",
    "ENETUNREACH",  "ENOBUFS",    "ENOTCONN",     "EPIPE",       "ETIMEDOUT",
};
constexpr std::uint64_t most_octets = 16 << 20;

Result<std::uint64_t> octets_of(std::string_view word, const Place& place, std::string_view what) {
  std::uint64_t octets = 0;
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), octets);
  if (status != std::errc{} || end != word.data() + word.size() || octets == 0 || octets > most_octets) {
    return fail(place, fmt::format("{} wants a number of octets from 1 to {}, got `{}`", what, most_octets,
                                   printable(word)));
  }
  return octets;
}

// The argument behind the word of a call, where it has one.
Result<void> load_argument(const CallKind& kind, std::span<const std::string_view> words, const Place& place,
                           CallStep& call) {
  const bool wants = kind.argument == Argument::length;
  const std::size_t most = kind.argument == Argument::none ? 0 : 1;
  if (words.size() > most)
    return fail(place, fmt::format("`{}` stands after `{}` and has no meaning there", printable(words[most]),
                                   kind.word));
  if (words.empty()) {
    if (wants)
      return fail(place, fmt::format("`target: {}` wants a number of octets", kind.word),
                  fmt::format("`target: {} 500`", kind.word));
    if (kind.argument == Argument::direction) call.fields = {{"how", "send"}};
    return {};
  }
  if (kind.argument == Argument::direction) {
    if (std::ranges::find(directions, words[0]) == std::ranges::end(directions)) {
      return fail(place, fmt::format("`{}` is no direction to shut down", printable(words[0])),
                  suggest(words[0], directions));
    }
    call.fields = {{"how", std::string(words[0])}};
    return {};
  }
  const auto octets = octets_of(words[0], place, fmt::format("`target: {}`", kind.word));
  if (!octets) return pass_on(octets.error());
  call.length = *octets;
  return {};
}

Result<CallOutcome> load_result(const YamlNode& node, const CallStep& call) {
  const auto text = text_of(node, "result");
  if (!text) return pass_on(text.error());
  if (*text == "end") {
    if (call.word != "receive") return fail(node.place, "only `receive` can come to the end of the stream");
    return CallOutcome{CallOutcome::Kind::end, "", call.length.value_or(0)};
  }
  if (std::ranges::find(error_names, *text) != std::ranges::end(error_names)) {
    return CallOutcome{CallOutcome::Kind::error, *text, std::nullopt};
  }
  std::vector<std::string_view> valid(std::begin(error_names), std::end(error_names));
  valid.push_back("end");
  const auto near = nearest_word(*text, valid);
  return fail(node.place, fmt::format("`{}` is no result of a call", printable(*text)),
              near ? fmt::format("did you mean `{}`?", *near) : "`end`, or an error such as ECONNRESET");
}

Result<Step> load_call(const YamlNode& value, const Mapping& step) {
  const auto text = text_of(value, "target");
  if (!text) return pass_on(text.error());
  const std::vector<std::string_view> words = split_words(*text);
  const std::string_view word = words.empty() ? "" : words[0];
  const auto kind = std::ranges::find(call_kinds, word, &CallKind::word);
  if (kind == std::ranges::end(call_kinds)) {
    return fail(value.place, fmt::format("`{}` is no call of the target's application", printable(word)),
                suggest(word, call_words));
  }
  CallStep call;
  call.word = kind->word;
  if (const auto done = load_argument(*kind, std::span(words).subspan(1), value.place, call); !done)
    return pass_on(done.error());
  const YamlNode* result = step.find("result");
  if (!result && call.word == "receive" && !call.length) {
    return fail(value.place, "`target: receive` wants a number of octets or a `result`",
                "`target: receive 500`, or `result: end` below it");
  }
  call.outcome.octets = call.length;
  if (result) {
    auto outcome = load_result(*result, call);
    if (!outcome) return pass_on(outcome.error());
    call.outcome = std::move(*outcome);
  }
  // One octet more than is to come, so that an octet too many is seen and not left unread.
  if (call.word == "receive" && call.outcome.kind != CallOutcome::Kind::done)
    call.length = call.length.value_or(0) + 1;
  return Step{std::move(call)};
}

constexpr std::string_view only_within[] = {"within"};
constexpr std::string_view only_result[] = {"result"};
constexpr StepKind step_kinds[] = {
    {"target", only_result, load_call},   {"send", {}, load_send},
    {"expect", only_within, load_expect}, {"quiet", {}, load_quiet},
    {"state", only_within, load_state},   {"wait", {}, load_wait},
};
constexpr std::string_view step_words[] = {"target", "send", "expect", "quiet", "state", "wait"};

// The kind that one of the mapping's keys names.
Result<const StepKind*> kind_of(const YamlNode& node) {
  const StepKind* found = nullptr;
  for (const auto& [key, value] : node.entries) {
    const auto kind = std::ranges::find(step_kinds, std::string_view(key.scalar), &StepKind::key);
    if (kind == std::ranges::end(step_kinds)) continue;
    if (found)
      return fail(key.place,
                  fmt::format("a step does one thing; this one has `{}` and `{}`", found->key, kind->key),
                  "begin a new step with `- `");
    found = &*kind;
  }
  if (found) return found;
  if (node.entries.empty()) return fail(node.place, "a step is empty");
  const YamlNode& key = node.entries.front().first;
  return fail(key.place, fmt::format("`{}` is no step", printable(key.scalar)),
              suggest(key.scalar, step_words));
}

}  // namespace

Result<Step> load_step(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::mapping) {
    return fail(node.place,
                fmt::format("a step is a mapping such as `send: ACK`, got {}", kind_name(node.kind)));
  }
  const auto kind = kind_of(node);
  if (!kind) return pass_on(kind.error());
  std::vector<std::string_view> keys = {(*kind)->key};
  keys.insert(keys.end(), (*kind)->companions.begin(), (*kind)->companions.end());
  const auto mapping = Mapping::of(node, fmt::format("a step `{}`", (*kind)->key), keys);
  if (!mapping) return pass_on(mapping.error());
  auto step = (*kind)->load(*mapping->find((*kind)->key), *mapping);
  if (step) step->place = node.place;
  return step;
}

}  // namespace finack
