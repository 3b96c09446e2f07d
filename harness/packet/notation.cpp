// SPDX-License-Identifier: Apache-2.0
#include "packet/notation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/text.h"
#include "packet/field.h"
#include "packet/word_error.h"

namespace finack {

namespace {

// The part of `text` between its blanks; empty at the same place when there is nothing else.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// `list` begins with its `<`; `text`, which holds it, begins at `at`.
Result<std::vector<Option>> read_options(std::string_view text, std::string_view list, Direction direction,
                                         const std::optional<Place>& at) {
  const auto error = [&](std::string_view word, std::string message, std::string hint = {}) {
    return fail_at_word(text, at, word, std::move(message), std::move(hint));
  };
  const std::size_t close = list.find('>');
  if (close == std::string_view::npos) return error(list, "the list of options lacks its closing `>`");
  if (const auto rest = split_words(list.substr(close + 1)); !rest.empty())
    return error(rest[0],
                 fmt::format("`{}` stands after the options; options come last", printable(rest[0])));
  std::vector<Option> options;
  const std::string_view inner = list.substr(1, close - 1);
  for (std::size_t from = 0; !trimmed(inner).empty() && from <= inner.size();) {
    const std::size_t end = std::min(inner.find(',', from), inner.size());
    const std::string_view item = trimmed(inner.substr(from, end - from));
    if (item.empty()) return error(inner.substr(end), "an option is missing beside the `,`");
    auto option = parse_option(item);
    if (!option) return error(item, option.error().message, option.error().hint);
    const bool stamps = option->kind == option_kind::timestamps, sends = direction == Direction::sending;
    if (option->any_value && stamps && sends)
      return error(item, "`ts any` is for `expect`; a segment that is sent needs a definite timestamp");
    if (option->any_value && !stamps && !sends)
      return error(item, "`theirs` is for `send`; without it any octets will do");
    options.push_back(std::move(*option));
    from = end + 1;
  }
  if (const std::size_t size = encode_options(options).size(); size > 40)
    return error(list, fmt::format("{} octets of options; a TCP header holds 40", size));
  return options;
}

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
    flags_word_ = words[0];
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
    return fail_at_word(text_, at_, word, std::move(message), std::move(hint));
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

  static std::string flag_hint(std::string_view name) {
    if (const auto joined = joined_flags(name)) return fmt::format("flags join with `+`: `{}`", *joined);
    if (name == "any" || name == "none") return fmt::format("`{}` stands alone", name);
    const auto near = nearest_word(name, flag_names());
    return near ? fmt::format("did you mean `{}`?", *near) : "flags join with `+`: `FIN+ACK`";
  }

  Result<void> one_flag(std::string_view word) {
    std::string_view name = word;
    const bool optional = !name.empty() && name.back() == '?', absent = name.starts_with('!');
    if (optional || absent) {
      if (auto done = only_expecting(word, "flags"); !done) return done;
      optional ? name.remove_suffix(1) : name.remove_prefix(1);
    }
    if (name.empty()) return error(word, "a flag is missing beside the `+`");
    const auto flag = parse_flag(name);
    if (!flag) return error(word, fmt::format("`{}` is no TCP flag", printable(name)), flag_hint(name));
    if (absent && !free_flags.has(*flag))
      return error(
          word,
          fmt::format("`{}` says nothing: flags that are not written are not set, but for PSH, ECE, CWR",
                      word));
    if ((spec_.flags + spec_.optional_flags + spec_.absent_flags).has(*flag)) {
      return error(word, fmt::format("the flag `{}` stands twice", name));
    }
    Flags& flags = optional ? spec_.optional_flags : absent ? spec_.absent_flags : spec_.flags;
    flags = flags + *flag;
    return {};
  }

  Result<void> field(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    const auto known = std::ranges::find(segment_fields(), name, &Field::name);
    if (known == segment_fields().end()) {
      const auto near = nearest_word(name, segment_field_names());
      const auto joined = joined_flags(fmt::format("{} {}", flags_word_, name));
      return error(word, fmt::format("`{}` is no field of a segment", printable(word)),
                   joined ? fmt::format("flags join with `+`: `{}`", *joined)
                   : near ? fmt::format("did you mean `{}`?", *near)
                          : "fields are seq, ack, len, win, urg, bad-checksum and those in docs/language.md");
    }
    Field bounded = *known;
    // What the target sends need not fit a frame of ours.
    if (direction_ == Direction::expecting && name == "len") bounded.most = 0xffff;
    if (!known->expectable && direction_ == Direction::expecting) {
      return name == "bad-checksum" ? error(word, "a segment with a wrong checksum cannot be expected")
                                    : error(word, fmt::format("`{}` is for `send`", name));
    }
    if (!known->has_value && equals != std::string_view::npos)
      return error(word, fmt::format("`{}` takes no value", name));
    if (std::ranges::find(seen_, name) != seen_.end())
      return error(word, fmt::format("`{}` stands twice", name));
    seen_.push_back(name);
    const std::string_view value = equals == std::string_view::npos ? "" : word.substr(equals + 1);
    if (known->has_value && value.empty()) return no_value(word, name);
    if (auto done = known->read(bounded, value, spec_); !done)
      return error(word, done.error().message, done.error().hint);
    if (spec_.bad_checksum && spec_.checksum)
      return error(word, "`checksum` and `bad-checksum` exclude each other");
    if (name == "seq") return number(word, *spec_.seq);
    if (name == "ack") return number(word, *spec_.ack);
    return {};
  }

