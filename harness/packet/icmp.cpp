// SPDX-License-Identifier: Apache-2.0
#include "packet/icmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "packet/checksum.h"
#include "packet/ip.h"
#include "packet/literal.h"
#include "packet/word_error.h"

namespace finack {

namespace {

struct TypeAndCode {
  std::uint8_t type;
  std::uint8_t code;
};

struct Known {
  std::string_view name;
  TypeAndCode ipv4;
  std::optional<TypeAndCode> ipv6;
};

// In the order of IcmpError. RFC 792, RFC 1812 5.2.7.1 (13, administratively prohibited); RFC 4443 3.
constexpr std::array<Known, 9> known_errors = {{
    {"net-unreachable", {3, 0}, TypeAndCode{1, 0}},       // no route
    {"host-unreachable", {3, 1}, TypeAndCode{1, 3}},      // address unreachable
    {"protocol-unreachable", {3, 2}, TypeAndCode{4, 1}},  // unrecognized next header
    {"port-unreachable", {3, 3}, TypeAndCode{1, 4}},
    {"too-big", {3, 4}, TypeAndCode{2, 0}},  // IPv4: fragmentation needed and DF set
    {"admin-prohibited", {3, 13}, TypeAndCode{1, 1}},
    {"source-quench", {4, 0}, std::nullopt},
    {"time-exceeded", {11, 0}, TypeAndCode{3, 0}},
    {"parameter-problem", {12, 0}, TypeAndCode{4, 0}},
}};

constexpr auto names = [] {
  std::array<std::string_view, known_errors.size()> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = known_errors[i].name;
  return out;
}();

constexpr std::string_view word_names[] = {"mtu", "seq", "quote", "bad-checksum", "type", "code"};
constexpr std::uint32_t usual_mtu = 1280;

class IcmpParser {
 public:
  IcmpParser(std::string_view text, const std::optional<Place>& at) : text_(text), at_(at) {}

  Result<IcmpSpec> parse() {
    const std::vector<std::string_view> words = split_words(text_);
    if (words.empty())
      return error(text_, "an ICMP error begins with its name",
                   "write `port-unreachable` or `type=3 code=3`");
    std::span<const std::string_view> rest = words;
    if (!words[0].starts_with("type=")) {
      if (auto done = name(words[0]); !done) return pass_on(done.error());
      rest = rest.subspan(1);
    }
    for (const std::string_view word : rest) {
      if (auto done = field(word); !done) return pass_on(done.error());
    }
    if (!spec_.error && !has_code_) return error(words[0], "`type` needs a `code` beside it");
    if (spec_.mtu && spec_.error && *spec_.error != IcmpError::too_big)
      return error(mtu_word_, fmt::format("`mtu` goes with `too-big`, not with `{}`", words[0]));
    return spec_;
  }

 private:
  tl::unexpected<Error> error(std::string_view word, std::string message, std::string hint = {}) const {
    return fail_at_word(text_, at_, word, std::move(message), std::move(hint));
  }

  Result<void> name(std::string_view word) {
    const auto found = std::ranges::find(names, word);
    if (found == names.end()) {
      const auto near = nearest_word(word, names);
      return error(word, fmt::format("`{}` is no ICMP error", printable(word)),
                   near ? fmt::format("did you mean `{}`?", *near) : "write `type=3 code=3` for any other");
    }
    spec_.error = static_cast<IcmpError>(found - names.begin());
    return {};
  }

  template <class T>
  Result<T> integer(std::string_view word, std::string_view name, std::string_view value, T most) {
    const auto sum = parse_sum(value);
    if (!sum || sum->windows != 0)
      return error(word, fmt::format("`{}` wants a number, got `{}`", name, printable(value)));
    if (sum->integers < 0 || sum->integers > std::int64_t{most})
      return error(word, fmt::format("`{}` is 0 to {}, got {}", name, most, printable(value)));
    return static_cast<T>(sum->integers);
  }

