// SPDX-License-Identifier: Apache-2.0
// Calls of the model's agent that wait for the stack, and watches.
#include <algorithm>

#include "world/model_agent.h"
#include "world/model_arguments.h"

namespace finack {

namespace {

// Of one write or read; what a host's own buffers hold bounds it as well.
constexpr std::size_t portion = 65'536;

}  // namespace

Time ModelAgent::next_deadline() const {
  Time out = never;
  for (const Lingering& one : lingering_) out = std::min(out, one.until);
  return out;
}

void ModelAgent::progress() {
  std::vector<std::uint32_t> numbers;
  for (const auto& [number, handle] : handles_) numbers.push_back(number);
  for (const std::uint32_t number : numbers) {
    Handle& handle = handles_.at(number);
    finish_connect(handle);
    // The watch looks first: it takes nothing away.
    look(number, handle);
    finish_accepts(number);
    go_on_sending(handle);
    go_on_receiving(handle);
  }
  std::erase_if(lingering_, [&](const Lingering& one) {
    const bool over = one.socket->drained() || one.until <= host_.now();
    if (over) ok(one.id);
    return over;
  });
}

void ModelAgent::finish_connect(Handle& handle) {
  if (handle.connect == 0) return;
  const auto done = handle.socket->connected();
  if (!done && done.error() == "EINPROGRESS") return;
  const std::uint64_t id = std::exchange(handle.connect, 0);
  done ? ok(id, address_fields(handle.socket->pair(), handle.mapped)) : error(id, done.error());
}

void ModelAgent::finish_accepts(std::uint32_t number) {
  Handle& listener = handles_.at(number);
  while (!listener.accepts.empty()) {
    auto socket = listener.socket->accept();
    if (!socket && socket.error() == "EAGAIN") return;
    const Accept call = listener.accepts.front();
    listener.accepts.pop_front();
    if (!socket) {
      error(call.id, socket.error());
      continue;
    }
    Handle made;
    made.socket = std::move(*socket);
    made.mapped = listener.mapped;
    ok(call.id, address_fields(made.socket->pair(), made.mapped));
    closed_.erase(call.as);
    handles_.emplace(call.as, std::move(made));
  }
}

void ModelAgent::go_on_sending(Handle& handle) {
  Bytes octets;
  while (!handle.sends.empty()) {
    Transfer& call = handle.sends.front();
    octets.resize(static_cast<std::size_t>(std::min<std::uint64_t>(portion, call.left)));
    fill_pattern(call.seed, call.offset, octets.data(), octets.size());
    const auto taken = handle.socket->send(octets, call.urgent && octets.size() == call.left);
    if (!taken && taken.error() == "EAGAIN") return;
    if (taken) {
      call.done += *taken;
      call.offset += *taken;
      call.left -= *taken;
      if (call.left > 0) continue;
    }
    const std::pair<std::string, std::string> done = {"octets", std::to_string(call.done)};
    taken ? ok(call.id, {done}) : error(call.id, taken.error(), {done});
    handle.sends.pop_front();
  }
}

void ModelAgent::go_on_receiving(Handle& handle) {
  while (!handle.receives.empty()) {
    Transfer& call = handle.receives.front();
    const auto octets =
        handle.socket->receive(static_cast<std::size_t>(std::min<std::uint64_t>(portion, call.left)));
    if (!octets && octets.error() == "EAGAIN") return;
    if (octets && !octets->empty()) {
      call.digest = digest_add(call.digest, octets->data(), octets->size());
      const std::size_t same = pattern_mismatch(call.seed, call.offset, octets->data(), octets->size());
      if (same != octets->size() && !call.mismatch) call.mismatch = call.offset + same;
      call.done += octets->size();
      call.offset += octets->size();
      call.left -= octets->size();
      if (call.left > 0) continue;
    }
    Fields fields = received_fields(call.done, call.digest, call.mismatch);
    if (octets) {
      fields.insert(fields.begin() + 1, {"end", call.left > 0 ? "yes" : "no"});
      ok(call.id, std::move(fields));
    } else {
      error(call.id, octets.error(), std::move(fields));
    }
    handle.receives.pop_front();
  }
}

void ModelAgent::tell(std::uint32_t number, std::string_view what, model::Errno name) {
  Fields fields = {{"s", std::to_string(number)}, {"what", std::string(what)}};
  if (!name.empty()) fields.emplace_back("errno", std::string(name));
  reports_.push_back({0, "event", std::move(fields)});
}

void ModelAgent::look(std::uint32_t number, Handle& handle) {
  Watch& watch = handle.watch;
  if (!watch.active) return;
  model::Socket& socket = *handle.socket;
  if (const model::Errno name = socket.pending_error(); !name.empty()) {
    const bool reset = name == "ECONNRESET" || name == "EPIPE";
    watch.active = false;
    if (!reset && watch.saw_trouble) return;  // it was told of that
    return tell(number, reset ? "reset" : "error", name);
  }
  if (!watch.saw_trouble && socket.in_trouble()) {
    watch.saw_trouble = true;
    tell(number, "error", "ETIMEDOUT");
  }
  if (!watch.saw_data && (socket.can_accept() || socket.unread() > 0)) {
    watch.saw_data = true;
    tell(number, "readable");
  }
  if (!watch.saw_end && socket.peer_is_done()) {
    watch.saw_end = true;
    tell(number, "end");
  }
  if (!socket.listens() && socket.was_connected() && !socket.has_connection()) watch.active = false;
}

}  // namespace finack
