// SPDX-License-Identifier: Apache-2.0
// The table of socket options.
#include "agent/options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/sockios.h>
#endif

#include <cerrno>
#include <charconv>
#include <cstdint>

#include "agent/errno_name.h"

namespace finack::agent {

namespace {

enum class Kind : std::uint8_t {
  number,  // an int
  linger,
  error,  // an errno value, read only
  // Octets in a queue, read only, not by getsockopt():
  unread,
  unsent,
  iss,  // set by a detour, never read
};

struct Option {
  const char* name;
  int level;
  int number;
  Kind kind = Kind::number;
};

constexpr Option options[] = {
    {"reuseaddr", SOL_SOCKET, SO_REUSEADDR},
    {"keepalive", SOL_SOCKET, SO_KEEPALIVE},
    {"linger", SOL_SOCKET, SO_LINGER, Kind::linger},
    {"oobinline", SOL_SOCKET, SO_OOBINLINE},
    {"error", SOL_SOCKET, SO_ERROR, Kind::error},
    {"receive-buffer", SOL_SOCKET, SO_RCVBUF},
    {"send-buffer", SOL_SOCKET, SO_SNDBUF},
    {"v6only", IPPROTO_IPV6, IPV6_V6ONLY},
    {"nodelay", IPPROTO_TCP, TCP_NODELAY},
#ifdef SO_REUSEPORT
    {"reuseport", SOL_SOCKET, SO_REUSEPORT},
#endif
#ifdef TCP_MAXSEG
    {"maxseg", IPPROTO_TCP, TCP_MAXSEG},
#endif
#ifdef TCP_KEEPIDLE
    {"keepalive-idle", IPPROTO_TCP, TCP_KEEPIDLE},
#endif
#ifdef TCP_KEEPINTVL
    {"keepalive-interval", IPPROTO_TCP, TCP_KEEPINTVL},
#endif
#ifdef TCP_KEEPCNT
    {"keepalive-count", IPPROTO_TCP, TCP_KEEPCNT},
#endif
#ifdef TCP_USER_TIMEOUT
    {"user-timeout", IPPROTO_TCP, TCP_USER_TIMEOUT},
#endif
#ifdef TCP_LINGER2
    {"linger2", IPPROTO_TCP, TCP_LINGER2},
#endif
#ifdef TCP_CORK
    {"cork", IPPROTO_TCP, TCP_CORK},
#endif
#ifdef TCP_QUICKACK
    {"quickack", IPPROTO_TCP, TCP_QUICKACK},
#endif
#ifdef TCP_SYNCNT
    {"syn-count", IPPROTO_TCP, TCP_SYNCNT},
#endif
#ifdef TCP_DEFER_ACCEPT
    {"defer-accept", IPPROTO_TCP, TCP_DEFER_ACCEPT},
#endif
#ifdef TCP_WINDOW_CLAMP
    {"window-clamp", IPPROTO_TCP, TCP_WINDOW_CLAMP},
#endif
#ifdef TCP_FASTOPEN
    {"fastopen", IPPROTO_TCP, TCP_FASTOPEN},
#endif
#ifdef TCP_FASTOPEN_CONNECT
    {"fastopen-connect", IPPROTO_TCP, TCP_FASTOPEN_CONNECT},
#endif
#ifdef TCP_NOTSENT_LOWAT
    {"notsent-lowat", IPPROTO_TCP, TCP_NOTSENT_LOWAT},
#endif
#ifdef FIONREAD
    {"unread", 0, 0, Kind::unread},
#endif
#ifdef SIOCOUTQ
    {"unsent", 0, 0, Kind::unsent},
#endif
#ifdef TCP_REPAIR_OFF_NO_WP
    {"iss", IPPROTO_TCP, TCP_QUEUE_SEQ, Kind::iss},
#endif
};

const Option* find_option(const std::string& name) {
  for (const Option& option : options) {
    if (name == option.name) return &option;
  }
  return nullptr;
}

bool read_number(int fd, const Option& option, int& number) {
  socklen_t size = sizeof number;
  switch (option.kind) {
#ifdef FIONREAD
    case Kind::unread:
      return ioctl(fd, FIONREAD, &number) == 0;
#endif
#ifdef SIOCOUTQ
    case Kind::unsent:
      return ioctl(fd, SIOCOUTQ, &number) == 0;
#endif
    case Kind::iss:
      errno = ENOPROTOOPT;
      return false;
    default:
      return getsockopt(fd, option.level, option.number, &number, &size) == 0;
  }
}

#ifdef TCP_REPAIR_OFF_NO_WP
bool is_fresh(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  if (info.tcpi_state != TCP_CLOSE) errno = EISCONN;
  return info.tcpi_state == TCP_CLOSE;
}

// Linux lets whoever rules the network say where a socket that is not connected yet begins to count. It is
// meant for moving connections between machines, so the socket is under repair for as long as that takes.
// The end of it makes a connection send a window probe, if it is let, and a socket forget SO_REUSEADDR.
bool set_iss(int fd, std::uint32_t iss) {
  const int on = 1, off = TCP_REPAIR_OFF_NO_WP, queue = TCP_SEND_QUEUE;
  int reuse = 0;
  socklen_t size = sizeof reuse;
  if (!is_fresh(fd) || getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, &size) != 0) return false;
  if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0) return false;
  const bool done = setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof queue) == 0 &&
                    setsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, &iss, sizeof iss) == 0;
  const int error = errno;
  const bool ended = setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &off, sizeof off) == 0 &&
                     setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse) == 0;
  if (!done) errno = error;
  return done && ended;
}
#endif

