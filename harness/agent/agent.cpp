// SPDX-License-Identifier: Apache-2.0
// Which call goes where, and what the poller is told.
#include "agent/agent.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <string>

#include "agent/options.h"
#include "agent/watch.h"

namespace finack::agent {

namespace {

constexpr const char* version = "0.1.0";
constexpr std::uint64_t closer_tag = UINT64_MAX - 1;

bool has_family(int family) {
  const int fd = ::socket(family, SOCK_STREAM, 0);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

}  // namespace

Agent::Agent(Poller& poller, Output& output) : poller_(poller), output_(output) {
  poller_.set(closer_.fd(), readable, closer_tag);
}

Fields Agent::describe() const {
  std::string capabilities = "half-close,linger0,watch,dup,die,urgent";
  if (has_family(AF_INET)) capabilities += ",inet";
  if (has_family(AF_INET6)) capabilities += ",inet6";
  if (diag_.can_read()) capabilities += ",state";
  if (diag_.can_destroy()) capabilities += ",destroy";
  for (const std::string& option : option_names()) capabilities += ",option-" + option;
  utsname system{};
  uname(&system);
  return {{"protocol", std::to_string(protocol_version)},
          {"agent", version},
          {"system", std::string(system.sysname) + '/' + system.release},
          {"capabilities", capabilities}};
}

void Agent::hello() {
  output_.line({0, "hello", describe()});
}

void Agent::call(std::string_view text) {
  Line line;
  Arguments arguments;
  std::string why;
  if (!parse_line(text, line, why)) return output_.refused(line.id, why);
  if (line.id == 0) return output_.refused(0, "a call needs a number other than 0");
  if (!read_arguments(line, arguments, why)) return output_.refused(line.id, why);
  dispatch(line, arguments);
}

void Agent::dispatch(const Line& line, const Arguments& a) {
  const Id id = line.id;
  const std::string& word = line.word;
  if (word == "version") return output_.ok(id, describe());
  if (word == "socket") return socket(id, a);
  if (word == "state") return state(id, a);
  if (word == "drop") return drop(id, a.s);
  Socket* found = sockets_.find(a.s);
  if (found == nullptr) return output_.refused(id, "no socket has the handle " + std::to_string(a.s));
  if (word == "bind") return bind(id, *found, a);
  if (word == "listen") return listen(id, *found, a);
  if (word == "accept") return accept(id, *found, a);
  if (word == "connect") return connect(id, *found, a);
  if (word == "send") return send(id, *found, a);
  if (word == "receive") return receive(id, *found, a);
  if (word == "receive-urgent") return receive_urgent(id, *found, a);
  if (word == "shutdown") return shutdown(id, *found, a);
  if (word == "close") return close(id, *found);
  if (word == "abort") return abort(id, *found);
  if (word == "die") return die(id, *found);
  if (word == "destroy") return destroy(id, *found);
  if (word == "dup") return dup(id, *found, a);
  if (word == "option") return option(id, *found, a);
  if (word == "name") return name(id, *found);
  if (word == "watch") return watch(id, *found);
}

void Agent::watch(Id id, Socket& socket) {
  socket.watch = Watch{true, false, false};
  output_.ok(id);
  settle(socket);
}

void Agent::state(Id id, const Arguments& a) {
  if (!diag_.can_read()) return output_.refused(id, "this agent cannot tell states");
  AddressPair pair;
  if (a.has_s == (a.local != nullptr) || (a.peer != nullptr && a.local == nullptr)) {
    return output_.refused(id,
                           "state needs either s, or local and local-port and, but for a listener, the peer");
  }
  if (a.has_s) {
    const AddressPair* last = sockets_.last_pair(a.s);
    if (last == nullptr && sockets_.find(a.s) == nullptr)
      return output_.refused(id, "nothing is known of this handle");
    if (last == nullptr) return output_.ok(id, {{"state", "CLOSED"}});
    pair = *last;
  } else {
    const int family = a.local->find(':') == std::string::npos ? AF_INET : AF_INET6;
    if (!parse_address(*a.local, family, a.local_port, pair.local) ||
        (a.peer != nullptr && !parse_address(*a.peer, family, a.peer_port, pair.peer))) {
      return output_.refused(id, "not an address, or two families");
    }
  }
  std::string text;
  if (const int error = diag_.read(pair, text); error != 0) return output_.error(id, error);
  output_.ok(id, {{"state", text}});
}

void Agent::ready(const Ready& ready) {
  if (ready.tag == closer_tag) return report_closed();
  Socket* socket = sockets_.find(static_cast<std::uint32_t>(ready.tag));
  // A socket closed since the poller looked, and its handle perhaps in use again.
  if (socket == nullptr || socket->generation != ready.tag >> 32) return;
  if (socket->shared->phase == Phase::connecting) finish_connect(*socket);
  const Phase phase = socket->shared->phase;
  const bool open = phase == Phase::connected || phase == Phase::listening;
  if (open && socket->watch.active) check_watch(*socket, ready.events, output_);
  progress(*socket);
}

void Agent::progress(Socket& socket) {
  finish_accepts(socket);
  transfers_.send(socket, output_);
  transfers_.receive(socket, output_);
  settle(socket);
}

void Agent::settle(Socket& socket) {
  const Description& shared = *socket.shared;
  unsigned wanted = 0;
  // Any handle may see the connection made; the one that has called connect looks, and one that is watched.
  const bool connects = shared.connect_id != 0 && shared.connect_by == socket.handle;
  if (shared.phase == Phase::connecting && (connects || socket.watch.active)) wanted |= writable;
  if (!socket.sends.empty()) wanted |= writable;
  if (!socket.accepts.empty() || !socket.receives.empty()) wanted |= readable;
  const bool open = shared.phase == Phase::connected || shared.phase == Phase::listening;
  if (open && socket.watch.active) {
    wanted |= failed;
    // After the end no data comes, and a poller says "readable" of the end for ever.
    if (!socket.watch.saw_data && !socket.watch.saw_end) wanted |= readable;
    if (!socket.watch.saw_end && shared.phase == Phase::connected) wanted |= peer_closed;
  }
  if (wanted == socket.interest) return;
  poller_.set(socket.fd, wanted, std::uint64_t{socket.generation} << 32 | socket.handle);
  socket.interest = wanted;
}

void Agent::settle_all(const Socket& socket) {
  for (const std::uint32_t handle : socket.shared->handles) settle(*sockets_.find(handle));
}

}  // namespace finack::agent
