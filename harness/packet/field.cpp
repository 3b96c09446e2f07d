// SPDX-License-Identifier: Apache-2.0
#include "packet/field.h"

#include <fmt/format.h>

#include <array>
#include <type_traits>
#include <utility>

#include "base/text.h"
#include "packet/literal.h"

namespace finack {

namespace {

// Payload of one segment: with headers and 40 octets of options it fits a frame of 1,500 octets in either
// family.
constexpr std::uint64_t most_payload = 1400;
constexpr std::uint64_t u8 = 0xff, u16 = 0xffff;
constexpr std::size_t most_ip_options = 40, most_extensions = 16;

enum class Style { decimal, hex, hex16 };

template <auto member>
using Value = typename std::remove_cvref_t<decltype(std::declval<SegmentSpec>().*member)>::value_type;

template <auto member>
Result<void> read_integer(const Field& field, std::string_view value, SegmentSpec& spec) {
  const auto sum = parse_sum(value);
  if (!sum || sum->windows != 0)
    return fail(fmt::format("`{}` wants a number, got `{}`", field.name, printable(value)));
  if (sum->integers < 0) return fail(fmt::format("`{}` is at least 0, got {}", field.name, printable(value)));
  if (static_cast<std::uint64_t>(sum->integers) > field.most)
    return fail(fmt::format("`{}` is at most {}, got {}", field.name, field.most, printable(value)));
  spec.*member = static_cast<Value<member>>(sum->integers);
  return {};
}

template <auto member, Style style>
std::optional<std::string> integer_text(const SegmentSpec& spec) {
  if (!(spec.*member)) return std::nullopt;
  const auto value = static_cast<std::uint64_t>(*(spec.*member));
  return style == Style::hex     ? fmt::format("{:#x}", value)
         : style == Style::hex16 ? fmt::format("{:#06x}", value)
                                 : fmt::format("{}", value);
}

template <auto member, Style style = Style::decimal>
constexpr Field integer(std::string_view name, std::uint64_t most, bool expectable = false) {
  return {name, expectable, true, most, read_integer<member>, integer_text<member, style>};
}

template <auto member>
constexpr Field mark(std::string_view name) {
  return {
      name,
      false,
      false,
      0,
      [](const Field&, std::string_view, SegmentSpec& spec) -> Result<void> {
        spec.*member = true;
        return {};
      },
      [](const SegmentSpec& spec) { return spec.*member ? std::optional<std::string>("") : std::nullopt; }};
}

template <auto member>
constexpr Field number(std::string_view name) {
  return {name,
          true,
          true,
          0,
          [](const Field& field, std::string_view value, SegmentSpec& spec) -> Result<void> {
            auto parsed = parse_number(field.name, value);
            if (!parsed) return pass_on(parsed.error());
            spec.*member = *parsed;
            return {};
          },
          [](const SegmentSpec& spec) {
            return spec.*member ? std::optional(to_string(*(spec.*member))) : std::nullopt;
          }};
}

// `most` octets.
template <auto member>
Result<void> read_octets(const Field& field, std::string_view value, SegmentSpec& spec) {
  auto octets = parse_hex(value);
  if (!octets || octets->empty()) {
    return fail(fmt::format("`{}` wants octets, got `{}`", field.name, printable(value)),
                fmt::format("write two hexadecimal digits an octet: {}=0a0b", field.name));
  }
  if (octets->size() > field.most)
    return fail(fmt::format("`{}` has at most {} octets, got {}", field.name, field.most, octets->size()));
  spec.*member = std::move(*octets);
  return {};
}

template <auto member>
std::optional<std::string> octets_text(const SegmentSpec& spec) {
  return spec.*member ? std::optional(to_hex(*(spec.*member))) : std::nullopt;
}

template <auto member>
constexpr Field address(std::string_view name) {
  return {name,
          false,
          true,
          0,
          [](const Field& field, std::string_view value, SegmentSpec& spec) -> Result<void> {
            spec.*member = Address::parse(value);
            if (!(spec.*member))
              return fail(fmt::format("`{}` wants an address, got `{}`", field.name, printable(value)));
            return {};
          },
          [](const SegmentSpec& spec) {
            return spec.*member ? std::optional(to_string(*(spec.*member))) : std::nullopt;
          }};
}

Result<void> different_length() {
  return fail("`len` and `data` disagree", "with `data`, `len` can be left out");
}

Result<void> read_length(const Field& field, std::string_view value, SegmentSpec& spec) {
  if (auto done = read_integer<&SegmentSpec::length>(field, value, spec); !done) return done;
  return spec.data && *spec.length != spec.data->size() ? different_length() : Result<void>();
}

std::optional<std::string> length_text(const SegmentSpec& spec) {
  return spec.data ? std::nullopt : integer_text<&SegmentSpec::length, Style::decimal>(spec);
}

Result<void> read_data(const Field& field, std::string_view value, SegmentSpec& spec) {
  if (auto done = read_octets<&SegmentSpec::data>(field, value, spec); !done) return done;
  const auto size = static_cast<std::uint32_t>(spec.data->size());
  if (spec.length.value_or(size) != size) return different_length();
  spec.length = size;
  return {};
}

Result<void> read_extensions(const Field&, std::string_view value, SegmentSpec& spec) {
  std::vector<ExtensionHeader> out;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find('+', at), value.size());
    const std::string_view name = value.substr(at, end - at);
    const auto header = parse_extension_header(name);
    if (!header) {
      constexpr std::string_view names[] = {"hop-by-hop", "destination", "routing", "source-route"};
      const auto near = nearest_word(name, names);
      return fail(fmt::format("`{}` is no IPv6 extension header", printable(name)),
                  near ? fmt::format("did you mean `{}`?", *near)
                       : "there are hop-by-hop, destination, routing and source-route, joined with `+`");
    }
    out.push_back(*header);
    at = end + 1;
  }
  if (out.size() > most_extensions)
    return fail(fmt::format("`ext` has at most {} headers, got {}", most_extensions, out.size()));
  spec.extensions = std::move(out);
  return {};
}

