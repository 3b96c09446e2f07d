// SPDX-License-Identifier: Apache-2.0
#include "packet/notation.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/text.h"

namespace finack {

namespace {

constexpr std::string_view field_names[] = {"seq", "ack", "len", "win", "urg", "bad-checksum"};
// Payload of one segment: with headers and 40 octets of options it fits a frame of 1,500 octets in either
// family.
constexpr std::uint32_t most_octets = 1400;

// Reads the words of one segment from left to right; each error points at the word at fault.
class SegmentParser {
 public:
  SegmentParser(std::string_view text, Direction direction, const std::optional<Place>& at)
      : text_(text), direction_(direction), at_(at) {}

  Result<SegmentSpec> parse() {
    const std::size_t options = text_.find('<');
    const std::vector<std::string_view> words = split_words(text_.substr(0, options));
    if (words.empty())
      return error(text_, "a segment begins with its flags", "write `ACK`, `FIN+ACK`, `none` or `any`");
    if (auto done = flags(words[0]); !done) return pass_on(done.error());
    for (const std::string_view word : std::span(words).subspan(1)) {
      if (auto done = field(word); !done) return pass_on(done.error());
    }
    if (options != std::string_view::npos) {
      if (auto done = option_list(text_.substr(options)); !done) return pass_on(done.error());
    }
    return spec_;
  }

 private:
  tl::unexpected<Error> error(std::string_view word, std::string message, std::string hint = {}) const {
    if (!at_) return fail(std::move(message), std::move(hint));
    Place place = *at_;
    place.column += static_cast<int>(word.data() - text_.data());
    return fail(std::move(place), std::move(message), std::move(hint));
  }

  Result<void> only_expecting(std::string_view word, std::string_view what) const {
    if (direction_ == Direction::expecting) return {};
    return error(word,
                 fmt::format("`{}` is for `expect`; a segment that is sent needs definite {}", word, what));
  }

  Result<void> flags(std::string_view word) {
    if (word == "any") {
      spec_.any_flags = true;
      return only_expecting(word, "flags");
    }
    if (word == "none") return {};
    for (std::size_t at = 0; at <= word.size();) {
      const std::size_t end = std::min(word.find('+', at), word.size());
      if (auto done = one_flag(word.substr(at, end - at)); !done) return done;
      at = end + 1;
    }
    return {};
  }

  Result<void> one_flag(std::string_view word) {
    std::string_view name = word;
    const bool optional = !name.empty() && name.back() == '?';
    if (optional) {
      if (auto done = only_expecting(word, "flags"); !done) return done;
      name.remove_suffix(1);
    }
    const auto flag = parse_flag(name);
    if (!flag) {
      const auto near = nearest_word(name, flag_names());
      return error(word, fmt::format("`{}` is no TCP flag", printable(name)),
                   near ? fmt::format("did you mean `{}`?", *near) : "flags join with `+`: FIN+ACK");
    }
    if (spec_.flags.has(*flag) || spec_.optional_flags.has(*flag)) {
      return error(word, fmt::format("the flag `{}` stands twice", name));
    }
    (optional ? spec_.optional_flags : spec_.flags) = (optional ? spec_.optional_flags : spec_.flags) + *flag;
    return {};
  }

  Result<void> field(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (name == "bad-checksum" && equals == std::string_view::npos) {
      if (direction_ == Direction::expecting)
        return error(word, "a segment with a wrong checksum cannot be expected");
      return once(word, name, spec_.bad_checksum, true);
    }
    const std::string_view value = equals == std::string_view::npos ? "" : word.substr(equals + 1);
    if (name == "seq") return number(word, name, value, spec_.seq);
    if (name == "ack") return number(word, name, value, spec_.ack);
    if (name == "len") return bounded(word, name, value, most_octets, spec_.length);
    if (name == "win") return bounded(word, name, value, std::uint16_t{0xffff}, spec_.window);
    if (name == "urg") return bounded(word, name, value, std::uint16_t{0xffff}, spec_.urgent);
    const auto near = nearest_word(name, field_names);
    return error(
        word, fmt::format("`{}` is no field of a segment", printable(word)),
        near ? fmt::format("did you mean `{}`?", *near) : "fields are seq, ack, len, win, urg, bad-checksum");
  }

  template <class Field, class Value>
  Result<void> once(std::string_view word, std::string_view name, Field& into, Value value) {
    if (into) return error(word, fmt::format("`{}` stands twice", name));
    into = value;
    return {};
  }

  template <class T>
  Result<void> bounded(std::string_view word, std::string_view name, std::string_view value, T most,
                       std::optional<T>& into) {
    T parsed{};
    const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (value.empty() || status == std::errc::invalid_argument || end != value.data() + value.size()) {
      return error(word, fmt::format("`{}` wants a number, got `{}`", name, printable(value)));
    }
    if (status != std::errc{} || parsed > most) {
      return error(word, fmt::format("`{}` is at most {}, got {}", name, most, printable(value)));
    }
    return once(word, name, into, parsed);
  }

