// SPDX-License-Identifier: Apache-2.0
// What a link has carried and what it has lost.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "net/namespace.h"
#include "net/netlink_socket.h"

namespace finack {

// Frames since the link was made.
struct LinkCounters {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
  std::uint64_t receive_dropped = 0;
  std::uint64_t send_dropped = 0;
  std::uint64_t receive_errors = 0;
  std::uint64_t send_errors = 0;

  std::uint64_t lost() const { return receive_dropped + send_dropped + receive_errors + send_errors; }

  friend bool operator==(const LinkCounters&, const LinkCounters&) = default;
};

// Of what the link `from` gave to `to`, the other end of its veth pair, and `to` did not get.
std::uint64_t lost_between(const LinkCounters& from, const LinkCounters& to);

// From the answer to RTM_GETSTATS.
Result<LinkCounters> parse_link_counters(BytesView answer);

// Reads the counters of the links of one namespace; a reading costs a few microseconds.
class LinkCounterReader {
 public:
  static Result<LinkCounterReader> open(const NetworkNamespace& where);

  Result<LinkCounters> read(unsigned link);

 private:
  explicit LinkCounterReader(NetlinkSocket socket) : socket_(std::move(socket)) {}

  NetlinkSocket socket_;
};

}  // namespace finack