bool may_set_iss() {
#ifdef TCP_REPAIR_OFF_NO_WP
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return false;
  const bool may = set_iss(fd, 1);
  close(fd);
  return may;
#else
  return false;
#endif
}

OptionResult done_if(bool good) {
  return good ? OptionResult::done : OptionResult::failed;
}

}  // namespace

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  for (const Option& option : options) {
    if (option.kind != Kind::iss || may_set_iss()) names.emplace_back(option.name);
  }
  return names;
}

OptionResult set_option(int fd, const std::string& name, const std::string& value) {
  const Option* option = find_option(name);
  if (option == nullptr) return OptionResult::unknown_name;
#ifdef TCP_REPAIR_OFF_NO_WP
  if (option->kind == Kind::iss) {
    std::uint32_t iss = 0;
    const auto [stop, status] = std::from_chars(value.data(), value.data() + value.size(), iss);
    if (status != std::errc() || stop != value.data() + value.size() || iss == 0)
      return OptionResult::bad_value;
    return done_if(set_iss(fd, iss));
  }
#endif
  const bool is_linger = option->kind == Kind::linger;
  if (!is_linger && option->kind != Kind::number) return OptionResult::read_only;
  const bool off = is_linger && value == "off";
  int number = 0;
  const char* const end = value.data() + value.size();
  if (!off) {
    const auto parsed = std::from_chars(value.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return OptionResult::bad_value;
  }
  if (!is_linger) {
    return done_if(setsockopt(fd, option->level, option->number, &number, sizeof number) == 0);
  }
  // Systems keep the seconds in anything from 16 bits up.
  if (number < 0 || number > 32767) return OptionResult::bad_value;
  linger setting{};
  setting.l_onoff = off ? 0 : 1;
  setting.l_linger = number;
  return done_if(setsockopt(fd, SOL_SOCKET, SO_LINGER, &setting, sizeof setting) == 0);
}

OptionResult get_option(int fd, const std::string& name, std::string& value) {
  const Option* option = find_option(name);
  if (option == nullptr) return OptionResult::unknown_name;
  if (option->kind == Kind::linger) {
    linger setting{};
    socklen_t size = sizeof setting;
    if (getsockopt(fd, SOL_SOCKET, SO_LINGER, &setting, &size) != 0) return OptionResult::failed;
    value = setting.l_onoff == 0 ? "off" : std::to_string(setting.l_linger);
    return OptionResult::done;
  }
  int number = 0;
  if (!read_number(fd, *option, number)) return OptionResult::failed;
  value = std::to_string(number);
  if (option->kind == Kind::error) value = number == 0 ? "none" : errno_name(number);
  return OptionResult::done;
}

namespace {

bool set_linger(int fd, bool on) {
  linger setting{};
  setting.l_onoff = on ? 1 : 0;
  return setsockopt(fd, SOL_SOCKET, SO_LINGER, &setting, sizeof setting) == 0;
}

}  // namespace

bool set_urgent_inline(int fd) {
  const int on = 1;
  return setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on) == 0;
}
bool set_linger_zero(int fd) {
  return set_linger(fd, true);
}
bool set_linger_off(int fd) {
  return set_linger(fd, false);
}

bool close_waits(int fd) {
  linger setting{};
  socklen_t size = sizeof setting;
  return getsockopt(fd, SOL_SOCKET, SO_LINGER, &setting, &size) == 0 && setting.l_onoff != 0 &&
         setting.l_linger != 0;
}

}  // namespace finack::agent
