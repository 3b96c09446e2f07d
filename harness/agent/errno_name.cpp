// SPDX-License-Identifier: Apache-2.0
// The table of errno names.
#include "agent/errno_name.h"

#include <cerrno>

namespace finack::agent {

namespace {

struct Entry {
  int number;
  const char* name;
};

#define FINACK_ERRNO(symbol) \
  { symbol, #symbol }

constexpr Entry entries[] = {
    FINACK_ERRNO(EACCES),          FINACK_ERRNO(EADDRINUSE),   FINACK_ERRNO(EADDRNOTAVAIL),
    FINACK_ERRNO(EAFNOSUPPORT),    FINACK_ERRNO(EAGAIN),       FINACK_ERRNO(EALREADY),
    FINACK_ERRNO(EBADF),           FINACK_ERRNO(ECANCELED),    FINACK_ERRNO(ECONNABORTED),
    FINACK_ERRNO(ECONNREFUSED),    FINACK_ERRNO(ECONNRESET),   FINACK_ERRNO(EDESTADDRREQ),
    FINACK_ERRNO(EFAULT),          FINACK_ERRNO(EHOSTUNREACH), FINACK_ERRNO(EINPROGRESS),
    FINACK_ERRNO(EINTR),           FINACK_ERRNO(EINVAL),       FINACK_ERRNO(EIO),
    FINACK_ERRNO(EISCONN),         FINACK_ERRNO(EMFILE),       FINACK_ERRNO(EMSGSIZE),
    FINACK_ERRNO(ENETDOWN),        FINACK_ERRNO(ENETRESET),    FINACK_ERRNO(ENETUNREACH),
    FINACK_ERRNO(ENFILE),          FINACK_ERRNO(ENOBUFS),      FINACK_ERRNO(ENODEV),
    FINACK_ERRNO(ENOENT),          FINACK_ERRNO(ENOMEM),       FINACK_ERRNO(ENOPROTOOPT),
    FINACK_ERRNO(ENOSPC),          FINACK_ERRNO(ENOSYS),       FINACK_ERRNO(ENOTCONN),
    FINACK_ERRNO(ENOTSOCK),        FINACK_ERRNO(ENOTSUP),      FINACK_ERRNO(EOVERFLOW),
    FINACK_ERRNO(EPERM),           FINACK_ERRNO(EPIPE),        FINACK_ERRNO(EPROTO),
    FINACK_ERRNO(EPROTONOSUPPORT), FINACK_ERRNO(EPROTOTYPE),   FINACK_ERRNO(ERANGE),
    FINACK_ERRNO(ESRCH),           FINACK_ERRNO(ETIMEDOUT),
// Not in POSIX, but socket calls of common systems give them.
#ifdef EHOSTDOWN
    FINACK_ERRNO(EHOSTDOWN),
#endif
#ifdef ENONET
    FINACK_ERRNO(ENONET),
#endif
#ifdef EPFNOSUPPORT
    FINACK_ERRNO(EPFNOSUPPORT),
#endif
#ifdef ESHUTDOWN
    FINACK_ERRNO(ESHUTDOWN),
#endif
#ifdef ESOCKTNOSUPPORT
    FINACK_ERRNO(ESOCKTNOSUPPORT),
#endif
#ifdef ESTALE
    FINACK_ERRNO(ESTALE),
#endif
#ifdef ETOOMANYREFS
    FINACK_ERRNO(ETOOMANYREFS),
#endif
#ifdef EUSERS
    FINACK_ERRNO(EUSERS),
#endif
};

#undef FINACK_ERRNO

}  // namespace

std::string errno_name(int error) {
  for (const Entry& entry : entries) {
    if (entry.number == error) return entry.name;
  }
  return "E" + std::to_string(error);
}

}  // namespace finack::agent