  Result<void> field(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (std::ranges::find(word_names, name) == std::end(word_names)) {
      const auto near = nearest_word(name, word_names);
      return error(
          word, fmt::format("`{}` is no field of an ICMP error", printable(word)),
          near ? fmt::format("did you mean `{}`?", *near) : "fields are mtu, seq, quote, bad-checksum");
    }
    if (std::ranges::find(seen_, name) != seen_.end())
      return error(word, fmt::format("`{}` stands twice", name));
    seen_.push_back(name);
    if (name == "bad-checksum") {
      if (equals != std::string_view::npos) return error(word, "`bad-checksum` takes no value");
      spec_.bad_checksum = true;
      return {};
    }
    const std::string_view value = equals == std::string_view::npos ? "" : word.substr(equals + 1);
    if (value.empty())
      return error(word, fmt::format("`{}` lacks its value", name), fmt::format("write `{}=VALUE`", name));
    if (name == "seq") return number(word, value);
    if (spec_.error && (name == "type" || name == "code"))
      return error(word, fmt::format("`{}` goes without a name", name));
    if (name == "type") return store(integer<std::uint8_t>(word, name, value, 0xff), spec_.type);
    if (name == "mtu") {
      mtu_word_ = word;
      return store(integer<std::uint32_t>(word, name, value, 0xffffffff), spec_.mtu);
    }
    if (name == "quote") return store(integer<std::uint16_t>(word, name, value, 0xffff), spec_.quote);
    has_code_ = true;
    return store(integer<std::uint8_t>(word, name, value, 0xff), spec_.code);
  }

  template <class T, class Into>
  static Result<void> store(const Result<T>& value, Into& into) {
    if (!value) return pass_on(value.error());
    into = *value;
    return {};
  }

  Result<void> number(std::string_view word, std::string_view value) {
    const auto number = parse_number("seq", value);
    if (!number) return error(word, number.error().message, number.error().hint);
    if (number->only_expected() || number->windows != 0)
      return error(word, fmt::format("`{}`: `any` and `window` are not for an ICMP error", printable(word)));
    spec_.seq = *number;
    return {};
  }

