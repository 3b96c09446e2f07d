// SPDX-License-Identifier: Apache-2.0
#include "scenario/load_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "scenario/capability.h"

namespace finack {

namespace {

constexpr std::string_view directions[] = {"send", "receive", "both"};
constexpr std::string_view error_names[] = {
    "EACCES",      "EADDRINUSE", "EADDRNOTAVAIL", "EAGAIN",       "EALREADY",     "EBADF",       "ECANCELED",
    "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EDESTADDRREQ", "EHOSTDOWN",    "EHOSTUNREACH", "EINPROGRESS",
    "EINVAL",      "EISCONN",    "EMSGSIZE",      "ENETDOWN",     "ENETUNREACH",  "ENOBUFS",     "ENOMEM",
    "ENOPROTOOPT", "ENOTCONN",   "EOPNOTSUPP",    "EPERM",        "EPIPE",        "EPROTO",      "ETIMEDOUT",
};
constexpr std::uint64_t most_octets = 16 << 20;

using Words = std::span<const std::string_view>;

tl::unexpected<Error> too_many(std::string_view call, std::string_view word, const Place& place) {
  return fail(place, fmt::format("`{}` stands after `{}` and has no meaning there", printable(word), call));
}

Result<std::uint64_t> number_of(std::string_view word, std::uint64_t least, std::uint64_t most, const Place& place,
                                std::string_view what) {
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (status != std::errc{} || end != word.data() + word.size() || value < least || value > most) {
    return fail(place, fmt::format("{} from {} to {}, got `{}`", what, least, most, printable(word)));
  }
  return value;
}

Result<std::string> socket_name(std::string_view word, const Place& place) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (word.empty() || word.size() > 32 || !(word[0] >= 'a' && word[0] <= 'z') || !std::ranges::all_of(word, plain)) {
    return fail(place, fmt::format("`{}` is no name of a socket", printable(word)),
                "a lower-case letter, then letters, digits and `-`, at most 32");
  }
  return std::string(word);
}

// --- The arguments of each call

Result<void> no_arguments(Words words, const Place& place, CallStep& call) {
  if (!words.empty()) return too_many(call.word, words[0], place);
  return {};
}

Result<void> shutdown_arguments(Words words, const Place& place, CallStep& call) {
  const std::string_view how = words.empty() ? "send" : words[0];
  if (words.size() > 1) return too_many(call.word, words[1], place);
  if (std::ranges::find(directions, how) == std::end(directions))
    return fail(place, fmt::format("`{}` is no direction to shut down", printable(how)), suggest(how, directions));
  call.fields = {{"how", std::string(how)}};
  return {};
}

Result<void> transfer_arguments(Words words, const Place& place, CallStep& call) {
  const bool sends = call.word == "send";
  if (words.empty()) {
    if (!sends) return {};
    return fail(place, "`target: send` wants a number of octets", "`target: send 500`");
  }
  const auto octets =
      number_of(words[0], 1, most_octets, place, fmt::format("`target: {}` wants a number of octets", call.word));
  if (!octets) return pass_on(octets.error());
  call.length = *octets;
  const bool urgent = sends && words.size() > 1 && words[1] == "urgent";
  if (urgent) call.fields = {{"urgent", "yes"}};
  if (words.size() > (urgent ? 2u : 1u)) return too_many(call.word, words[urgent ? 2 : 1], place);
  return {};
}

Result<void> listen_arguments(Words words, const Place& place, CallStep& call) {
  if (words.size() > 1) return too_many(call.word, words[1], place);
  if (!words.empty()) {
    const auto backlog = number_of(words[0], 0, 4096, place, "`target: listen` wants a backlog");
    if (!backlog) return pass_on(backlog.error());
  }
  call.fields = {{"backlog", std::string(words.empty() ? default_backlog : words[0])}};
  return {};
}

Result<void> maker_arguments(Words words, const Place& place, CallStep& call) {
  if (words.size() > 1) return too_many(call.word, words[1], place);
  if (words.empty() && call.word == "dup")
    return fail(place, "`target: dup` wants a name for the new descriptor", "`target: dup copy`");
  const auto name = socket_name(words.empty() ? connection_name : words[0], place);
  if (!name) return pass_on(name.error());
  call.makes = *name;
  return {};
}

Result<void> option_arguments(Words words, const Place& place, CallStep& call) {
  if (words.empty())
    return fail(place, "`target: option` wants the name of an option", "`target: option linger 0`");
  const auto names = socket_option_names();
  if (std::ranges::find(names, words[0]) == names.end())
    return fail(place, fmt::format("`{}` is no socket option", printable(words[0])), suggest(words[0], names));
  if (words.size() > 2) return too_many(call.word, words[2], place);
  call.fields = {{"name", std::string(words[0])}};
  if (words.size() < 2) return {};
  if (words[1] != "off" || words[0] != "linger") {
    const auto value = number_of(words[1], 0, 0x7fffffff, place, "`target: option` wants a number");
    if (!value) return pass_on(value.error());
  }
  call.fields.emplace_back("value", std::string(words[1]));
  return {};
}

struct CallKind {
  std::string_view word;
  Result<void> (*read)(Words, const Place&, CallStep&);
};
constexpr CallKind call_kinds[] = {
    {"socket", no_arguments},       {"bind", no_arguments},          {"listen", listen_arguments},
    {"accept", maker_arguments},    {"connect", no_arguments},       {"send", transfer_arguments},
    {"receive", transfer_arguments}, {"receive-urgent", no_arguments}, {"shutdown", shutdown_arguments},
    {"close", no_arguments},        {"abort", no_arguments},         {"dup", maker_arguments},
    {"die", no_arguments},          {"destroy", no_arguments},       {"option", option_arguments},
    {"watch", no_arguments},
};

std::vector<std::string_view> call_words() {
  std::vector<std::string_view> out;
  for (const CallKind& kind : call_kinds) out.push_back(kind.word);
  return out;
}

// --- What a call comes to

Result<CallOutcome> read_outcome(const YamlNode& node, const CallStep* call) {
  const std::string& text = node.scalar;
  const bool asks_option = call && call->word == "option" && call->fields.size() == 1;
  if (asks_option) return CallOutcome{CallOutcome::Kind::done, "", std::nullopt, text};
  if (text == "success") return CallOutcome{CallOutcome::Kind::done, "", call ? call->length : std::nullopt};
  if (text == "end") {
    if (call && call->word != "receive") return fail(node.place, "only `receive` can come to the end of the stream");
    return CallOutcome{CallOutcome::Kind::end, "", call ? call->length.value_or(0) : 0};
  }
  if (std::ranges::find(error_names, text) != std::end(error_names))
    return CallOutcome{CallOutcome::Kind::error, text};
  std::vector<std::string_view> valid(std::begin(error_names), std::end(error_names));
  valid.insert(valid.end(), {"end", "success"});
  const auto near = nearest_word(text, valid);
  return fail(node.place, fmt::format("`{}` is no result of a call", printable(text)),
              near ? fmt::format("did you mean `{}`?", *near) : "`success`, `end`, or an error such as ECONNRESET");
}

// Empty without the key.
Result<std::vector<CallOutcome>> read_outcomes(const Mapping& step, const CallStep* call) {
  std::vector<CallOutcome> out;
  const auto items = texts_of(step, "result");
  if (!items) return pass_on(items.error());
  for (const YamlNode* item : *items) {
    auto outcome = read_outcome(*item, call);
    if (!outcome) return pass_on(outcome.error());
    out.push_back(std::move(*outcome));
  }
  return out;
}

Result<void> settle_outcomes(const YamlNode& value, const Mapping& step, CallStep& call) {
  auto outcomes = read_outcomes(step, &call);
  if (!outcomes) return pass_on(outcomes.error());
  if (outcomes->empty() && call.word == "receive" && !call.length) {
    return fail(value.place, "`target: receive` wants a number of octets or a `result`",
                "`target: receive 500`, or `result: end` below it");
  }
  const bool asks_option = call.word == "option" && call.fields.size() == 1;
  if (outcomes->empty() && asks_option)
    return fail(value.place, "an option that is read wants a `result`", "`result: 1` below it");
  if (outcomes->empty()) outcomes->push_back({CallOutcome::Kind::done, "", call.length});
  call.outcomes = std::move(*outcomes);
  // One octet more than is to come, so that an octet too many is seen and not left unread.
  const bool ends = std::ranges::none_of(
      call.outcomes, [](const CallOutcome& outcome) { return outcome.kind == CallOutcome::Kind::done; });
  if (call.word == "receive" && ends) call.length = call.length.value_or(0) + 1;
  return {};
}

}  // namespace