  Result<void> number(std::string_view word, std::string_view name, std::string_view value,
                      std::optional<Number>& into) {
    const auto wrong = [&](std::string why) {
      return error(word, std::move(why),
                   fmt::format("write `{0}=1`, `{0}=next`, `{0}=next-1` or `{0}=#NUMBER`", name));
    };
    Number number;
    std::string_view digits = value;
    if (value == "any") {
      if (auto done = only_expecting(word, "numbers"); !done) return done;
      number.base = Number::Base::any;
      return once(word, name, into, number);
    }
    if (value.starts_with("next")) {
      number.base = Number::Base::next;
      digits.remove_prefix(4);
      if (digits.empty()) return once(word, name, into, number);
      if (digits.front() != '+' && digits.front() != '-')
        return wrong(fmt::format("`{}` is no number", printable(value)));
    } else if (value.starts_with('#')) {
      number.base = Number::Base::absolute;
      digits.remove_prefix(1);
    }
    const bool plus = !digits.empty() && digits.front() == '+' && number.base == Number::Base::next;
    if (plus) digits.remove_prefix(1);
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number.offset);
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    if (digits.empty() || status == std::errc::invalid_argument || end != digits.data() + digits.size() ||
        (plus && digits.front() == '-')) {
      return wrong(fmt::format("`{}` wants a number, got `{}`", name, printable(value)));
    }
    if (status != std::errc{} || number.offset > most || number.offset < -most ||
        (number.offset < 0 && number.base == Number::Base::absolute)) {
      return wrong(fmt::format("`{}` is out of the range of sequence numbers", printable(value)));
    }
    return once(word, name, into, number);
  }

  Result<void> option_list(std::string_view text) {
    const std::size_t close = text.find('>');
    if (close == std::string_view::npos) return error(text, "the list of options lacks its closing `>`");
    if (const auto rest = split_words(text.substr(close + 1)); !rest.empty()) {
      return error(rest[0],
                   fmt::format("`{}` stands after the options; options come last", printable(rest[0])));
    }
    std::vector<Option> options;
    const std::string_view list = text.substr(1, close - 1);
    if (!split_words(list).empty()) {
      for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        const std::string_view item = list.substr(at, end - at);
        auto option = parse_option(item);
        if (!option) return error(item, option.error().message, option.error().hint);
        options.push_back(std::move(*option));
        at = end + 1;
      }
    }
    if (const std::size_t size = encode_options(options).size(); size > 40) {
      return error(text, fmt::format("{} octets of options; a TCP header holds 40", size));
    }
    spec_.options = std::move(options);
    return {};
  }

  std::string_view text_;
  Direction direction_;
  const std::optional<Place>& at_;
  SegmentSpec spec_;
};

std::string options_text(const std::vector<Option>& options) {
  std::vector<std::string> parts;
  for (const Option& option : options) parts.push_back(to_string(option));
  return " <" + join(parts, ", ") + ">";
}

std::string number_text(Seq value, const std::optional<Seq>& base) {
  return base ? fmt::format("{}", value - *base) : fmt::format("#{}", value.value);
}

}  // namespace

Result<SegmentSpec> parse_segment(std::string_view text, Direction direction,
                                  const std::optional<Place>& at) {
  return SegmentParser(text, direction, at).parse();
}

std::string to_string(const Number& number) {
  switch (number.base) {
    case Number::Base::any:
      return "any";
    case Number::Base::absolute:
      return fmt::format("#{}", number.offset);
    case Number::Base::isn:
      return fmt::format("{}", number.offset);
    case Number::Base::next:
      break;
  }
  return number.offset == 0 ? "next" : fmt::format("next{:+}", number.offset);
}

std::string to_string(const SegmentSpec& spec) {
  std::string out = spec.any_flags ? "any" : to_string(spec.flags);
  if (!spec.optional_flags.empty()) {
    std::vector<std::string> parts;
    if (!spec.flags.empty()) parts.push_back(out);
    for (const std::string_view name : flag_names()) {
      if (spec.optional_flags.has(*parse_flag(name))) parts.push_back(std::string(name) + "?");
    }
    out = join(parts, "+");
  }
  if (spec.seq) out += " seq=" + to_string(*spec.seq);
  if (spec.ack) out += " ack=" + to_string(*spec.ack);
  if (spec.length) out += fmt::format(" len={}", *spec.length);
  if (spec.window) out += fmt::format(" win={}", *spec.window);
  if (spec.urgent) out += fmt::format(" urg={}", *spec.urgent);
  if (spec.bad_checksum) out += " bad-checksum";
  if (spec.options) out += options_text(*spec.options);
  return out;
}

std::string to_string(const Segment& segment, const NumberBase& base) {
  std::string out = to_string(segment.flags) + " seq=" + number_text(segment.seq, base.sender);
  if (segment.flags.has(flag::ack)) out += " ack=" + number_text(segment.ack, base.receiver);
  if (!segment.payload.empty()) out += fmt::format(" len={}", segment.payload.size());
  out += fmt::format(" win={}", segment.window);
  if (segment.urgent != 0) out += fmt::format(" urg={}", segment.urgent);
  if (segment.bad_checksum) out += " bad-checksum";
  if (segment.reserved != 0) out += fmt::format(" reserved={:#x}", segment.reserved);
  if (segment.malformed_options) out += " malformed-options";
  if (!segment.options.empty()) out += options_text(segment.options);
  return out;
}

}  // namespace finack
