// SPDX-License-Identifier: Apache-2.0
#include "net/diag.h"

#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/failure.h"
#include "net/netlink_message.h"

namespace finack {

Result<Diag> Diag::open(const NetworkNamespace& where) {
  auto socket = NetlinkSocket::open(NETLINK_SOCK_DIAG, where);
  if (!socket) return pass_on(socket.error());
  return Diag(std::move(*socket));
}

Result<std::optional<DiagAnswer>> Diag::find(const EndpointPair& pair) {
  DiagRequest request = diag_read_request(pair);
  const auto answer = socket_.ask(request);
  if (!answer) return pass_on(answer.error());
  return parse_diag_answer(*answer, pair);
}

Result<std::optional<SocketReading>> Diag::read(const EndpointPair& pair) {
  const auto found = find(pair);
  if (!found) return pass_on(found.error());
  if (!*found) return std::nullopt;
  return (*found)->reading;
}

// By the pair alone the kernel would destroy the listener when the connection is gone. So the cookie is asked
// for first. It changes when a connection's record is replaced by another (a handshake becomes a socket, a
// socket becomes TIME-WAIT), which may happen between the two questions; hence another try or two.
Result<Diag::Destroyed> Diag::destroy(const EndpointPair& pair) {
  for (int tries = 0; tries < 3; ++tries) {
    const auto found = find(pair);
    if (!found) return pass_on(found.error());
    if (!*found) return Destroyed::nothing;
    DiagRequest request = diag_destroy_request(pair, (*found)->cookie, Acknowledge::always);
    const auto answer = socket_.ask(request);
    if (!answer) return pass_on(answer.error());
    const auto message = parse_netlink(*answer);
    const int error = message ? error_number(*message).value_or(EPROTO) : EPROTO;
    if (error == 0) return Destroyed::yes;
    if (error == ENOENT) return Destroyed::nothing;
    if (error == EOPNOTSUPP && (*found)->reading.timer == SocketReading::Timer::time_wait)
      return Destroyed::not_time_wait;
    if (error == EOPNOTSUPP) {
      return fail("cannot destroy a socket: this kernel was built without CONFIG_INET_DIAG_DESTROY");
    }
    if (error != ESTALE) return cannot("destroy a socket", error);
  }
  return fail("cannot destroy a socket: it is replaced by another again and again");
}

Result<Diag::Cleared> Diag::clear(const EndpointPair& pair) {
  const DiagRequest once = diag_destroy_request(pair, no_cookie, Acknowledge::refusal);
  std::array<std::uint8_t, 2 * once.size()> twice;
  std::ranges::copy(once, std::ranges::copy(once, twice.begin()).out);
  const auto refused = socket_.order(twice);
  if (!refused) return pass_on(refused.error());
  const auto is_gone = [](int error) { return error == ENOENT; };
  Cleared out{2 - std::min<std::size_t>(2, refused->size())};
  if (std::ranges::all_of(*refused, is_gone)) return out;
  // What was refused is a record of TIME-WAIT, or all is: that takes a closer look.
  const auto closer = destroy(pair);
  if (!closer) return pass_on(closer.error());
  out.destroyed += *closer == Destroyed::yes ? 1 : 0;
  out.leaves_time_wait = *closer == Destroyed::not_time_wait;
  if (!out.leaves_time_wait) return out;
  // Both orders were for the record, so the listener is there yet.
  const auto listener = destroy({pair.target, {pair.peer.address, 0}});
  if (!listener) return pass_on(listener.error());
  out.destroyed += *listener == Destroyed::yes ? 1 : 0;
  return out;
}

}  // namespace finack
