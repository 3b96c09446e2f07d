// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_socket.h"

#include <linux/netlink.h>
#include <netlink/handlers.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstring>

#include "base/failure.h"
#include "net/netlink_message.h"

namespace finack {
namespace {

constexpr std::size_t answer_size = 8192;
// Of questions that were given up; the kernel answers before the send returns.
constexpr int stale_answers = 16;
// libnl knows few of the kernel's error numbers and calls the others "Unspecific failure". So what the kernel
// says passes through libnl as its own number, moved below all of libnl's codes.
constexpr int kernel_codes = -10000;

int keep_number(sockaddr_nl*, nlmsgerr* refusal, void*) {
  return kernel_codes + refusal->error;
}

}  // namespace

void FreeNetlinkSocket::operator()(nl_sock* socket) const {
  nl_socket_free(socket);
}

tl::unexpected<Error> netlink_failure(std::string_view what, int code) {
  if (code < kernel_codes) return cannot(what, kernel_codes - code);
  return fail(fmt::format("cannot {}: {}", what, nl_geterror(code)));
}

Result<NetlinkHandle> open_netlink(int protocol, const NetworkNamespace& where) {
  const auto inside = Inside::enter(where);
  if (!inside) return pass_on(inside.error());
  NetlinkHandle socket(nl_socket_alloc());
  if (!socket) return fail("cannot make a netlink socket: out of memory");
  if (const int code = nl_connect(socket.get(), protocol); code < 0)
    return netlink_failure("open a netlink socket", code);
  const timeval limit{2, 0};
  if (::setsockopt(nl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0) {
    return cannot("bound the wait on a netlink socket");
  }
  nl_socket_modify_err_cb(socket.get(), NL_CB_CUSTOM, keep_number, nullptr);
  return socket;
}

NetlinkSocket::NetlinkSocket(NetlinkHandle handle)
    : handle_(std::move(handle)), fd_(nl_socket_get_fd(handle_.get())), answer_(answer_size) {}

Result<NetlinkSocket> NetlinkSocket::open(int protocol, const NetworkNamespace& where) {
  auto handle = open_netlink(protocol, where);
  if (!handle) return pass_on(handle.error());
  return NetlinkSocket(std::move(*handle));
}

Result<void> NetlinkSocket::send(std::span<const std::uint8_t> messages) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (::sendto(fd_, messages.data(), messages.size(), 0, reinterpret_cast<const sockaddr*>(&kernel),
               sizeof kernel) < 0) {
    return cannot("ask the kernel over netlink");
  }
  return {};
}

Result<BytesView> NetlinkSocket::receive(int flags) {
  for (int i = 0; i < stale_answers;) {
    sockaddr_nl from{};
    socklen_t from_size = sizeof from;
    const ssize_t got = ::recvfrom(fd_, answer_.data(), answer_.size(), MSG_TRUNC | flags,
                                   reinterpret_cast<sockaddr*>(&from), &from_size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got < 0) return cannot("get an answer over netlink");
    ++i;
    if (from.nl_pid != 0) continue;  // any process may write to this socket, only the kernel has number 0
    if (static_cast<std::size_t>(got) > answer_.size()) return fail("an answer over netlink was too long");
    return BytesView(answer_).first(static_cast<std::size_t>(got));
  }
  return BytesView();
}

Result<BytesView> NetlinkSocket::ask(std::span<std::uint8_t> request) {
  ++sequence_;
  std::memcpy(request.data() + offsetof(nlmsghdr, nlmsg_seq), &sequence_, sizeof sequence_);
  if (auto done = send(request); !done) return pass_on(done.error());
  for (int i = 0; i < stale_answers; ++i) {
    const auto bytes = receive(0);
    if (!bytes) return pass_on(bytes.error());
    if (bytes->empty()) break;
    const auto message = parse_netlink(*bytes);
    if (!message) return fail("an answer over netlink was cut short");
    if (message->sequence == sequence_) return *bytes;
  }
  return fail("the kernel did not answer a question over netlink");
}

Result<std::vector<int>> NetlinkSocket::order(std::span<std::uint8_t> requests) {
  const std::uint32_t before = sequence_;
  for (std::span<std::uint8_t> rest = requests; !rest.empty();) {
    std::uint32_t length = 0;
    std::memcpy(&length, rest.data() + offsetof(nlmsghdr, nlmsg_len), sizeof length);
    ++sequence_;
    std::memcpy(rest.data() + offsetof(nlmsghdr, nlmsg_seq), &sequence_, sizeof sequence_);
    rest = rest.subspan(length);
  }
  if (auto done = send(requests); !done) return pass_on(done.error());
  std::vector<int> refused;
  for (std::uint32_t i = 0; i < stale_answers + (sequence_ - before); ++i) {
    const auto bytes = receive(MSG_DONTWAIT);
    if (!bytes) return pass_on(bytes.error());
    if (bytes->empty()) break;
    const auto message = parse_netlink(*bytes);
    if (!message) return fail("an answer over netlink was cut short");
    const auto error = error_number(*message);
    const bool ours = message->sequence - before - 1 < sequence_ - before;
    if (ours && error && *error != 0) refused.push_back(*error);
  }
  return refused;
}

}  // namespace finack
