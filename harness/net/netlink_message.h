// SPDX-License-Identifier: Apache-2.0
// The frame around every netlink answer, read without trust in its lengths.
#pragma once

#include <cstring>
#include <optional>
#include <type_traits>

#include "base/bytes.h"

namespace finack {

struct NetlinkMessage {
  std::uint16_t type = 0;
  std::uint32_t sequence = 0;
  BytesView payload;  // into the bytes that were parsed
};

// The first message in `bytes`; nothing when it is cut short.
std::optional<NetlinkMessage> parse_netlink(BytesView bytes);

// For an error or an acknowledgement: the errno in it, 0 for an acknowledgement. Nothing for any other
// message.
std::optional<int> error_number(const NetlinkMessage& message);

// The value of the first attribute of this type in a row of attributes.
std::optional<BytesView> find_attribute(BytesView attributes, std::uint16_t type);

// Netlink carries C structures in the byte order of the host. Nothing when there are too few octets for one.
template <class T>
std::optional<T> read_struct(BytesView bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (bytes.size() < sizeof(T)) return std::nullopt;
  T out;
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

}  // namespace finack
