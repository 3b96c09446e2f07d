// SPDX-License-Identifier: Apache-2.0
// From lines to calls and back. What waits is in model_agent_waiting.cpp.
#include "world/model_agent.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "world/model_arguments.h"
#include "world/model_options.h"

namespace finack {

namespace {

constexpr std::string_view capabilities[] = {"half-close", "linger0", "watch", "dup",   "die",
                                             "urgent",     "destroy", "inet",  "inet6", "state"};

}  // namespace

struct ModelAgent::Arguments : ModelArguments {};

bool ModelAgent::can(std::string_view capability) {
  constexpr std::string_view prefix = "option-";
  if (capability.starts_with(prefix)) return has_model_option(capability.substr(prefix.size()));
  return std::ranges::find(capabilities, capability) != std::end(capabilities);
}

void ModelAgent::ok(std::uint64_t id, Fields fields) {
  reports_.push_back({id, "ok", std::move(fields)});
}

void ModelAgent::error(std::uint64_t id, model::Errno name, Fields fields) {
  fields.insert(fields.begin(), {"errno", std::string(name)});
  reports_.push_back({id, "error", std::move(fields)});
}

void ModelAgent::refused(std::uint64_t id, std::string why) {
  reports_.push_back({id, "refused", {{"why", std::move(why)}}});
}

std::vector<Line> ModelAgent::take_reports() {
  return std::exchange(reports_, {});
}

bool ModelAgent::is_free(std::uint32_t number) const {
  if (handles_.contains(number)) return false;
  return std::ranges::none_of(handles_, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.accepts, [&](const Accept& call) { return call.as == number; });
  });
}

bool ModelAgent::shared(const SocketPtr& socket) const {
  return std::ranges::any_of(handles_, [&](const auto& entry) { return entry.second.socket == socket; });
}

void ModelAgent::call(const Line& line) {
  Arguments arguments;
  const std::string why = read_arguments(line, arguments);
  if (!why.empty()) return refused(line.id, why);
  dispatch(line, arguments);
  progress();
}

void ModelAgent::dispatch(const Line& line, const Arguments& a) {
  const std::uint64_t id = line.id;
  const std::string& word = line.word;
  if (word == "version") {
    std::string all = fmt::format("{}", fmt::join(capabilities, ","));
    return ok(id, {{"protocol", std::to_string(protocol_version)},
                   {"agent", "model"},
                   {"system", "model/1"},
                   {"capabilities", std::move(all)}});
  }
  if (word == "socket") return open_socket(id, a);
  if (word == "state") return state(id, a);
  if (word == "drop") return close(id, a, word);
  const auto found = handles_.find(a.s);
  if (found == handles_.end()) return refused(id, fmt::format("no socket has the handle {}", a.s));
  Handle& handle = found->second;
  if (word == "close" || word == "abort" || word == "die") return close(id, a, word);
  if (word == "bind") return bind(id, handle, a);
  if (word == "connect") return connect(id, handle, a);
  if (word == "receive-urgent") return receive_urgent(id, handle, a);
  if (word == "shutdown") return shutdown(id, handle, a);
  if (word == "option") return option(id, handle, a);
  if (word == "listen") {
    const auto done = handle.socket->listen(a.backlog);
    return done ? ok(id) : error(id, done.error());
  }
  if (word == "destroy") {
    if (!handle.socket->has_connection()) return error(id, "ENOENT");
    handle.socket->destroy("ECONNABORTED");
    return ok(id);
  }
  if (word == "watch") {
    handle.watch = {.active = true};
    return ok(id);
  }
  if (word == "name") {
    if (!handle.socket->is_bound() && !handle.socket->has_connection())
      return ok(id, {{"local", handle.socket->family() == Family::ipv4 ? "0.0.0.0" : "::"},
                     {"local-port", "0"},
                     {"peer", "none"},
                     {"peer-port", "0"}});
    return ok(id, address_fields(handle.socket->pair(), handle.mapped));
  }
  if ((word == "dup" || word == "accept") && !is_free(a.as)) return refused(id, "the handle is in use");
  if (word == "dup") {
    Handle copy{handle.socket, handle.mapped};
    handles_.emplace(a.as, std::move(copy));
    return ok(id);
  }
  const std::size_t waiting = word == "accept" ? handle.accepts.size()
                              : word == "send" ? handle.sends.size()
                                               : handle.receives.size();
  if (waiting == max_pending) return refused(id, "too many calls wait on this socket");
  if (word == "accept") handle.accepts.push_back({id, a.as});
  if (word == "send") handle.sends.push_back({id, a.seed, a.offset, a.length, 0, a.urgent});
  if (word == "receive") handle.receives.push_back({id, a.seed, a.offset, a.length});
}

void ModelAgent::open_socket(std::uint64_t id, const Arguments& a) {
  if (!is_free(a.s)) return refused(id, "the handle is in use");
  if (a.family != "inet" && a.family != "inet6") return refused(id, "family is inet or inet6");
  const Family family = a.family == "inet" ? Family::ipv4 : Family::ipv6;
  closed_.erase(a.s);
  Handle handle;
  handle.socket = std::make_shared<model::Socket>(host_, family);
  handles_.emplace(a.s, std::move(handle));
  ok(id);
}

