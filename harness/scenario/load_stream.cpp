// SPDX-License-Identifier: Apache-2.0
#include "scenario/load_stream.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "base/text.h"
#include "packet/literal.h"

namespace finack {

namespace {

constexpr std::string_view ways[] = {"send", "expect"};
constexpr std::string_view the_rest = "rest", zero_window = "zero-window";
constexpr std::uint32_t most_acked_at_once = 64;

// The parts between commas.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t comma = text.find(',');
    out.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

class PartReader {
 public:
  PartReader(const YamlNode& node, std::string_view text) : node_(node), text_(text) {}

  Result<void> read(std::string_view written, StreamStep& into) {
    const std::vector<std::string_view> words = split_words(written);
    if (words.empty())
      return fail(node_.place, "`stream` wants what is sent, what is expected, or both",
                  "`stream: send 1000 FIN, expect 500`");
    const bool sends = words[0] == ways[0];
    if (!sends && words[0] != ways[1])
      return error(words[0], fmt::format("`{}` is no way of a stream", printable(words[0])),
                   suggest(words[0], ways));
    std::optional<StreamStep::Part>& part = sends ? into.sent : into.expected;
    if (part) return error(words[0], fmt::format("`{}` stands twice", words[0]));
    if (words.size() == 2 && words[1] == "FIN")
      return error(words[1], fmt::format("`{}` wants octets before the `FIN`", words[0]),
                   fmt::format("a FIN alone is a segment: `{}: FIN+ACK`", words[0]));
    const auto octets = words.size() > 1 ? parse_unsigned<std::uint32_t>(words[1]) : std::nullopt;
    if (!octets || *octets == 0 || *octets > most_stream_octets)
      return error(words.size() > 1 ? words[1] : words[0],
                   fmt::format("`{}` wants a number of octets from 1 to {}{}", words[0], most_stream_octets,
                               words.size() > 1 ? fmt::format(", got `{}`", printable(words[1])) : ""));
    part = StreamStep::Part{*octets};
    if (words.size() == 2) return {};
    if (words[2] != "FIN")
      return error(words[2], fmt::format("behind the octets may stand `FIN`, got `{}`", printable(words[2])),
                   words[2] == "send" || words[2] == "expect" ? "a `,` lies between the two ways" : "");
    part->fin = true;
    if (words.size() > 3)
      return error(words[3],
                   fmt::format("`{}` stands after `FIN` and has no meaning there", printable(words[3])));
    return {};
  }

 private:
  tl::unexpected<Error> error(std::string_view word, std::string message, std::string hint = {}) const {
    return fail(place_of_word(node_, text_, word), std::move(message), std::move(hint));
  }

  const YamlNode& node_;
  std::string_view text_;
};

}  // namespace

Result<StreamStep> load_stream(const YamlNode& value, const Mapping& step) {
  const auto text = text_of(value, "stream");
  if (!text) return pass_on(text.error());
  StreamStep out;
  PartReader reader(value, *text);
  const std::vector<std::string_view> words = split_words(*text);
  out.rest = !words.empty() && words[0] == the_rest;
  if (out.rest && words.size() > 1)
    return fail(place_of_word(value, *text, words[1]), fmt::format("behind `{}` stands nothing", the_rest),
                "it is what a halted stream has left");
  if (!out.rest) {
    for (const std::string_view part : parts_of(*text)) {
      if (auto done = reader.read(part, out); !done) return pass_on(done.error());
    }
  }
  if (const YamlNode* until = step.find("until")) {
    const auto when = text_of(*until, "until");
    if (!when) return pass_on(when.error());
    if (*when != zero_window)
      return fail(until->place, fmt::format("`until` is `{}`, got `{}`", zero_window, printable(*when)));
    if (!out.rest && !out.sent)
      return fail(until->place, "`until` wants a stream that is sent: only that can wait for a window");
    out.until_zero_window = true;
  }
  const YamlNode* every = step.find("ack-every");
  if (!every) return out;
  if (!out.expected)
    return fail(every->place, "`ack-every` wants a stream that is expected: nothing else is acknowledged");
  const auto number = text_of(*every, "ack-every");
  if (!number) return pass_on(number.error());
  const auto count = parse_unsigned<std::uint32_t>(*number);
  if (!count || *count == 0 || *count > most_acked_at_once)
    return fail(every->place, fmt::format("`ack-every` is a number of segments from 1 to {}, got `{}`",
                                          most_acked_at_once, printable(*number)));
  out.ack_every = *count;
  return out;
}

}  // namespace finack
