// SPDX-License-Identifier: Apache-2.0
// A stack in memory: its connections, its listeners, and what meets neither. Time is told to it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "model/fast_open.h"
#include "model/fragments.h"
#include "model/turn.h"

namespace finack::model {

struct Connection;
using ConnectionPtr = std::shared_ptr<Connection>;

// A passive OPEN.
struct Listener {
  Endpoint local;
  std::size_t backlog = 1;
  Options options = {};                  // its connections begin with them
  std::deque<ConnectionPtr> ready = {};  // made, and not yet accepted
  std::size_t embryos = 0;               // in SYN-RECEIVED
};
using ListenerPtr = std::shared_ptr<Listener>;

struct Connection {
  Tcb tcb;
  std::weak_ptr<Listener> parent = {};
  bool embryo = false;
  Time indexed = never;  // where the host's list of timers has it
};

class Host {
 public:
  // Segments to other addresses than these are not for it.
  Host(Settings settings, std::vector<Address> addresses, Mutant mutant = {}, EdgeHook hook = {});
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const Settings& settings() const { return settings_; }
  Time now() const { return now_; }
  // Time passes: timers that are due by then act, in their order.
  void advance(Time now);
  Time next_timer() const;

  // An IP packet, whatever is in it.
  void packet_arrives(BytesView packet);
  // What was sent since the last time: IP packets in their order.
  std::vector<Bytes> take_sent();
  // The connections that something happened to since the last time.
  std::vector<EndpointPair> take_touched();

  // None when there is no such record. With 0 for the peer's port: a listener.
  std::optional<Tcb> find(const EndpointPair& pair) const;
  // Drops all that it has for the pair, its listener, and the peer's cookie, without a word.
  void forget(const EndpointPair& pair);
  std::size_t connections() const { return connections_.size(); }
  std::size_t listeners() const { return listeners_.size(); }

  // For sockets.
  bool is_local(const Address& address) const;
  std::optional<Address> local_address(Family family) const;
  bool may_bind(const Endpoint& local, const Options& options) const;
  std::optional<std::uint16_t> free_port(const Address& address) const;
  // Null when there is one already, or a mutant does not let it.
  ListenerPtr listen(const Endpoint& local, std::size_t backlog, const Options& options);
  // Null when there is a connection of that pair. `first`: octets for the SYN (RFC 7413).
  ConnectionPtr connect(const EndpointPair& pair, const Options& options, BytesView first = {});
  // Whether connect() had better wait until there are octets for it.
  bool waits_for_octets(const Address& peer, const Options& options) const;
  void close(const ListenerPtr& listener, bool abort);
  void bind(const Endpoint& local, const Options* options) { bound_.emplace(local, options); }
  void unbind(const Endpoint& local, const Options* options);

  // Calls `act(tcb, turn)` on a connection, and lets its consequences take effect.
  template <class Act>
  void with(const ConnectionPtr& connection, Act&& act) {
    std::vector<Segment> out;
    Turn turn = new_turn(out);
    act(connection->tcb, turn);
    conclude(connection, turn);
  }

 private:
  Turn new_turn(std::vector<Segment>& out) { return {settings_, mutant_, hook_, now_, out}; }
  void conclude(const ConnectionPtr& connection, Turn& turn);
  void send(const std::vector<Segment>& segments);
  void index_timer(const ConnectionPtr& connection);
  void remove(const ConnectionPtr& connection);
  void segment_arrives_here(const Segment& segment);
  ListenerPtr listener_at(const Endpoint& local) const;
  const ServerCookie* cookie_of(const Address& peer) const;
  void begin(const ListenerPtr& listener, const Segment& segment, Event why, const ConnectionPtr& old);

  Settings settings_;
  std::vector<Address> addresses_;
  Mutant mutant_;
  EdgeHook hook_;
  Time now_{};
  std::map<EndpointPair, ConnectionPtr> connections_;
  std::map<Endpoint, ListenerPtr> listeners_;
  std::multimap<Endpoint, const Options*> bound_;
  std::set<std::pair<Time, EndpointPair>> timers_;
  std::set<EndpointPair> touched_;
  std::vector<Bytes> sent_;
  Fragments fragments_;
  std::map<Address, ServerCookie> cookies_;  // of servers, by their address
};

}  // namespace finack::model
