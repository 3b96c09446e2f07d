// SPDX-License-Identifier: Apache-2.0
#include "model/host.h"

#include <algorithm>
#include <utility>

#include "model/icmp_arrives.h"
#include "model/segment_arrives.h"
#include "model/sending.h"
#include "model/timers.h"
#include "model/user_calls.h"
#include "packet/codec.h"

namespace finack::model {

namespace {

EndpointPair pair_of(const Segment& segment) {
  return {segment.destination, segment.source};
}

bool unspecified(const Address& address) {
  return std::ranges::all_of(address.view(), [](std::uint8_t octet) { return octet == 0; });
}

// RFC 9293 3.9.2.3, MUST-57 and MUST-63: neither from nor to many.
bool single(const Address& address) {
  const std::uint8_t first = address.octets[0];
  return address.family == Family::ipv4 ? first < 224 && !unspecified(address)
                                        : first != 0xff && !unspecified(address);
}

}  // namespace

Host::Host(Settings settings, std::vector<Address> addresses, Mutant mutant, EdgeHook hook)
    : settings_(settings),
      addresses_(std::move(addresses)),
      mutant_(std::move(mutant)),
      hook_(std::move(hook)) {}

bool Host::is_local(const Address& address) const {
  return std::ranges::find(addresses_, address) != addresses_.end();
}

std::optional<Address> Host::local_address(Family family) const {
  const auto at = std::ranges::find(addresses_, family, &Address::family);
  return at == addresses_.end() ? std::nullopt : std::optional(*at);
}

void Host::advance(Time now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto [at, pair] = *timers_.begin();
    now_ = std::max(now_, at);
    const auto found = connections_.find(pair);
    if (found == connections_.end()) {
      timers_.erase(timers_.begin());
      continue;
    }
    const ConnectionPtr connection = found->second;
    with(connection, timer_expires);
  }
  now_ = std::max(now_, now);
}

Time Host::next_timer() const {
  return timers_.empty() ? never : timers_.begin()->first;
}

void Host::packet_arrives(BytesView packet) {
  std::optional<Bytes> whole;
  if (Fragments::is_fragment(packet)) {
    whole = fragments_.add(now_, packet);
    if (!whole) return;
    packet = *whole;
  }
  const auto ip = decode_ip(packet);
  if (!ip || !is_local(ip->destination) || !single(ip->source)) return;
  if (const auto report = decode_icmp(*ip)) {
    const auto about = connections_.find(report->pair);
    if (about == connections_.end()) return;
    const ConnectionPtr connection = about->second;
    with(connection, [&](Tcb& tcb, Turn& turn) { icmp_arrives(tcb, turn, *report); });
    return;
  }
  const auto segment = decode_packet(packet);
  if (segment && !segment->bad_checksum) segment_arrives_here(*segment);
}

void Host::segment_arrives_here(const Segment& segment) {
  std::vector<Segment> out;
  Turn turn = new_turn(out);
  const ListenerPtr listener = listener_at(segment.destination);
  const auto found = connections_.find(pair_of(segment));
  if (found != connections_.end()) {
    const ConnectionPtr connection = found->second;
    const auto reopens = listener ? may_reopen(connection->tcb, turn, segment) : std::nullopt;
    if (reopens) return begin(listener, segment, *reopens, connection);
    return with(connection, [&](Tcb& tcb, Turn& inner) { segment_arrives(tcb, inner, segment); });
  }
  const bool syn = segment_for_nobody(segment, listener ? TcpState::listen : TcpState::closed, turn);
  send(out);
  // A full queue drops the SYN; it comes again.
  if (syn && listener->ready.size() + listener->embryos < listener->backlog)
    begin(listener, segment, Event::syn, nullptr);
}

void Host::begin(const ListenerPtr& listener, const Segment& segment, Event why, const ConnectionPtr& old) {
  const auto child = std::make_shared<Connection>();
  child->tcb.pair = pair_of(segment);
  child->tcb.options = listener->options;
  child->parent = listener;
  std::vector<Segment> out;
  Turn turn = new_turn(out);
  if (!accept_syn(child->tcb, turn, segment, why, old ? &old->tcb : nullptr)) return;
  if (old) remove(old);
  child->embryo = true;
  ++listener->embryos;
  connections_[child->tcb.pair] = child;
  conclude(child, turn);
}

void Host::conclude(const ConnectionPtr& connection, Turn& turn) {
  Tcb& tcb = connection->tcb;
  finish_turn(tcb, turn);
  send(turn.out);
  touched_.insert(tcb.pair);
  const bool gone = tcb.state == TcpState::closed || tcb.state == TcpState::listen;
  if (tcb.granted) cookies_[tcb.pair.peer.address] = {*std::exchange(tcb.granted, {}), tcb.snd_mss};
  if (connection->embryo && (tcb.state != TcpState::syn_received || tcb.fast_open)) {
    connection->embryo = false;
    const ListenerPtr parent = connection->parent.lock();
    if (parent) --parent->embryos;
    // Back from a SYN that was none, it is nobody's connection.
    const bool made = !gone && tcb.state != TcpState::time_wait;
    if (parent && made) parent->ready.push_back(connection);
  }
  if (gone) return remove(connection);
  index_timer(connection);
}

void Host::remove(const ConnectionPtr& connection) {
  Tcb& tcb = connection->tcb;
  timers_.erase({connection->indexed, tcb.pair});
  connection->indexed = never;
  tcb.state = TcpState::closed;
  tcb.timers = {};
  if (std::exchange(connection->embryo, false)) {
    if (const ListenerPtr parent = connection->parent.lock()) --parent->embryos;
  }
  const auto at = connections_.find(tcb.pair);
  if (at != connections_.end() && at->second == connection) connections_.erase(at);
}

