// SPDX-License-Identifier: Apache-2.0
#include "peer/peer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/pattern.h"

namespace finack {

namespace {

// What fits an Ethernet frame of 1,500 octets without options.
constexpr std::uint16_t mss_ipv4 = 1460, mss_ipv6 = 1440;

// The numbers of one side that a Number may count from.
struct Bases {
  Seq isn;
  Seq next;
  Seq una;
};

Seq resolve(const Number& number, const Bases& bases, std::uint32_t window) {
  const auto offset =
      static_cast<std::uint32_t>(number.offset) + static_cast<std::uint32_t>(number.windows) * window;
  switch (number.base) {
    case Number::Base::absolute:
      return Seq{offset};
    case Number::Base::isn:
      return bases.isn + offset;
    case Number::Base::una:
      return bases.una + offset;
    case Number::Base::next:
    case Number::Base::any:  // the notation refuses these here
    case Number::Base::above:
      break;
  }
  return bases.next + offset;
}

Bases our_numbers(const PeerSettings& settings, const Conversation& conversation) {
  const SendingHalf& ours = conversation.ours;
  if (!ours.isn()) return {settings.isn, settings.isn, settings.isn};
  return {*ours.isn(), ours.next(), ours.unacknowledged()};
}

Bases their_numbers(const Conversation& conversation) {
  const SendingHalf& theirs = conversation.theirs;
  return {theirs.isn().value_or(Seq{}), theirs.next(), theirs.unacknowledged()};
}

// Fields of one family in a segment of the other.
Result<void> check_family(const SegmentSpec& spec, Family family) {
  const bool ipv4 = family == Family::ipv4;
  const auto only = [](std::string_view field, std::string_view name) {
    return fail(fmt::format("`{}` is for {}", field, name),
                fmt::format("with `family: {}` the scenario is played with it alone",
                            name == "IPv4" ? "ipv4" : "ipv6"));
  };
  if (!ipv4 && spec.id) return only("id", "IPv4");
  if (!ipv4 && spec.dont_fragment) return only("df", "IPv4");
  if (!ipv4 && spec.ip_options) return only("ip-options", "IPv4");
  if (!ipv4 && spec.ip_header_length) return only("ip-header-length", "IPv4");
  if (!ipv4 && spec.bad_ip_checksum) return only("bad-ip-checksum", "IPv4");
  if (ipv4 && spec.flow) return only("flow", "IPv6");
  if (ipv4 && spec.extensions) return only("ext", "IPv6");
  if (ipv4 && spec.fragments && spec.fragments->count == 1) return only("fragments=1", "IPv6");
  for (const auto& address : {spec.source, spec.destination}) {
    if (address && address->family != family) {
      return only(fmt::format("{}={}", address == spec.source ? "src" : "dst", to_string(*address)),
                  ipv4 ? "IPv6" : "IPv4");
    }
  }
  return {};
}

IpHeader ip_header(const SegmentSpec& spec, Seq seq) {
  IpHeader out;
  out.ttl = spec.ttl.value_or(out.ttl);
  out.tos = spec.tos.value_or(out.tos);
  // Fragments of different segments must not be put together (RFC 6864 4.1).
  if (spec.fragments) out.id = static_cast<std::uint16_t>((seq.value ^ seq.value >> 16) | 1);
  out.id = spec.id.value_or(out.id);
  out.dont_fragment = spec.dont_fragment.value_or(!spec.fragments);
  out.flow = spec.flow.value_or(out.flow);
  out.options = spec.ip_options.value_or(Bytes{});
  out.extensions = spec.extensions.value_or(std::vector<ExtensionHeader>{});
  return out;
}

IpDefects ip_defects(const SegmentSpec& spec) {
  IpDefects out;
  out.version = spec.ip_version;
  out.header_length = spec.ip_header_length;
  out.length = spec.ip_length;
  out.protocol = spec.protocol;
  out.bad_checksum = spec.bad_ip_checksum;
  out.cut = spec.cut.value_or(0);
  out.fragments = spec.fragments;
  return out;
}

// What our timestamp clock shows: never less than our SYN told, whatever a scenario wrote there.
std::uint32_t timestamp(const Conversation& conversation, std::uint32_t clock_ms) {
  const auto in_syn = timestamps_of(conversation.ours.syn_options());
  return in_syn ? later(Seq{in_syn->value}, Seq{clock_ms}).value : clock_ms;
}

std::vector<Option> syn_options(const PeerSettings& settings, const Conversation& conversation, Flags flags,
                                std::uint32_t clock_ms) {
  const bool ipv4 = settings.pair.peer.address.family == Family::ipv4;
  std::vector<Option> out =
      settings.syn_options.value_or(std::vector{mss_option(ipv4 ? mss_ipv4 : mss_ipv6)});
  const bool answers = flags.has(flag::ack);
  const std::vector<Option>& offered = conversation.theirs.syn_options();
  std::erase_if(out, [&](const Option& option) {
    const bool negotiated = option.kind == option_kind::window_scale ||
                            option.kind == option_kind::timestamps ||
                            option.kind == option_kind::sack_permitted;
    return answers && negotiated && std::ranges::find(offered, option.kind, &Option::kind) == offered.end();
  });
  for (Option& option : out) {
    if (option.kind == option_kind::timestamps && option.data.size() == 8)
      option = timestamps_option(timestamp(conversation, clock_ms),
                                 answers ? conversation.timestamp_to_echo() : 0);
  }
  return out;
}

std::vector<Option> usual_options(const PeerSettings& settings, const Conversation& conversation, Flags flags,
                                  std::uint32_t clock_ms) {
  if (flags.has(flag::syn)) return syn_options(settings, conversation, flags, clock_ms);
  if (!conversation.timestamps()) return {};
  // An echo counts only beside an ACK (RFC 7323 3.2); laid out as in its appendix A.
  const std::uint32_t echo = flags.has(flag::ack) ? conversation.timestamp_to_echo() : 0;
  return {Option{option_kind::nop}, Option{option_kind::nop},
          timestamps_option(timestamp(conversation, clock_ms), echo)};
}

// Those that the target's SYN gave us, a Fast Open cookie for example (RFC 7413 4.1.1).
void fill_theirs(std::vector<Option>& options, const Conversation& conversation) {
  const std::vector<Option>& theirs = conversation.theirs.syn_options();
  for (Option& option : options) {
    if (!std::exchange(option.any_value, false)) continue;
    const auto given = std::ranges::find(theirs, option.kind, &Option::kind);
    if (given != theirs.end()) option.data = given->data;
  }
}

Bytes payload(const SegmentSpec& spec, const PeerSettings& settings, const Conversation& conversation,
              Seq seq) {
  if (spec.data) return *spec.data;
  Bytes out(spec.length.value_or(0));
  // The stream's first octet has the number after the SYN; what lies below it is of no stream, but has
  // octets too.
  const Seq first = conversation.ours.isn().value_or(settings.isn) + 1;
  // Data on a SYN comes after it, and begins the stream that the SYN opens.
  const std::uint32_t offset = spec.flags.has(flag::syn) ? 0 : (seq - first.value).value;
  fill_pattern(settings.stream_seed, offset, out.data(), out.size());
  return out;
}

}  // namespace

Result<Segment> complete(const SegmentSpec& spec, const PeerSettings& settings,
                         const Conversation& conversation, std::uint32_t clock_ms) {
  const EndpointPair& pair = settings.pair;
  if (auto done = check_family(spec, pair.peer.address.family); !done) return pass_on(done.error());
  const std::uint32_t window = conversation.window();
  Segment out;
  out.source = {spec.source.value_or(pair.peer.address), spec.source_port.value_or(pair.peer.port)};
  out.destination = {spec.destination.value_or(pair.target.address),
                     spec.destination_port.value_or(pair.target.port)};
  out.other_connection = out.source != pair.peer || out.destination != pair.target;
  out.flags = spec.flags;
  constexpr Number due{Number::Base::next};
  out.seq = resolve(spec.seq.value_or(due), our_numbers(settings, conversation), window);
  if (spec.ack || spec.flags.has(flag::ack))
    out.ack = resolve(spec.ack.value_or(due), their_numbers(conversation), window);
  out.reserved = spec.reserved.value_or(0);
  out.window = spec.window.value_or(settings.window);
  out.urgent = spec.urgent.value_or(0);
  out.bad_checksum = spec.bad_checksum;
  out.options = spec.options ? *spec.options : usual_options(settings, conversation, spec.flags, clock_ms);
  fill_theirs(out.options, conversation);
  out.payload = payload(spec, settings, conversation, out.seq);
  out.defects = {spec.data_offset, spec.checksum};
  out.ip = ip_header(spec, out.seq);
  out.ip_defects = ip_defects(spec);
  return out;
}

Result<Bytes> complete_icmp(const IcmpSpec& spec, const PeerSettings& settings,
                            const Conversation& conversation, BytesView quoted_packet) {
  IcmpSpec definite = spec;
  if (spec.seq) {
    const Seq seq = resolve(*spec.seq, their_numbers(conversation), 0);
    definite.seq = Number{Number::Base::absolute, seq.value};
  }
  const EndpointPair& pair = settings.pair;
  return encode_icmp(definite, pair.peer.address.family, quoted_packet, pair.peer.address,
                     pair.target.address);
}

}  // namespace finack