std::optional<std::string> extensions_text(const SegmentSpec& spec) {
  if (!spec.extensions) return std::nullopt;
  std::string out;
  for (const ExtensionHeader header : *spec.extensions) {
    if (!out.empty()) out += '+';
    out += to_string(header);
  }
  return out;
}

constexpr std::string_view reversed_suffix = "-reversed", overlapping_suffix = "-overlapping";

Result<void> read_fragments(const Field& field, std::string_view value, SegmentSpec& spec) {
  Fragments out;
  out.reversed = value.ends_with(reversed_suffix);
  out.overlapping = value.ends_with(overlapping_suffix);
  const std::size_t suffix = out.reversed      ? reversed_suffix.size()
                             : out.overlapping ? overlapping_suffix.size()
                                               : 0;
  const auto count = parse_unsigned<std::uint8_t>(value.substr(0, value.size() - suffix));
  const unsigned least = suffix == 0 ? 1 : 2;
  if (!count || *count < least || *count > field.most) {
    return fail(fmt::format("`{}` wants {} to {}, got `{}`", field.name, least, field.most, printable(value)),
                "write `fragments=3`, or `fragments=3-reversed` to send the last one first");
  }
  out.count = *count;
  spec.fragments = out;
  return {};
}

std::optional<std::string> fragments_text(const SegmentSpec& spec) {
  if (!spec.fragments) return std::nullopt;
  return fmt::format("{}{}", spec.fragments->count,
                     spec.fragments->reversed      ? reversed_suffix
                     : spec.fragments->overlapping ? overlapping_suffix
                                                   : "");
}

using Spec = SegmentSpec;
constexpr auto fields = std::to_array<Field>({
    number<&Spec::seq>("seq"),
    number<&Spec::ack>("ack"),
    {"len", true, true, most_payload, read_length, length_text},
    {"data", true, true, most_payload, read_data, octets_text<&Spec::data>},
    integer<&Spec::window>("win", u16, true),
    integer<&Spec::urgent>("urg", u16, true),
    mark<&Spec::bad_checksum>("bad-checksum"),
    integer<&Spec::checksum, Style::hex16>("checksum", u16),
    integer<&Spec::reserved, Style::hex>("reserved", 15, true),
    integer<&Spec::data_offset>("offset", 15),
    integer<&Spec::source_port>("sport", u16),
    integer<&Spec::destination_port>("dport", u16),
    address<&Spec::source>("src"),
    address<&Spec::destination>("dst"),
    integer<&Spec::ttl>("ttl", u8, true),
    integer<&Spec::tos, Style::hex>("tos", u8, true),
    integer<&Spec::id>("id", u16, true),
    integer<&Spec::dont_fragment>("df", 1, true),
    integer<&Spec::flow, Style::hex>("flow", 0xfffff, true),
    {"ip-options", false, true, most_ip_options, read_octets<&Spec::ip_options>,
     octets_text<&Spec::ip_options>},
    {"ext", false, true, 0, read_extensions, extensions_text},
    integer<&Spec::ip_length>("ip-length", u16),
    integer<&Spec::ip_version>("ip-version", 15),
    integer<&Spec::ip_header_length>("ip-header-length", 15),
    integer<&Spec::protocol>("protocol", u8),
    mark<&Spec::bad_ip_checksum>("bad-ip-checksum"),
    integer<&Spec::cut>("cut", u16),
    {"fragments", false, true, 16, read_fragments, fragments_text},
});

constexpr auto names = [] {
  std::array<std::string_view, fields.size()> out;
  for (std::size_t i = 0; i < fields.size(); ++i) out[i] = fields[i].name;
  return out;
}();

}  // namespace

std::span<const Field> segment_fields() {
  return fields;
}

std::span<const std::string_view> segment_field_names() {
  return names;
}

std::string fields_text(const SegmentSpec& spec) {
  std::string out;
  for (const Field& field : fields) {
    const auto text = field.text(spec);
    if (!text) continue;
    out += fmt::format(" {}{}{}", field.name, field.has_value ? "=" : "", *text);
  }
  return out;
}

}  // namespace finack
