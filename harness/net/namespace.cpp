// SPDX-License-Identifier: Apache-2.0
#include "net/namespace.h"

#include <fcntl.h>
#include <sched.h>

#include <cstdio>
#include <cstdlib>

#include "base/failure.h"

namespace finack {
namespace {

void go_home(int fd) {
  if (::setns(fd, CLONE_NEWNET) == 0) return;
  std::fprintf(stderr, "finack: cannot go back to the previous network namespace: %s\n",
               std::strerror(errno));
  std::abort();
}

}  // namespace

Result<NetworkNamespace> NetworkNamespace::current() {
  // A namespace belongs to a thread, not to the process.
  Descriptor fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!fd) return cannot("open the current network namespace");
  return NetworkNamespace(std::move(fd));
}

Result<NetworkNamespace> NetworkNamespace::create() {
  auto home = current();
  if (!home) return home;
  if (::unshare(CLONE_NEWNET) != 0) return cannot("make a network namespace");
  auto made = current();
  go_home(home->fd());
  return made;
}

Result<Inside> Inside::enter(const NetworkNamespace& there) {
  auto home = NetworkNamespace::current();
  if (!home) return pass_on(home.error());
  if (::setns(there.fd(), CLONE_NEWNET) != 0) return cannot("enter a network namespace");
  return Inside(std::move(*home));
}

Inside::~Inside() {
  if (home_.fd() >= 0) go_home(home_.fd());
}

}  // namespace finack
