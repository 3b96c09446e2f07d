// SPDX-License-Identifier: Apache-2.0
#include "scenario/given.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "scenario/mapping.h"

namespace finack {

namespace {

constexpr std::string_view example =
    "write `FIN-WAIT-2`, `FIN-WAIT-2 by shutdown`, `FIN-WAIT-2 by close, active`";

bool target_closes(TcpState state) {
  switch (state) {
    case TcpState::fin_wait_1:
    case TcpState::fin_wait_2:
    case TcpState::closing:
    case TcpState::last_ack:
    case TcpState::time_wait:
      return true;
    default:
      return false;
  }
}

// Reads the words, a comma being one of them, from left to right.
class GivenParser {
 public:
  GivenParser(std::string_view text, const Place& at) : text_(text), at_(at) {}

  Result<Given> parse() {
    const std::string_view name = next();
    const auto state = parse_tcp_state(name);
    if (!state) return no_state(name);
    given_.state = *state;
    if (*state == TcpState::syn_sent) given_.open = Given::Open::active;
    if (target_closes(*state)) given_.by = Given::Close::close;
    std::string_view word = next();
    if (word == "by") {
      if (auto done = by(next()); !done) return pass_on(done.error());
      word = next();
    }
    if (word == ",") {
      if (auto done = open(next()); !done) return pass_on(done.error());
      word = next();
    }
    if (word.empty()) return given_;
    constexpr std::string_view closes[] = {"close", "shutdown"}, opens[] = {"active", "passive"};
    const bool close = std::ranges::find(closes, word) != std::end(closes);
    const bool open = std::ranges::find(opens, word) != std::end(opens);
    return error(word, fmt::format("`{}` has no meaning here", printable(word)),
                 close  ? fmt::format("write `by {}`", word)
                 : open ? fmt::format("a comma comes before it: `, {}`", word)
                        : std::string(example));
  }

 private:
  tl::unexpected<Error> error(std::string_view word, std::string message, std::string hint) const {
    Place place = at_;
    place.column += static_cast<int>(word.data() - text_.data());
    return fail(std::move(place), std::move(message), std::move(hint));
  }
  // With spaces for hyphens a state is several words.
  tl::unexpected<Error> no_state(std::string_view first) const {
    const auto from = static_cast<std::size_t>(first.data() - text_.data());
    const std::size_t end = std::min({text_.find(" by ", from), text_.find(',', from), text_.size()});
    std::string_view name = text_.substr(from, end - from);
    if (parse_tcp_state(name) || name.empty()) name = first;
    return error(first, fmt::format("`{}` is no TCP state", printable(name)), suggest_state(name));
  }
  std::string_view next() {
    while (at_octet_ < text_.size() && text_[at_octet_] == ' ') ++at_octet_;
    const std::size_t start = at_octet_;
    if (start < text_.size() && text_[start] == ',') return text_.substr(at_octet_++, 1);
    while (at_octet_ < text_.size() && text_[at_octet_] != ' ' && text_[at_octet_] != ',') ++at_octet_;
    return text_.substr(start, at_octet_ - start);
  }
  Result<void> by(std::string_view word) {
    constexpr std::string_view ways[] = {"close", "shutdown"};
    if (word.empty()) return error(word, "`by` wants a way to close", suggest(word, ways));
    if (std::ranges::find(ways, word) == std::end(ways))
      return error(word, fmt::format("`{}` is no way to close", printable(word)), suggest(word, ways));
    // In a table of states some may not need it: there it says nothing.
    if (!target_closes(given_.state)) return {};
    given_.by = word == "close" ? Given::Close::close : Given::Close::shutdown;
    return {};
  }
  Result<void> open(std::string_view word) {
    constexpr std::string_view ways[] = {"passive", "active"};
    if (word.empty()) return error(word, "the comma wants a way to open behind it", suggest(word, ways));
    if (std::ranges::find(ways, word) == std::end(ways))
      return error(word, fmt::format("`{}` is no way to open", printable(word)), suggest(word, ways));
    given_.open = word == "passive" ? Given::Open::passive : Given::Open::active;
    if (given_.state == TcpState::listen && given_.open == Given::Open::active)
      return error(word, "no active open leads to LISTEN", "leave out `active`");
    if (given_.state == TcpState::syn_sent && given_.open == Given::Open::passive)
      return error(word, "no passive open leads to SYN-SENT", "leave out `passive`");
    return {};
  }

  std::string_view text_;
  const Place& at_;
  std::size_t at_octet_ = 0;
  Given given_;
};

}  // namespace

Result<Given> parse_given(std::string_view text, const Place& at) {
  return GivenParser(text, at).parse();
}

std::string suggest_state(std::string_view word) {
  constexpr std::pair<std::string_view, std::string_view> other_names[] = {
      {"SYN-RCVD", "SYN-RECEIVED"}, {"SYN-RECV", "SYN-RECEIVED"}, {"SYNRECV", "SYN-RECEIVED"}};
  std::string name;
  for (const char c : word.substr(0, 20))
    name += c == '_' || c == ' ' ? '-' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const auto& [other, ours] : other_names) {
    if (name == other) return fmt::format("did you mean `{}`?", ours);
  }
  return suggest(word, tcp_state_names);
}

std::string to_string(const Given& given) {
  std::string out(to_string(given.state));
  if (given.by == Given::Close::shutdown) out += " by shutdown";
  if (given.by == Given::Close::close) out += " by close";
  out += given.open == Given::Open::active ? ", active" : ", passive";
  return out;
}

}  // namespace finack
