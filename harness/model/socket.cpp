// SPDX-License-Identifier: Apache-2.0
#include "model/socket.h"

#include <algorithm>
#include <utility>

#include "model/segment_arrives.h"
#include "model/user_calls.h"

namespace finack::model {

namespace {

bool unspecified(const Address& address) {
  return std::ranges::all_of(address.view(), [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace

Socket::~Socket() {
  if (bound_) release_port();
}

void Socket::release_port() {
  host_.unbind(pair_.target, &options_);
  bound_ = false;
}

Answer<void> Socket::bind(Endpoint local) {
  if (bound_ || connection_) return error("EINVAL");
  if (!unspecified(local.address) && !host_.is_local(local.address)) return error("EADDRNOTAVAIL");
  if (local.port == 0) {
    const auto port = host_.free_port(local.address);
    if (!port) return error("EADDRINUSE");
    local.port = *port;
  }
  if (!host_.may_bind(local, options_)) return error("EADDRINUSE");
  pair_.target = local;
  bound_ = true;
  host_.bind(local, &options_);
  return {};
}

Answer<void> Socket::listen(std::size_t backlog) {
  if (connection_) return error("EINVAL");
  if (listener_) {
    listener_->backlog = std::max<std::size_t>(1, backlog);
    return {};
  }
  if (!bound_) {
    if (auto done = bind({Address{family_}, 0}); !done) return done;
  }
  listener_ = host_.listen(pair_.target, backlog, options_);
  if (!listener_) return error("EADDRINUSE");
  return {};
}

Answer<std::shared_ptr<Socket>> Socket::accept() {
  if (!listener_) return error("EINVAL");
  if (listener_->ready.empty()) return error("EAGAIN");
  auto out = std::make_shared<Socket>(host_, family_);
  out->connection_ = std::move(listener_->ready.front());
  listener_->ready.pop_front();
  out->options_ = out->connection_->tcb.options;
  out->pair_ = out->connection_->tcb.pair;
  return out;
}

Answer<void> Socket::connect(const Endpoint& peer) {
  if (listener_ || deferred_) return error("EISCONN");
  if (connection_) {
    const TcpState state = connection_->tcb.state;
    if (state == TcpState::syn_sent || state == TcpState::syn_received) return error("EALREADY");
    if (state != TcpState::closed) return error("EISCONN");
    connection_.reset();
  }
  if (!bound_) {
    // The address that the host has in that family.
    const auto local = host_.local_address(peer.address.family);
    if (!local) return error("ENETUNREACH");
    if (auto done = bind({*local, 0}); !done) return done;
  }
  pair_.peer = peer;
  shut_receive_ = shut_send_ = false;
  deferred_ = host_.waits_for_octets(peer.address, options_);
  return deferred_ ? Answer<void>() : open({});
}

Answer<void> Socket::open(BytesView first) {
  deferred_ = false;
  connection_ = host_.connect(pair_, options_, first);
  if (!connection_) return error("EADDRNOTAVAIL");
  return {};
}

Answer<void> Socket::connected() {
  if (deferred_) return {};
  if (!connection_) return error("ENOTCONN");
  const TcpState state = connection_->tcb.state;
  if (state == TcpState::syn_sent || state == TcpState::syn_received) return error("EINPROGRESS");
  if (const Errno why = take_error(); !why.empty()) return error(why);
  if (state == TcpState::closed) return error("ECONNABORTED");
  return {};
}

Answer<std::size_t> Socket::send(BytesView octets, bool urgent) {
  if (const Errno why = take_error(); !why.empty()) return error(why);
  if (deferred_) {
    // An urgent octet has no place in a SYN, and follows it.
    if (auto done = open(urgent ? BytesView() : octets); !done) return tl::unexpected(done.error());
    if (const std::size_t taken = unsent(); taken > 0) return taken;
  }
  if (!connection_) return error("EPIPE");
  std::optional<std::size_t> taken;
  host_.with(connection_, [&](Tcb& tcb, Turn& turn) { taken = model::send(tcb, turn, octets, urgent); });
  if (!taken) return error("EPIPE");
  if (*taken == 0) return error("EAGAIN");
  return *taken;
}

bool Socket::at_end() const {
  if (!connection_) return false;
  const Tcb& tcb = connection_->tcb;
  return tcb.received.empty() && (tcb.end_of_stream || shut_receive_ || tcb.state == TcpState::closed);
}

Answer<Bytes> Socket::receive(std::size_t most) {
  if (!connection_) return error("ENOTCONN");
  if (!connection_->tcb.received.empty()) {
    Bytes out;
    host_.with(connection_, [&](Tcb& tcb, Turn& turn) { out = model::receive(tcb, turn, most); });
    return out;
  }
  if (const Errno why = take_error(); !why.empty()) return error(why);
  if (at_end()) return Bytes{};
  return error("EAGAIN");
}

Answer<std::optional<std::uint8_t>> Socket::receive_urgent() {
  if (!connection_) return error("ENOTCONN");
  Tcb& tcb = connection_->tcb;
  if (options_.urgent_inline) return error("EINVAL");
  if (tcb.urgent_octet) {
    const std::uint8_t octet = *tcb.urgent_octet;
    tcb.urgent_octet.reset();
    tcb.urgent_at.reset();
    return octet;
  }
  if (!tcb.urgent_at) return error("EINVAL");
  if (tcb.state == TcpState::closed || tcb.end_of_stream) return std::nullopt;
  return error("EAGAIN");
}

Answer<void> Socket::shutdown(How how) {
  if (listener_ && how != How::send) {
    host_.close(std::exchange(listener_, nullptr), false);
    return {};
  }
  if (!connection_) return error("ENOTCONN");
  const TcpState state = connection_->tcb.state;
  if (state == TcpState::closed || state == TcpState::syn_sent || state == TcpState::time_wait)
    return error("ENOTCONN");
  if (how != How::send) shut_receive_ = true;
  if (how == How::receive) return {};
  shut_send_ = true;
  host_.with(connection_, model::close);
  return {};
}

void Socket::close() {
  const bool resets = options_.linger == Duration{};
  if (listener_) host_.close(std::exchange(listener_, nullptr), resets);
  if (connection_) {
    host_.with(connection_, [&](Tcb& tcb, Turn& turn) {
      tcb.options = options_;
      if (resets) {
        tcb.orphan = true;
        model::abort(tcb, turn);
      } else {
        close_both_ways(tcb, turn);
      }
    });
  }
  if (bound_) release_port();
}

void Socket::destroy(Errno told) {
  if (listener_) host_.close(std::exchange(listener_, nullptr), true);
  if (!connection_) return;
  host_.with(connection_, [&](Tcb& tcb, Turn& turn) {
    set_error(tcb, told);
    model::abort(tcb, turn);
  });
}

bool Socket::has_connection() const {
  return listener_ || (connection_ && connection_->tcb.state != TcpState::closed);
}

bool Socket::drained() const {
  if (!connection_) return true;
  const Tcb& tcb = connection_->tcb;
  return tcb.state == TcpState::closed || (tcb.snd_una == tcb.snd_nxt && tcb.stream.empty());
}

void Socket::apply_options() {
  if (listener_) listener_->options = options_;
  if (!connection_) return;
  host_.with(connection_, [&](Tcb& tcb, Turn& turn) {
    const bool alive = tcb.options.keep_alive, alive_now = options_.keep_alive;
    tcb.options = options_;
    if (alive != alive_now || alive_now) restart_keep_alive(tcb, turn);
  });
}

Errno Socket::take_error() {
  return connection_ ? std::exchange(connection_->tcb.error, {}) : Errno{};
}

}  // namespace finack::model
