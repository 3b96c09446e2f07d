// SPDX-License-Identifier: Apache-2.0
// Octets from the wire: decoding, printing and matching must live through anything, and what was decoded must
// encode to a packet that decodes to the same.
#include <cstdlib>

#include "judge/matcher.h"
#include "packet/codec.h"
#include "packet/conversation.h"
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
  static_cast<void>(malformations(*segment, expected));
  static_cast<void>(differences({}, *segment, expected));
  const auto packet = encode_packet(*segment);
  if (!packet || segment->malformed_options) return 0;
  const auto again = decode_packet(*packet);
  if (!again || again->payload != segment->payload || again->flags != segment->flags ||
      again->seq != segment->seq)
    abort();
  return 0;
}
