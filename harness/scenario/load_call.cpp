// SPDX-License-Identifier: Apache-2.0
#include "scenario/load_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "packet/literal.h"
#include "scenario/capability.h"

namespace finack {

namespace {

constexpr std::string_view directions[] = {"send", "receive", "both"};
constexpr std::string_view error_names[] = {
    "EACCES",       "EADDRINUSE",   "EADDRNOTAVAIL", "EAGAIN",      "EALREADY",     "EBADF",
    "ECANCELED",    "ECONNABORTED", "ECONNREFUSED",  "ECONNRESET",  "EDESTADDRREQ", "EHOSTDOWN",
    "EHOSTUNREACH", "EINPROGRESS",  "EINVAL",        "EISCONN",     "EMSGSIZE",     "ENETDOWN",
    "ENETUNREACH",  "ENOBUFS",      "ENOMEM",        "ENOPROTOOPT", "ENOTCONN",     "EOPNOTSUPP",
    "EPERM",        "EPIPE",        "EPROTO",        "ETIMEDOUT",
};

// The words of a call, each with its place.
class Words {
 public:
  Words(std::string_view text, const YamlNode& node) : text_(text), node_(node), words_(split_words(text)) {}

  std::size_t count() const { return words_.size(); }
  // Empty, and standing at the end, when there are not so many.
  std::string_view operator[](std::size_t i) const {
    return i < words_.size() ? words_[i] : text_.substr(text_.size());
  }
  // What is missing is looked for at the call.
  Place place(std::size_t i) const {
    return place_of_word(node_, text_, i < words_.size() ? words_[i] : (*this)[0]);
  }
  tl::unexpected<Error> error(std::size_t i, std::string message, std::string hint = {}) const {
    return fail(place(i), std::move(message), std::move(hint));
  }
  // That there are no more words than these.
  Result<void> at_most(std::size_t most) const {
    if (words_.size() <= most) return {};
    const bool key = std::ranges::find(companions, words_[most]) != std::end(companions);
    return error(
        most,
        fmt::format("`{}` stands after `{}` and has no meaning there", printable(words_[most]), words_[0]),
        key ? fmt::format("`{0}` is a key of its own: `{0}: ...` on the next line", words_[most]) : "");
  }

 private:
  static constexpr std::string_view companions[] = {"on", "result", "later"};
  std::string_view text_;
  const YamlNode& node_;
  std::vector<std::string_view> words_;
};

std::optional<std::uint64_t> number_in(std::string_view word, std::uint64_t least, std::uint64_t most) {
  const auto value = parse_unsigned<std::uint64_t>(word);
  return value && *value >= least && *value <= most ? value : std::nullopt;
}

Result<std::uint64_t> number_of(const Words& words, std::size_t i, std::uint64_t least, std::uint64_t most,
                                std::string_view what) {
  const auto value = number_in(words[i], least, most);
  if (!value)
    return words.error(i, fmt::format("{} from {} to {}, got `{}`", what, least, most, printable(words[i])));
  return *value;
}

Result<std::string> plain_name(std::string_view word, const Place& place, std::string_view what) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (word.empty() || word.size() > 32 || !(word[0] >= 'a' && word[0] <= 'z') ||
      !std::ranges::all_of(word, plain)) {
    return fail(place, fmt::format("`{}` is no name of {}", printable(word), what),
                "a lower-case letter, then letters, digits and `-`, at most 32");
  }
  return std::string(word);
}

// --- The arguments of each call

Result<void> no_arguments(const Words& words, CallStep&) {
  return words.at_most(1);
}

Result<void> shutdown_arguments(const Words& words, CallStep& call) {
  if (auto done = words.at_most(2); !done) return done;
  const std::string_view how = words.count() < 2 ? "send" : words[1];
  if (std::ranges::find(directions, how) == std::end(directions))
    return words.error(1, fmt::format("`{}` is no direction to shut down", printable(how)),
                       suggest(how, directions));
  call.fields = {{"how", std::string(how)}};
  return {};
}

Result<void> transfer_arguments(const Words& words, CallStep& call) {
  const bool sends = call.word == "send";
  if (words.count() < 2) {
    if (!sends) return {};
    return words.error(0, "`target: send` wants a number of octets", "`target: send 500`");
  }
  const auto octets = number_of(words, 1, 1, most_stream_octets,
                                fmt::format("`target: {}` wants a number of octets", call.word));
  if (!octets) return pass_on(octets.error());
  call.length = *octets;
  const bool urgent = sends && words[2] == "urgent";
  if (urgent) call.fields = {{"urgent", "yes"}};
  return words.at_most(urgent ? 3 : 2);
}

Result<void> listen_arguments(const Words& words, CallStep& call) {
  if (auto done = words.at_most(2); !done) return done;
  if (words.count() > 1) {
    if (const auto backlog = number_of(words, 1, 0, 4096, "`target: listen` wants a backlog"); !backlog)
      return pass_on(backlog.error());
  }
  call.fields = {{"backlog", std::string(words.count() > 1 ? words[1] : default_backlog)}};
  return {};
}

Result<void> maker_arguments(const Words& words, CallStep& call) {
  if (auto done = words.at_most(2); !done) return done;
  if (words.count() < 2 && call.word == "dup")
    return words.error(0, "`target: dup` wants a name for the new descriptor", "`target: dup copy`");
  const auto name = plain_name(words.count() < 2 ? connection_name : words[1], words.place(1), "a socket");
  if (!name) return pass_on(name.error());
  call.makes = *name;
  return {};
}

Result<void> option_arguments(const Words& words, CallStep& call) {
  if (words.count() < 2)
    return words.error(0, "`target: option` wants the name of an option", "`target: option linger 0`");
  const auto names = socket_option_names();
  if (std::ranges::find(names, words[1]) == names.end())
    return words.error(1, fmt::format("`{}` is no socket option", printable(words[1])),
                       suggest(words[1], names));
  call.fields = {{"name", std::string(words[1])}};
  if (words.count() < 3) return {};
  if (auto good = check_option_value(words[1], words[2]); !good)
    return words.error(2, good.error().message, good.error().hint);
  call.fields.emplace_back("value", std::string(words[2]));
  return words.at_most(3);
}

struct CallKind {
  std::string_view word;
  Result<void> (*read)(const Words&, CallStep&);
};
constexpr CallKind call_kinds[] = {
    {"socket", no_arguments},        {"bind", no_arguments},           {"listen", listen_arguments},
    {"accept", maker_arguments},     {"connect", no_arguments},        {"send", transfer_arguments},
    {"receive", transfer_arguments}, {"receive-urgent", no_arguments}, {"shutdown", shutdown_arguments},
    {"close", no_arguments},         {"abort", no_arguments},          {"dup", maker_arguments},
    {"die", no_arguments},           {"destroy", no_arguments},        {"option", option_arguments},
    {"watch", no_arguments},
};

// --- What a call comes to

bool asks_option(const CallStep& call) {
  return call.word == "option" && call.fields.size() == 1;
}

// `call`: null where the outcome of an earlier call is collected.
Result<CallOutcome> read_outcome(const YamlNode& node, const CallStep* call) {
  const std::string& text = node.scalar;
  if (call && asks_option(*call)) return CallOutcome{CallOutcome::Kind::done, "", std::nullopt, text};
  if (text == "success") {
    if (call && call->word == "receive" && !call->length)
      return fail(node.place, "`receive` is a success with as many octets as it is asked for",
                  "`target: receive 500`");
    return CallOutcome{CallOutcome::Kind::done, "", call ? call->length : std::nullopt};
  }
  if (text == "end") {
    if (call && call->word != "receive")
      return fail(node.place, "only `receive` can come to the end of the stream");
    return CallOutcome{CallOutcome::Kind::end, "", call ? call->length.value_or(0) : 0};
  }
  if (std::ranges::find(error_names, text) != std::end(error_names))
    return CallOutcome{CallOutcome::Kind::error, text};
  const auto near = nearest_word(text, outcome_words());
  return fail(
      node.place, fmt::format("`{}` is no result of a call", printable(text)),
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
  if (outcomes->empty() && asks_option(call))
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

std::span<const std::string_view> call_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> out;
    for (const CallKind& kind : call_kinds) out.push_back(kind.word);
    return out;
  }();
  return words;
}

std::span<const std::string_view> outcome_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> out = {"success", "end"};
    out.insert(out.end(), std::begin(error_names), std::end(error_names));
    return out;
  }();
  return words;
}

