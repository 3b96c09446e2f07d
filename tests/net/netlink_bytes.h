// SPDX-License-Identifier: Apache-2.0
// Netlink answers as the kernel would give them, for tests.
#pragma once

#include <linux/netlink.h>

#include <cstring>

#include "base/bytes.h"

namespace finack {

template <class T>
void append_struct(Bytes& bytes, const T& value) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof value);
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

inline Bytes netlink_bytes(std::uint16_t type, BytesView payload, std::uint32_t sequence = 1) {
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size());
  header.nlmsg_type = type;
  header.nlmsg_seq = sequence;
  Bytes out;
  append_struct(out, header);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

inline Bytes netlink_error(std::int32_t code) {
  Bytes payload;
  append_struct(payload, code);
  append_struct(payload, nlmsghdr{});
  return netlink_bytes(NLMSG_ERROR, payload);
}

}  // namespace finack
