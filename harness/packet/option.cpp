// SPDX-License-Identifier: Apache-2.0
#include "packet/option.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.h"
#include "packet/literal.h"

namespace finack {

namespace {

constexpr std::size_t most_octets = 40;             // a TCP header holds them
constexpr std::size_t most_data = most_octets - 2;  // less kind and length

// "A-B C-D" as pairs of 32-bit numbers.
std::optional<Bytes> sack_blocks(std::span<const std::string_view> words) {
  ByteWriter out;
  for (const std::string_view word : words) {
    const std::size_t dash = word.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto left = parse_unsigned<std::uint32_t>(word.substr(0, dash));
    const auto right = parse_unsigned<std::uint32_t>(word.substr(dash + 1));
    if (!left || !right) return std::nullopt;
    out.u32(*left);
    out.u32(*right);
  }
  return out.take();
}

// What follows the word `kind`: KIND [len=LENGTH] [OCTETS], or KIND theirs
std::optional<Option> parse_kind(std::span<const std::string_view> words) {
  const auto kind = words.empty() ? std::nullopt : parse_unsigned<std::uint8_t>(words[0]);
  if (!kind || *kind <= option_kind::nop) return std::nullopt;
  Option out{*kind};
  std::size_t at = 1;
  if (words.size() == 2 && words[1] == "theirs" && *kind != option_kind::timestamps) {
    out.any_value = true;
    return out;
  }
  constexpr std::string_view length = "len=";
  if (words.size() > at && words[at].starts_with(length)) {
    out.length = parse_unsigned<std::uint8_t>(words[at++].substr(length.size()));
    if (!out.length) return std::nullopt;
  }
  if (words.size() > at) {
    auto data = parse_hex(words[at++]);
    if (!data || data->size() > most_data) return std::nullopt;
    out.data = std::move(*data);
  }
  if (words.size() > at) return std::nullopt;
  if (out.length == out.size()) out.length.reset();  // it does not lie
  return out;
}

}  // namespace

Option mss_option(std::uint16_t mss) {
  return {option_kind::mss, {static_cast<std::uint8_t>(mss >> 8), static_cast<std::uint8_t>(mss)}};
}

Option timestamps_option(std::uint32_t value, std::uint32_t echo) {
  ByteWriter out;
  out.u32(value);
  out.u32(echo);
  return {option_kind::timestamps, out.take()};
}

Option raw_option(Bytes octets) {
  Option out{option_kind::end, std::move(octets)};
  out.raw = true;
  return out;
}

std::optional<std::uint16_t> mss_of(const Option& option) {
  if (option.kind != option_kind::mss || option.data.size() != 2) return std::nullopt;
  return ByteReader(option.data).u16();
}

std::optional<std::uint8_t> window_scale_of(const std::vector<Option>& options) {
  constexpr std::uint8_t most_shift = 14;
  for (const Option& option : options) {
    if (option.kind == option_kind::window_scale && option.data.size() == 1 && !option.length)
      return std::min(option.data[0], most_shift);
  }
  return std::nullopt;
}

std::optional<Timestamps> timestamps_of(const std::vector<Option>& options) {
  for (const Option& option : options) {
    if (option.kind != option_kind::timestamps || option.data.size() != 8 || option.length) continue;
    ByteReader data(option.data);
    const std::uint32_t value = data.u32();
    return Timestamps{value, data.u32()};
  }
  return std::nullopt;
}

OptionList decode_options(BytesView field) {
  OptionList out;
  ByteReader reader(field);
  while (reader.left() > 0) {
    const BytesView whole = field.subspan(field.size() - reader.left());
    const std::uint8_t kind = reader.u8();
    if (kind == option_kind::end) {
      out.options.push_back({kind, {}});
      break;  // what follows is padding
    }
    if (kind == option_kind::nop) {
      out.options.push_back({kind, {}});
      continue;
    }
    const std::uint8_t length = reader.u8();
    if (!reader.ok() || length < 2 || std::size_t{length} - 2 > reader.left()) {
      out.malformed = true;
      out.options.push_back(raw_option(Bytes(whole.begin(), whole.end())));
      break;
    }
    const BytesView data = reader.take(std::size_t{length} - 2);
    out.options.push_back({kind, Bytes(data.begin(), data.end())});
  }
  return out;
}

Bytes encode_options(const std::vector<Option>& options) {
  ByteWriter out;
  for (const Option& option : options) {
    if (!option.raw) out.u8(option.kind);
    if (!option.raw && option.kind > option_kind::nop)
      out.u8(option.length.value_or(static_cast<std::uint8_t>(option.size())));
    out.append(option.data);
  }
  return out.take();
}

std::size_t size_of(const std::vector<Option>& options) {
  std::size_t size = 0;
  for (const Option& option : options) size += option.size();
  return size;
}

std::string to_string(const Option& option) {
  ByteReader data(option.data);
  const std::size_t size = option.data.size();
  if (option.raw) return "raw " + to_hex(option.data);
  if (option.any_value && option.kind != option_kind::timestamps)
    return fmt::format("kind {} theirs", option.kind);
  if (option.length) {
    return fmt::format("kind {} len={}{}{}", option.kind, *option.length, size > 0 ? " " : "",
                       to_hex(option.data));
  }
  if (option.kind == option_kind::end) return "eol";
  if (option.kind == option_kind::nop) return "nop";
  if (option.kind == option_kind::mss && size == 2) return fmt::format("mss {}", data.u16());
  if (option.kind == option_kind::window_scale && size == 1) return fmt::format("wscale {}", data.u8());
  if (option.kind == option_kind::sack_permitted && size == 0) return "sackok";
  if (option.kind == option_kind::timestamps && size == 8) {
    const std::uint32_t value = data.u32(), echo = data.u32();
    return option.any_value ? fmt::format("ts any {}", echo) : fmt::format("ts {} {}", value, echo);
  }
  if (option.kind == option_kind::sack && size > 0 && size % 8 == 0) {
    std::string out = "sack";
    while (data.left() > 0) {
      const std::uint32_t left = data.u32();
      out += fmt::format(" {}-{}", left, data.u32());
    }
    return out;
  }
  return fmt::format("kind {}{}{}", option.kind, size > 0 ? " " : "", to_hex(option.data));
}

std::string to_string(const std::vector<Option>& options) {
  std::vector<std::string> parts;
  for (const Option& option : options) parts.push_back(to_string(option));
  return "<" + join(parts, ", ") + ">";
}

Result<Option> parse_option(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  const std::string_view name = words.empty() ? "" : words[0];
  const std::span<const std::string_view> args = std::span(words).subspan(words.empty() ? 0 : 1);
  const auto wrong = [&](std::string_view form, std::string hint = {}) {
    return fail(fmt::format("an option `{}` is written `{}`", name, form), std::move(hint));
  };

  if (name == "nop" || name == "eol" || name == "sackok") {
    if (!args.empty()) return wrong(name);
    return Option{name == "nop"   ? option_kind::nop
                  : name == "eol" ? option_kind::end
                                  : option_kind::sack_permitted,
                  {}};
  }
  if (name == "mss") {
    const auto value = args.size() == 1 ? parse_unsigned<std::uint16_t>(args[0]) : std::nullopt;
    if (!value) return wrong("mss 1460", "its number is at most 65535");
    return mss_option(*value);
  }
  if (name == "wscale") {
    const auto value = args.size() == 1 ? parse_unsigned<std::uint8_t>(args[0]) : std::nullopt;
    if (!value) return wrong("wscale 7", "its number is at most 255");
    return Option{option_kind::window_scale, {*value}};
  }
  if (name == "ts") {
    const bool any = args.size() == 2 && args[0] == "any";
    const auto value = any                ? std::optional<std::uint32_t>(0)
                       : args.size() == 2 ? parse_unsigned<std::uint32_t>(args[0])
                                          : std::nullopt;
    const auto echo = args.size() == 2 ? parse_unsigned<std::uint32_t>(args[1]) : std::nullopt;
    if (!value || !echo) return wrong("ts VALUE ECHO", "both are at most 4294967295");
    Option out = timestamps_option(*value, *echo);
    out.any_value = any;
    return out;
  }
  if (name == "sack") {
    auto blocks = sack_blocks(args);
    if (args.empty() || !blocks || blocks->size() > most_data)
      return wrong("sack LEFT-RIGHT", "one to four blocks, with numbers as on the wire");
    return Option{option_kind::sack, std::move(*blocks)};
  }
  if (name == "raw") {
    auto octets = args.size() == 1 ? parse_hex(args[0]) : std::nullopt;
    if (!octets || octets->empty() || octets->size() > most_octets)
      return wrong("raw 0204", "1 to 40 octets in hexadecimal, without spaces");
    return raw_option(std::move(*octets));
  }
  if (name == "kind") {
    if (auto option = parse_kind(args)) return *std::move(option);
    return wrong("kind 254 0a0b` or `kind 254 len=9 0a0b",
                 "the kind is 2 to 255, the octets at most 38 in hexadecimal");
  }
  constexpr std::string_view names[] = {"mss", "wscale", "sackok", "sack", "ts", "nop", "eol", "kind", "raw"};
  const auto near = nearest_word(name, names);
  return fail(
      fmt::format("`{}` is no option", printable(name)),
      near ? fmt::format("did you mean `{}`?", *near) : fmt::format("one of: {}", fmt::join(names, ", ")));
}

}  // namespace finack
