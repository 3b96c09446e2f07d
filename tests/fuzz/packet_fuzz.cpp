// SPDX-License-Identifier: Apache-2.0
// Octets from the wire: decoding, printing and matching must live through anything, and what was decoded must
// encode to a packet that decodes to the same.
#include <cstdlib>

#include "judge/invariants.h"
#include "judge/matcher.h"
#include "packet/codec.h"
#include "packet/conversation.h"
#include "packet/icmp.h"
#include "packet/notation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finack;
  const BytesView bytes(data, size);
  static_cast<void>(destination_address(bytes));
  const auto segment = decode_packet(bytes);
  if (!segment) return 0;
  Conversation talk;
  talk.injected(*segment);
  talk.arrived(*segment);
  Expected expected;
  expected.base = talk.base();
  static_cast<void>(to_string(*segment, talk.base()));
  const Program program;
  const Profile profile;
  Invariants invariants(program, profile, 0);
  static_cast<void>(invariants.observe({Time{}, Injected{*segment}}));
  static_cast<void>(invariants.observe({Time{}, Arrived{*segment}}));
  static_cast<void>(differences({}, *segment, expected));

  IcmpSpec icmp;
  icmp.error = IcmpError::port_unreachable;
  icmp.seq = Number{Number::Base::absolute, 1};
  const Family family = segment->source.address.family;
  if (!encode_icmp(icmp, family, bytes, segment->source.address, segment->destination.address)) abort();

  const auto packet = encode_packet(*segment);
  if (!packet) return 0;  // what was an exotic header may have grown beyond 65,535 octets
  const auto again = decode_packet(*packet);
  if (!again || *again != *segment) abort();

  // The same in fragments, and printed as what we send.
  Segment sent = *segment;
  sent.received = false;
  sent.ip_defects.fragments = Fragments{2, true};
  if (const auto packets = encode_packets(sent); packets && packets->size() != 2) abort();
  const auto spec = parse_segment(to_string(sent, {}), Direction::sending);
  if (!spec && !sent.malformed_options && sent.payload.size() <= 1400) abort();
  return 0;
}