Result<Step> load_call(const YamlNode& value, const Mapping& step) {
  const auto text = text_of(value, "target");
  if (!text) return pass_on(text.error());
  const std::vector<std::string_view> words = split_words(*text);
  const std::string_view word = words.empty() ? "" : words[0];
  const auto kind = std::ranges::find(call_kinds, word, &CallKind::word);
  if (kind == std::end(call_kinds)) {
    return fail(value.place, fmt::format("`{}` is no call of the target's application", printable(word)),
                suggest(word, call_words()));
  }
  CallStep call;
  call.word = kind->word;
  if (call.word == "listen" || call.word == "accept") call.socket = listener_name;
  if (auto done = kind->read(Words(words).subspan(1), value.place, call); !done) return pass_on(done.error());
  if (const YamlNode* on = step.find("on")) {
    const auto name = text_of(*on, "on").and_then([&](const std::string& word_on) {
      return socket_name(word_on, on->place);
    });
    if (!name) return pass_on(name.error());
    call.socket = *name;
  }
  if (const YamlNode* later = step.find("later")) {
    const auto name = text_of(*later, "later");
    if (!name) return pass_on(name.error());
    call.later = *name;
  }
  if (auto done = settle_outcomes(value, step, call); !done) return pass_on(done.error());
  return Step{std::move(call)};
}

Result<Step> load_returns(const YamlNode& value, const Mapping& step) {
  const auto name = text_of(value, "returns");
  if (!name) return pass_on(name.error());
  auto outcomes = read_outcomes(step, nullptr);
  if (!outcomes) return pass_on(outcomes.error());
  return Step{ReturnsStep{*name, std::move(*outcomes)}};
}

}  // namespace finack
