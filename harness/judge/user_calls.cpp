// SPDX-License-Identifier: Apache-2.0
#include "judge/user_calls.h"

#include <algorithm>

namespace finack {

namespace {

std::string field(const CallStep& call, std::string_view key) {
  const auto at = std::ranges::find(call.fields, key, &std::pair<std::string, std::string>::first);
  return at == call.fields.end() ? std::string() : at->second;
}

}  // namespace

std::optional<UserCalls::Event> UserCalls::called(const CallStep& call) {
  if (call.word == "socket") {
    id_of_[call.socket] = ++last_;
    sockets_[last_] = {};
    return std::nullopt;
  }
  const auto known = id_of_.find(call.socket);
  if (known == id_of_.end()) return std::nullopt;
  const Id id = known->second;
  if (call.word == "accept") ++accepting_;
  if (call.word == "listen") {
    listener_ = id;
    return Event{{Fact::passive_open}};
  }
  if (call.word == "connect") {
    connection_ = id;
    sends_ = receives_ = true;
    return Event{{Fact::active_open}};
  }
  if (call.word == "dup") {
    id_of_[call.makes] = id;
    ++sockets_[id].names;
  }
  if (call.word == "option" && field(call, "name") == "linger")
    sockets_[id].no_linger = field(call, "value") == "0";
  if (call.word == "destroy") return Event{{Fact::abort}};
  // One that goes through shows itself in what is sent.
  if (call.word == "send" && id == connection_ && !sends_) return Event{{Fact::send}};
  if (call.word == "shutdown" && id == connection_) return shut(field(call, "how"));
  if (call.word == "close" || call.word == "abort" || call.word == "die" ||
      (call.word == "shutdown" && id == listener_ && field(call, "how") != "send"))
    return ended(call);
  return std::nullopt;
}

std::optional<UserCalls::Event> UserCalls::ended(const CallStep& call) {
  const Id id = id_of_[call.socket];
  Socket& socket = sockets_[id];
  if (call.word == "abort") socket.no_linger = true;
  if (call.word != "shutdown") id_of_.erase(call.socket);
  if (call.word != "shutdown" && --socket.names > 0) return std::nullopt;
  if (id == listener_) {
    listener_.reset();
    const bool aborts = socket.no_linger && call.word != "die" && call.word != "shutdown";
    return Event{aborts ? Facts{Fact::abort} : Facts{}, true, !connection_, accepting_ > 0};
  }
  if (id != connection_) return std::nullopt;
  // A process that dies takes no time to linger; where none is to be taken it aborts as any other.
  if (socket.no_linger) return Event{{Fact::abort}};
  return Event{{Fact::close, Fact::both_ways}};
}

std::optional<UserCalls::Event> UserCalls::shut(const std::string& how) {
  if (how != "send") receives_ = false;
  const bool sent_before = sends_;
  if (how != "receive") sends_ = false;
  Event event;
  event.facts.add(Fact::close, how != "receive");
  event.facts.add(Fact::both_ways, !receives_ && !sends_);
  if (how == "receive" && sent_before) return std::nullopt;
  return event;
}

void UserCalls::returned(const CallStep& call, const Returned& returned) {
  if (call.word == "accept" && accepting_ > 0) --accepting_;
  if (call.word != "accept" || returned.kind != Returned::Kind::done) return;
  id_of_[call.makes] = ++last_;
  sockets_[last_] = {};
  if (const auto listener = id_of_.find(call.socket); listener != id_of_.end())
    sockets_[last_].no_linger = sockets_[listener->second].no_linger;
  connection_ = last_;
  ++accepted_;
  sends_ = receives_ = true;
}

}  // namespace finack