  // Most likely there are spaces around the `=`.
  tl::unexpected<Error> no_value(std::string_view word, std::string_view name) const {
    const auto rest =
        split_words(text_.substr(static_cast<std::size_t>(word.data() - text_.data()) + word.size()));
    std::string_view value;
    for (const std::string_view next : rest) {
      value = next.starts_with('=') ? next.substr(1) : next;
      if (!value.empty()) break;
    }
    const bool spaced = !value.empty() && (std::isdigit(static_cast<unsigned char>(value.front())) != 0 ||
                                           rest.front().starts_with('='));
    return error(word, fmt::format("`{}` lacks its value", name),
                 spaced ? fmt::format("without spaces: `{}={}`", name, printable(value))
                        : fmt::format("write `{}=VALUE`", name));
  }

  Result<void> number(std::string_view word, const Number& number) const {
    if (number.only_expected()) return only_expecting(word, "numbers");
    if (number.windows != 0 && direction_ == Direction::expecting) {
      return error(word, fmt::format("`{}`: `window` is for `send`", printable(word)));
    }
    return {};
  }

  Result<void> option_list(std::string_view list) {
    auto options = read_options(text_, list, direction_, at_);
    if (!options) return pass_on(options.error());
    spec_.options = std::move(*options);
    return {};
  }

  std::string_view text_;
  Direction direction_;
  const std::optional<Place>& at_;
  SegmentSpec spec_;
  std::string_view flags_word_;
  std::vector<std::string_view> seen_;
};

// As a scenario would have to write it.
SegmentSpec spec_of(const Segment& segment, const NumberBase& base) {
  SegmentSpec out;
  out.seq = relative_number(segment.seq, base.sender);
  if (segment.flags.has(flag::ack)) out.ack = relative_number(segment.ack, base.receiver);
  if (!segment.payload.empty()) out.length = static_cast<std::uint32_t>(segment.payload.size());
  out.window = segment.window;
  if (segment.urgent != 0) out.urgent = segment.urgent;
  out.bad_checksum = segment.bad_checksum;
  if (segment.reserved != 0) out.reserved = segment.reserved;
  if (segment.received) return out;

  out.checksum = segment.defects.checksum;
  out.data_offset = segment.defects.data_offset;
  if (segment.other_connection) {
    out.source = segment.source.address;
    out.destination = segment.destination.address;
    out.source_port = segment.source.port;
    out.destination_port = segment.destination.port;
  }
  const IpHeader& ip = segment.ip;
  const IpHeader usual;
  const bool ipv4 = segment.source.address.family == Family::ipv4;
  if (ip.ttl != usual.ttl) out.ttl = ip.ttl;
  if (ip.tos != usual.tos) out.tos = ip.tos;
  if (ipv4 && ip.id != usual.id) out.id = ip.id;
  if (ipv4 && ip.dont_fragment != usual.dont_fragment) out.dont_fragment = ip.dont_fragment;
  if (ip.flow != usual.flow) out.flow = ip.flow;
  if (!ip.options.empty()) out.ip_options = ip.options;
  if (!ip.extensions.empty()) out.extensions = ip.extensions;
  const IpDefects& defects = segment.ip_defects;
  out.ip_length = defects.length;
  out.ip_version = defects.version;
  out.ip_header_length = defects.header_length;
  out.protocol = defects.protocol;
  out.bad_ip_checksum = defects.bad_checksum;
  if (defects.cut != 0) out.cut = defects.cut;
  out.fragments = defects.fragments;
  return out;
}

}  // namespace

Result<SegmentSpec> parse_segment(std::string_view text, Direction direction,
                                  const std::optional<Place>& at) {
  return SegmentParser(text, direction, at).parse();
}

Result<std::vector<Option>> parse_option_list(std::string_view text, const std::optional<Place>& at) {
  const std::string_view list = trimmed(text);
  if (!list.starts_with('<')) {
    return fail_at_word(text, at, list, fmt::format("`{}` is no list of TCP options", printable(list)),
                        "write it as in a segment: `<mss 1460, sackok>`");
  }
  return read_options(text, list, Direction::sending, at);
}

std::string to_string(const SegmentSpec& spec) {
  std::string out = spec.any_flags ? "any" : to_string(spec.flags);
  if (!(spec.optional_flags + spec.absent_flags).empty()) {
    std::vector<std::string> parts;
    if (!spec.flags.empty()) parts.push_back(out);
    for (const std::string_view name : flag_names()) {
      if (spec.optional_flags.has(*parse_flag(name))) parts.push_back(std::string(name) + "?");
      if (spec.absent_flags.has(*parse_flag(name))) parts.push_back("!" + std::string(name));
    }
    out = join(parts, "+");
  }
  out += fields_text(spec);
  if (spec.options) out += " " + to_string(*spec.options);
  return out;
}

std::string to_string(const Segment& segment, const NumberBase& base) {
  std::string out = to_string(segment.flags) + fields_text(spec_of(segment, base));
  if (segment.malformed_options) out += " malformed-options";
  if (!segment.options.empty()) out += " " + to_string(segment.options);
  return out;
}

}  // namespace finack
