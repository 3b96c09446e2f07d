// SPDX-License-Identifier: Apache-2.0
#include "peer/peer.h"

#include "base/pattern.h"

namespace finack {

namespace {

// What fits an Ethernet frame of 1,500 octets without options.
constexpr std::uint16_t mss_ipv4 = 1460, mss_ipv6 = 1440;

Seq resolve(const std::optional<Number>& number, Seq due, Seq isn) {
  if (!number) return due;
  const auto offset = static_cast<std::uint32_t>(number->offset);
  switch (number->base) {
    case Number::Base::absolute:
      return Seq{offset};
    case Number::Base::isn:
      return isn + offset;
    case Number::Base::next:
    case Number::Base::any:  // the notation refuses it here
      break;
  }
  return due + offset;
}

}  // namespace

Result<Segment> complete(const SegmentSpec& spec, const PeerSettings& settings,
                         const Conversation& conversation) {
  const SendingHalf& ours = conversation.ours;
  const SendingHalf& theirs = conversation.theirs;
  const bool begun = ours.isn().has_value();
  Segment out;
  out.source = settings.pair.peer;
  out.destination = settings.pair.target;
  out.flags = spec.flags;
  out.seq = resolve(spec.seq, begun ? ours.next() : settings.isn, settings.isn);
  if (spec.ack || spec.flags.has(flag::ack))
    out.ack = resolve(spec.ack, theirs.next(), theirs.isn().value_or(Seq{}));
  out.window = spec.window.value_or(settings.window);
  out.urgent = spec.urgent.value_or(0);
  out.bad_checksum = spec.bad_checksum;
  if (spec.options) {
    out.options = *spec.options;
  } else if (spec.flags.has(flag::syn)) {
    out.options = {mss_option(settings.pair.peer.address.family == Family::ipv4 ? mss_ipv4 : mss_ipv6)};
  }
  if (spec.length.value_or(0) > 0) {
    // The stream's first octet has the number after the SYN; what lies below it is of no stream, but has
    // octets too.
    const Seq first = settings.isn + 1;
    out.payload.resize(*spec.length);
    fill_pattern(settings.stream_seed, (out.seq - first.value).value, out.payload.data(), out.payload.size());
  }
  return out;
}

}  // namespace finack
