// SPDX-License-Identifier: Apache-2.0
#include "packet/option.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/text.h"

namespace finack {

namespace {

template <class T>
std::optional<T> number(std::string_view text, int base = 10) {
  T value{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Bytes> hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto octet = number<std::uint8_t>(text.substr(i, 2), 16);
    if (!octet) return std::nullopt;
    out.push_back(*octet);
  }
  return out;
}

// "A-B C-D" as pairs of 32-bit numbers.
std::optional<Bytes> sack_blocks(std::span<const std::string_view> words) {
  ByteWriter out;
  for (const std::string_view word : words) {
    const std::size_t dash = word.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto left = number<std::uint32_t>(word.substr(0, dash));
    const auto right = number<std::uint32_t>(word.substr(dash + 1));
    if (!left || !right) return std::nullopt;
    out.u32(*left);
    out.u32(*right);
  }
  return out.take();
}

}  // namespace

Option mss_option(std::uint16_t mss) {
  return {option_kind::mss, {static_cast<std::uint8_t>(mss >> 8), static_cast<std::uint8_t>(mss)}};
}

std::optional<std::uint16_t> mss_of(const Option& option) {
  if (option.kind != option_kind::mss || option.data.size() != 2) return std::nullopt;
  return ByteReader(option.data).u16();
}

OptionList decode_options(BytesView field) {
  OptionList out;
  ByteReader reader(field);
  while (reader.left() > 0) {
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
    out.u8(option.kind);
    if (option.kind <= option_kind::nop) continue;
    out.u8(static_cast<std::uint8_t>(option.size()));
    out.append(option.data);
  }
  return out.take();
}

std::string to_string(const Option& option) {
  ByteReader data(option.data);
  const std::size_t size = option.data.size();
  if (option.kind == option_kind::end) return "eol";
  if (option.kind == option_kind::nop) return "nop";
  if (option.kind == option_kind::mss && size == 2) return fmt::format("mss {}", data.u16());
  if (option.kind == option_kind::window_scale && size == 1) return fmt::format("wscale {}", data.u8());
  if (option.kind == option_kind::sack_permitted && size == 0) return "sackok";
  if (option.kind == option_kind::timestamps && size == 8) {
    const std::uint32_t value = data.u32();
    return fmt::format("ts {} {}", value, data.u32());
  }
  if (option.kind == option_kind::sack && size > 0 && size % 8 == 0) {
    std::string out = "sack";
    while (data.left() > 0) {
      const std::uint32_t left = data.u32();
      out += fmt::format(" {}-{}", left, data.u32());
    }
    return out;
  }
  std::string out = fmt::format("kind {}", option.kind);
  if (size > 0) out += ' ';
  for (const std::uint8_t octet : option.data) out += fmt::format("{:02x}", octet);
  return out;
}

Result<Option> parse_option(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  const std::string_view name = words.empty() ? "" : words[0];
  const std::span<const std::string_view> args = std::span(words).subspan(words.empty() ? 0 : 1);
  const auto wrong = [&](std::string_view form) {
    return fail(fmt::format("an option `{}` is written `{}`", name, form));
  };

  if (name == "nop" || name == "eol" || name == "sackok") {
    if (!args.empty()) return wrong(name);
    return Option{name == "nop"   ? option_kind::nop
                  : name == "eol" ? option_kind::end
                                  : option_kind::sack_permitted,
                  {}};
  }
  if (name == "mss") {
    const auto value = args.size() == 1 ? number<std::uint16_t>(args[0]) : std::nullopt;
    if (!value) return wrong("mss 1460");
    return mss_option(*value);
  }
  if (name == "wscale") {
    const auto value = args.size() == 1 ? number<std::uint8_t>(args[0]) : std::nullopt;
    if (!value) return wrong("wscale 7");
    return Option{option_kind::window_scale, {*value}};
  }
  if (name == "ts") {
    const auto value = args.size() == 2 ? number<std::uint32_t>(args[0]) : std::nullopt;
    const auto echo = args.size() == 2 ? number<std::uint32_t>(args[1]) : std::nullopt;
    if (!value || !echo) return wrong("ts VALUE ECHO");
    ByteWriter out;
    out.u32(*value);
    out.u32(*echo);
    return Option{option_kind::timestamps, out.take()};
  }
  constexpr std::size_t most_data = 38;  // 40 octets of options less kind and length
  if (name == "sack") {
    auto blocks = sack_blocks(args);
    if (args.empty() || !blocks || blocks->size() > most_data) return wrong("sack LEFT-RIGHT");
    return Option{option_kind::sack, std::move(*blocks)};
  }
  if (name == "kind") {
    const auto kind = !args.empty() && args.size() <= 2 ? number<std::uint8_t>(args[0]) : std::nullopt;
    auto data = args.size() == 2 ? hex(args[1]) : std::optional<Bytes>(Bytes{});
    if (!kind || *kind <= option_kind::nop || !data || data->size() > most_data)
      return wrong("kind 254 0a0b");
    return Option{*kind, std::move(*data)};
  }
  constexpr std::string_view names[] = {"mss", "wscale", "sackok", "sack", "ts", "nop", "eol", "kind"};
  const auto near = nearest_word(name, names);
  return fail(fmt::format("`{}` is no option", printable(name)),
              near ? fmt::format("did you mean `{}`?", *near) : "");
}

}  // namespace finack
