// SPDX-License-Identifier: Apache-2.0
// Any octets as the kernel's answer about a socket.
#include "net/diag_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finack;
  const EndpointPair pair{{Address::ipv4(0xc0000201), 80}, {Address::ipv4(0xc6120001), 5000}};
  static_cast<void>(parse_diag_answer(BytesView(data, size), pair));
  return 0;
}
