// SPDX-License-Identifier: Apache-2.0
// The socket calls (POSIX.1-2017) on a host of the model; none of them waits. Errors are names, those that
// Linux gives.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/bytes.h"
#include "model/host.h"

namespace finack::model {

using Errno = std::string_view;
template <class T>
using Answer = tl::expected<T, Errno>;

inline tl::unexpected<Errno> error(Errno name) {
  return tl::unexpected<Errno>(name);
}

// What POSIX calls an open file description. The host must outlive it. At its end it is dropped without a
// word, as at the end of a run.
class Socket {
 public:
  Socket(Host& host, Family family) : host_(host), family_(family) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  Family family() const { return family_; }
  bool listens() const { return listener_ != nullptr; }

  Answer<void> bind(Endpoint local);
  Answer<void> listen(std::size_t backlog);
  Answer<std::shared_ptr<Socket>> accept();  // EAGAIN: none is there
  Answer<void> connect(const Endpoint& peer);
  // How the connect stands: done, EINPROGRESS, or why it failed.
  Answer<void> connected();

  // How many octets were taken; EAGAIN: there is no room. What is urgent is the last octet.
  Answer<std::size_t> send(BytesView octets, bool urgent);
  // Empty: the end of the stream. EAGAIN: nothing came yet.
  Answer<Bytes> receive(std::size_t most);
  // None: there will be none. EAGAIN: it was announced and has not come. EINVAL: nothing was announced.
  Answer<std::optional<std::uint8_t>> receive_urgent();
  enum class How : std::uint8_t { send, receive, both };
  Answer<void> shutdown(How how);

  // Ends it as its linger option says. Its connection may live on.
  void close();
  void destroy(Errno told);
  bool has_connection() const;
  // It neither listens nor was told to connect, or what came of that is over.
  bool is_fresh() const { return !deferred_ && !has_connection(); }
  // Everything that was sent is acknowledged, or nobody will: what a lingering close() waits for.
  bool drained() const;

  Options& options() { return options_; }
  const Settings& settings() const { return host_.settings(); }
  // After a change of options.
  void apply_options();
  // The error that waits, if any; it waits no more.
  Errno take_error();
  Errno pending_error() const { return connection_ ? connection_->tcb.error : Errno{}; }
  // RFC 9293 3.8.3, SHLD-9: R1 is passed, three retransmissions (SHLD-10), and R2 is not.
  bool in_trouble() const { return connection_ && connection_->tcb.retransmitted >= 3; }
  std::size_t unread() const { return connection_ ? connection_->tcb.unread() : 0; }
  std::size_t unsent() const { return connection_ ? connection_->tcb.stream.size() : 0; }
  bool at_end() const;
  // The peer's FIN came, with all that is before it.
  bool peer_is_done() const { return connection_ && connection_->tcb.end_of_stream; }
  bool was_connected() const { return connection_ != nullptr; }
  bool can_accept() const { return listener_ && !listener_->ready.empty(); }

  // Without a peer its address is unset and its port 0.
  EndpointPair pair() const { return pair_; }
  bool is_bound() const { return bound_; }

 private:
  void release_port();
  Answer<void> open(BytesView first);

  Host& host_;
  Family family_;
  Options options_ = {};
  EndpointPair pair_ = {};
  bool bound_ = false;
  bool deferred_ = false;  // connect was called, and the SYN waits for octets (RFC 7413 4.2.1)
  bool shut_receive_ = false;
  bool shut_send_ = false;
  ListenerPtr listener_;
  ConnectionPtr connection_;
};

}  // namespace finack::model