  std::string_view text_;
  const std::optional<Place>& at_;
  IcmpSpec spec_;
  bool has_code_ = false;
  std::string_view mtu_word_;
  std::vector<std::string_view> seen_;
};

Result<TypeAndCode> type_and_code(const IcmpSpec& spec, Family family) {
  if (!spec.error) return TypeAndCode{spec.type, spec.code};
  const Known& known = known_errors[static_cast<std::size_t>(*spec.error)];
  if (family == Family::ipv4) return known.ipv4;
  if (!known.ipv6) return fail(fmt::format("`{}` is for IPv4", known.name));
  return *known.ipv6;
}

// The second word of the message: the next hop's MTU (RFC 1191 4, RFC 4443 3.2), a pointer, or nothing.
std::uint32_t parameter_of(const IcmpSpec& spec, Family family) {
  if (spec.mtu) return *spec.mtu;
  if (spec.error == IcmpError::too_big) return usual_mtu;
  constexpr std::uint32_t next_header_at = 6;  // in the IPv6 header
  return spec.error == IcmpError::protocol_unreachable && family == Family::ipv6 ? next_header_at : 0;
}

// With another sequence number. Its checksum, where it is quoted at all, then no longer fits; nobody can
// check it without the whole segment.
Result<Bytes> renumbered(BytesView packet, const Number& seq) {
  if (seq.base != Number::Base::absolute || seq.windows != 0)
    return fail(fmt::format("`seq={}` is not an absolute number", to_string(seq)));
  const auto view = decode_ip(packet);
  if (!view) return pass_on(view.error());
  constexpr std::size_t seq_at = 4;
  if (view->protocol != ip_protocol::tcp || view->content.size() < seq_at + 4)
    return fail("the quoted packet holds no sequence number");
  const auto at = static_cast<std::ptrdiff_t>(view->content.data() - packet.data()) + std::ptrdiff_t{seq_at};
  Bytes out(packet.begin(), packet.end());
  ByteWriter number;
  number.u32(static_cast<std::uint32_t>(seq.offset));
  std::ranges::copy(number.bytes(), out.begin() + at);
  return out;
}

}  // namespace

Result<IcmpSpec> parse_icmp(std::string_view text, const std::optional<Place>& at) {
  return IcmpParser(text, at).parse();
}

std::string to_string(const IcmpSpec& spec) {
  std::string out = spec.error ? std::string(names[static_cast<std::size_t>(*spec.error)])
                               : fmt::format("type={} code={}", spec.type, spec.code);
  if (spec.mtu) out += fmt::format(" mtu={}", *spec.mtu);
  if (spec.seq) out += " seq=" + to_string(*spec.seq);
  if (spec.quote) out += fmt::format(" quote={}", *spec.quote);
  if (spec.bad_checksum) out += " bad-checksum";
  return out;
}

std::span<const std::string_view> icmp_names() {
  return names;
}

bool is_soft(const IcmpSpec& spec, Family family) {
  TypeAndCode is{spec.type, spec.code};
  if (spec.error) {
    const Known& known = known_errors[static_cast<std::size_t>(*spec.error)];
    is = family == Family::ipv4 ? known.ipv4 : known.ipv6.value_or(known.ipv4);
  }
  if (family == Family::ipv4) {
    const bool unreachable_for_now = is.type == 3 && (is.code == 0 || is.code == 1 || is.code == 5);
    return unreachable_for_now || is.type == 4 || is.type == 11 || is.type == 12;
  }
  return (is.type == 1 && (is.code == 0 || is.code == 3)) || is.type == 3 || is.type == 4;
}

Result<Bytes> encode_icmp(const IcmpSpec& spec, Family family, BytesView quoted_packet, const Address& source,
                          const Address& destination) {
  const bool ipv4 = family == Family::ipv4;
  const auto kind = type_and_code(spec, family);
  if (!kind) return pass_on(kind.error());
  if (quoted_packet.empty() || quoted_packet[0] >> 4 != (ipv4 ? 4 : 6) || source.family != family ||
      destination.family != family)
    return fail("an ICMP error quotes a packet of its own family");
  const std::uint32_t parameter = parameter_of(spec, family);
  if (ipv4 && spec.error == IcmpError::too_big && parameter > 0xffff)
    return fail(fmt::format("`mtu` is at most 65535 with IPv4, got {}", parameter));

  Bytes quoted(quoted_packet.begin(), quoted_packet.end());
  if (spec.seq) {
    auto other = renumbered(quoted_packet, *spec.seq);
    if (!other) return other;
    quoted = std::move(*other);
  }
  constexpr std::size_t before_quote_ipv4 = 20 + 8, before_quote_ipv6 = 40 + 8;
  const std::size_t most = ipv4 ? 576 - before_quote_ipv4 : 1280 - before_quote_ipv6;
  quoted.resize(std::min<std::size_t>(quoted.size(), spec.quote ? *spec.quote : most));

  ByteWriter out;
  out.u8(kind->type);
  out.u8(kind->code);
  out.u16(0);
  out.u32(parameter);
  out.append(quoted);
  const std::uint8_t protocol = ipv4 ? ip_protocol::icmp : ip_protocol::icmpv6;
  ChecksumSum sum;
  sum.add(out.bytes());
  const std::uint16_t right =
      ipv4 ? sum.finish() : transport_checksum(source, destination, protocol, out.bytes());
  out.patch_u16(2, static_cast<std::uint16_t>(right ^ (spec.bad_checksum ? 0x5555u : 0u)));
  auto packets = encode_ip({source, destination}, protocol, out.bytes());
  if (!packets) return pass_on(packets.error());
  return std::move(packets->front());
}

}  // namespace finack