void ModelAgent::bind(std::uint64_t id, Handle& handle, const Arguments& a) {
  const auto address = read_address(a.address, handle.socket->family());
  if (!address) return refused(id, "not an address of the socket's family");
  handle.mapped = address->mapped;
  const auto done = handle.socket->bind({address->address, a.port});
  if (!done) return error(id, done.error());
  Fields fields = address_fields(handle.socket->pair(), handle.mapped);
  fields.resize(2);
  ok(id, std::move(fields));
}

void ModelAgent::connect(std::uint64_t id, Handle& handle, const Arguments& a) {
  const auto address = read_address(a.address, handle.socket->family());
  if (!address) return refused(id, "not an address of the socket's family");
  handle.mapped = address->mapped;
  const auto done = handle.socket->connect({address->address, a.port});
  if (!done) return error(id, done.error());
  handle.connect = id;
}

void ModelAgent::shutdown(std::uint64_t id, Handle& handle, const Arguments& a) {
  using How = model::Socket::How;
  if (a.how != "send" && a.how != "receive" && a.how != "both")
    return refused(id, "how is send, receive or both");
  const How how = a.how == "send" ? How::send : a.how == "receive" ? How::receive : How::both;
  const auto done = handle.socket->shutdown(how);
  done ? ok(id) : error(id, done.error());
}

void ModelAgent::receive_urgent(std::uint64_t id, Handle& handle, const Arguments& a) {
  const auto octet = handle.socket->receive_urgent();
  if (!octet) return error(id, octet.error());
  Fields fields = {{"octets", *octet ? "1" : "0"}};
  std::uint64_t digest = digest_start;
  std::string mismatch = "none";
  if (*octet) {
    digest = digest_add(digest, &**octet, 1);
    if (**octet != pattern_octet(a.seed, a.offset)) mismatch = std::to_string(a.offset);
  }
  fields.emplace_back("digest", digest_text(digest));
  fields.emplace_back("mismatch", std::move(mismatch));
  ok(id, std::move(fields));
}

void ModelAgent::option(std::uint64_t id, Handle& handle, const Arguments& a) {
  std::string value;
  const ModelOption done = a.value ? set_model_option(*handle.socket, a.name, *a.value)
                                   : get_model_option(*handle.socket, a.name, value);
  switch (done) {
    case ModelOption::done:
      return ok(id, a.value ? Fields{} : Fields{{"value", value}});
    case ModelOption::unknown_name:
      return refused(id, "unknown option");
    case ModelOption::read_only:
      return refused(id, "the option can only be read");
    case ModelOption::bad_value:
      return refused(id, "bad value of value");
    case ModelOption::not_fresh:
      return error(id, "EISCONN");
  }
}

void ModelAgent::state(std::uint64_t id, const Arguments& a) {
  if (a.has_s == !a.local.empty() || (!a.peer.empty() && a.local.empty()))
    return refused(id, "state needs either s, or local and local-port and, but for a listener, the peer");
  EndpointPair pair;
  if (a.has_s) {
    const auto open = handles_.find(a.s);
    const auto closed = closed_.find(a.s);
    if (open == handles_.end() && closed == closed_.end())
      return refused(id, "nothing is known of this handle");
    pair = open != handles_.end() ? open->second.socket->pair() : closed->second;
  } else {
    const Family family = a.local.find(':') == std::string::npos ? Family::ipv4 : Family::ipv6;
    const auto local = read_address(a.local, family);
    const auto peer = a.peer.empty() ? local : read_address(a.peer, family);
    if (!local || !peer || local->address.family != peer->address.family)
      return refused(id, "not an address, or two families");
    pair = {{local->address, a.local_port}, {peer->address, a.peer.empty() ? std::uint16_t{0} : a.peer_port}};
  }
  const auto record = host_.find(pair);
  ok(id, {{"state", std::string(to_string(record ? record->state : TcpState::closed))}});
}

ModelAgent::SocketPtr ModelAgent::forget(std::uint32_t number) {
  const auto at = handles_.find(number);
  if (at == handles_.end()) return nullptr;
  Handle handle = std::move(at->second);
  handles_.erase(at);
  constexpr std::size_t most_remembered = 64;
  if (closed_.size() == most_remembered) closed_.erase(closed_.begin());
  closed_[number] = handle.socket->pair();
  if (handle.connect != 0) error(handle.connect, "ECANCELED");
  for (const Accept& call : handle.accepts) error(call.id, "ECANCELED");
  for (const Transfer& call : handle.sends)
    error(call.id, "ECANCELED", {{"octets", std::to_string(call.done)}});
  for (const Transfer& call : handle.receives)
    error(call.id, "ECANCELED", received_fields(call.done, call.digest, call.mismatch));
  return handle.socket;
}

void ModelAgent::close(std::uint64_t id, const Arguments& a, std::string_view word) {
  const SocketPtr socket = forget(a.s);
  if (!socket || shared(socket)) return ok(id);
  model::Options& options = socket->options();
  if (word == "abort" || word == "drop") options.linger = Duration{};
  // A process that dies does not wait.
  const bool may_linger = word == "close" && !socket->listens();
  const Duration linger = may_linger ? options.linger.value_or(Duration{}) : Duration{};
  socket->close();
  if (linger == Duration{} || socket->drained()) return ok(id);
  lingering_.push_back({id, socket, host_.now() + linger});
}

}  // namespace finack