void Host::index_timer(const ConnectionPtr& connection) {
  const Time next = finack::model::next_timer(connection->tcb);
  if (next == connection->indexed) return;
  timers_.erase({connection->indexed, connection->tcb.pair});
  if (next != never) timers_.insert({next, connection->tcb.pair});
  connection->indexed = next;
}

void Host::send(const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    if (auto packet = encode_packet(segment)) sent_.push_back(std::move(*packet));
  }
}

std::vector<Bytes> Host::take_sent() {
  return std::exchange(sent_, {});
}

std::vector<EndpointPair> Host::take_touched() {
  std::vector<EndpointPair> out(touched_.begin(), touched_.end());
  touched_.clear();
  return out;
}

std::optional<Tcb> Host::find(const EndpointPair& pair) const {
  if (pair.peer.port == 0) {
    const ListenerPtr listener = listener_at(pair.target);
    if (!listener) return std::nullopt;
    Tcb out;
    out.pair.target = listener->local;
    out.state = TcpState::listen;
    return out;
  }
  const auto at = connections_.find(pair);
  if (at == connections_.end()) return std::nullopt;
  return at->second->tcb;
}

void Host::forget(const EndpointPair& pair) {
  if (const ListenerPtr listener = listener_at(pair.target)) {
    for (const ConnectionPtr& waiting : std::exchange(listener->ready, {})) remove(waiting);
    listeners_.erase(listener->local);
  }
  if (const auto at = connections_.find(pair); at != connections_.end()) {
    const ConnectionPtr connection = at->second;
    remove(connection);
  }
  cookies_.erase(pair.peer.address);
}

ListenerPtr Host::listener_at(const Endpoint& local) const {
  const auto at = listeners_.find(local);
  if (at != listeners_.end()) return at->second;
  const auto any = listeners_.find({Address{local.address.family}, local.port});
  return any == listeners_.end() ? nullptr : any->second;
}

bool Host::may_bind(const Endpoint& local, const Options& options) const {
  if (listener_at(local)) return false;
  const auto shares = [&](const Options& other) {
    return (options.reuse_address && other.reuse_address) || (options.reuse_port && other.reuse_port);
  };
  const auto [first, last] = bound_.equal_range(local);
  if (std::any_of(first, last, [&](const auto& entry) { return !shares(*entry.second); })) return false;
  for (auto at = connections_.lower_bound({local, {}}); at != connections_.end() && at->first.target == local;
       ++at) {
    if (!shares(at->second->tcb.options)) return false;
  }
  return true;
}

std::optional<std::uint16_t> Host::free_port(const Address& address) const {
  for (std::uint32_t port = 49'152; port <= 65'535; ++port) {
    const Endpoint local{address, static_cast<std::uint16_t>(port)};
    if (may_bind(local, {})) return local.port;
  }
  return std::nullopt;
}

ListenerPtr Host::listen(const Endpoint& local, std::size_t backlog, const Options& options) {
  if (listeners_.contains(local)) return nullptr;
  std::vector<Segment> out;
  Turn turn = new_turn(out);
  Tcb record;
  record.pair.target = local;
  if (!decide(record, turn, {Event::passive_open, TcpState::closed, TcpState::listen})) return nullptr;
  auto listener = std::make_shared<Listener>();
  listener->local = local;
  listener->backlog = std::max<std::size_t>(1, backlog);
  listener->options = options;
  listeners_[local] = listener;
  return listener;
}

void Host::close(const ListenerPtr& listener, bool aborts) {
  std::vector<Segment> out;
  Turn turn = new_turn(out);
  Tcb record;
  record.pair.target = listener->local;
  const Event event = aborts ? Event::abort : Event::close;
  if (!decide(record, turn, {event, TcpState::listen, TcpState::closed})) return;
  listeners_.erase(listener->local);
  // Nobody is left to take its connections.
  for (const ConnectionPtr& waiting : std::exchange(listener->ready, {})) with(waiting, abort);
  std::vector<ConnectionPtr> embryos;
  for (auto at = connections_.lower_bound({listener->local, {}});
       at != connections_.end() && at->first.target == listener->local; ++at) {
    if (at->second->embryo) embryos.push_back(at->second);
  }
  for (const ConnectionPtr& embryo : embryos) remove(embryo);
}

const ServerCookie* Host::cookie_of(const Address& peer) const {
  const auto at = cookies_.find(peer);
  return at == cookies_.end() ? nullptr : &at->second;
}

bool Host::waits_for_octets(const Address& peer, const Options& options) const {
  return may_send_with_syn(settings_, options, cookie_of(peer));
}

ConnectionPtr Host::connect(const EndpointPair& pair, const Options& options, BytesView first) {
  if (const auto old = connections_.find(pair); old != connections_.end()) {
    const ConnectionPtr connection = old->second;
    const TcpState state = connection->tcb.state;
    with(connection, [&](Tcb& tcb, Turn& turn) { take(tcb, turn, {Event::open_again, state, state}); });
    return nullptr;
  }
  auto connection = std::make_shared<Connection>();
  connection->tcb.pair = pair;
  connection->tcb.options = options;
  prepare_fast_open(connection->tcb, settings_, cookie_of(pair.peer.address), first);
  connections_[pair] = connection;
  with(connection, open_actively);
  return connection;
}

void Host::unbind(const Endpoint& local, const Options* options) {
  const auto [first, last] = bound_.equal_range(local);
  const auto at = std::find_if(first, last, [&](const auto& entry) { return entry.second == options; });
  if (at != last) bound_.erase(at);
}

}  // namespace finack::model
