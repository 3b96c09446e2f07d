// SPDX-License-Identifier: Apache-2.0
// A libnl socket, and short questions to the kernel through it.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/namespace.h"

struct nl_sock;

namespace finack {

struct FreeNetlinkSocket {
  void operator()(nl_sock* socket) const;
};
using NetlinkHandle = std::unique_ptr<nl_sock, FreeNetlinkSocket>;

// A socket of this protocol (NETLINK_ROUTE, ...) that belongs to `where`, wherever it is used from. No
// receive on it lasts longer than two seconds.
Result<NetlinkHandle> open_netlink(int protocol, const NetworkNamespace& where);

// "cannot WHAT: REASON" for a negative code from libnl, got through a socket that open_netlink made.
tl::unexpected<Error> netlink_failure(std::string_view what, int code);

// Asks one question at a time that the kernel answers in one message. Nothing is allocated per question.
class NetlinkSocket {
 public:
  static Result<NetlinkSocket> open(int protocol, const NetworkNamespace& where);

  // `request` is one whole message; its sequence number is filled in. The answer is a whole message with that
  // number and is valid until the next question.
  Result<BytesView> ask(std::span<std::uint8_t> request);
  // `requests` are whole messages, one behind the other, that ask for no answer where all is well. All go in
  // one system call; the error numbers of those that the kernel refuses, in their order: mostly none.
  Result<std::vector<int>> order(std::span<std::uint8_t> requests);

 private:
  explicit NetlinkSocket(NetlinkHandle handle);
  Result<void> send(std::span<const std::uint8_t> messages);
  // The next answer of the kernel's, whichever question it is about: as many octets as it has, 0 when there
  // is none.
  Result<BytesView> receive(int flags);

  NetlinkHandle handle_;
  int fd_;
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> answer_;
};

}  // namespace finack