Result<std::string> socket_name_of(const YamlNode& on) {
  const auto name = text_of(on, "on");
  if (!name) return name;
  return plain_name(*name, on.place, "a socket");
}

Result<void> check_option_value(std::string_view name, std::string_view value) {
  constexpr std::uint64_t most = 0x7fffffff;
  constexpr std::string_view read_only[] = {"error", "unread", "unsent"};
  if (std::ranges::find(read_only, name) != std::end(read_only))
    return fail(fmt::format("the option `{}` can only be read", name),
                fmt::format("`target: option {}`, and `result: ...` below it", name));
  const bool iss = name == "iss";  // any number but zero, which would leave the choice to the stack
  const std::uint64_t least = iss ? 1 : 0, highest = iss ? 0xffffffff : most;
  if ((name == "linger" && value == "off") || number_in(value, least, highest)) return {};
  return fail(fmt::format("the option `{}` is a number from {} to {}, got `{}`", name, least, highest,
                          printable(value)),
              name == "linger" ? "or `off`" : "");
}

Result<Step> load_call(const YamlNode& value, const Mapping& step) {
  const auto text = text_of(value, "target");
  if (!text) return pass_on(text.error());
  const Words words(*text, value);
  const auto kind = std::ranges::find(call_kinds, words[0], &CallKind::word);
  if (kind == std::end(call_kinds)) {
    return words.error(0, fmt::format("`{}` is no call of the target's application", printable(words[0])),
                       suggest(words[0], call_words()));
  }
  CallStep call;
  call.word = kind->word;
  if (call.word == "listen" || call.word == "accept") call.socket = listener_name;
  if (auto done = kind->read(words, call); !done) return pass_on(done.error());
  const auto named = [&](std::string_view key, std::string_view what, std::string& into) -> Result<void> {
    const YamlNode* node = step.find(key);
    if (!node) return {};
    const auto name = text_of(*node, key);
    if (!name) return pass_on(name.error());
    auto plain = plain_name(*name, node->place, what);
    if (!plain) return pass_on(plain.error());
    into = std::move(*plain);
    return {};
  };
  if (auto done = named("on", "a socket", call.socket); !done) return pass_on(done.error());
  if (auto done = named("later", "a call", call.later); !done) return pass_on(done.error());
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
