// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_message.h"

#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>

namespace finack {
namespace {

constexpr std::size_t padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

}  // namespace

std::optional<NetlinkMessage> parse_netlink(BytesView bytes) {
  const auto header = read_struct<nlmsghdr>(bytes);
  if (!header || header->nlmsg_len < sizeof *header || header->nlmsg_len > bytes.size()) return std::nullopt;
  return NetlinkMessage{header->nlmsg_type, header->nlmsg_seq,
                        bytes.subspan(sizeof *header, header->nlmsg_len - sizeof *header)};
}

std::optional<int> error_number(const NetlinkMessage& message) {
  if (message.type != NLMSG_ERROR) return std::nullopt;
  const auto code = read_struct<std::int32_t>(message.payload);
  // The kernel says -errno; 4095 is its own bound for that.
  if (!code || *code > 0 || *code < -4095) return EPROTO;
  return -*code;
}

std::optional<BytesView> find_attribute(BytesView attributes, std::uint16_t type) {
  while (const auto header = read_struct<nlattr>(attributes)) {
    if (header->nla_len < sizeof *header || header->nla_len > attributes.size()) return std::nullopt;
    if ((header->nla_type & NLA_TYPE_MASK) == type) {
      return attributes.subspan(sizeof *header, header->nla_len - sizeof *header);
    }
    attributes = attributes.subspan(std::min(padded(header->nla_len), attributes.size()));
  }
  return std::nullopt;
}

}  // namespace finack
