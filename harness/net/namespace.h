// SPDX-License-Identifier: Apache-2.0
// Network namespaces without a name.
#pragma once

#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace finack {

// A network namespace held by a descriptor; it lives as long as this, a socket in it or a process in it does.
class NetworkNamespace {
 public:
  // A new, empty one (its only link is lo, and that is down). The calling thread stays where it is.
  // Needs the rights that enter_private_space() gives.
  static Result<NetworkNamespace> create();
  // The one the calling thread is in.
  static Result<NetworkNamespace> current();

  int fd() const { return fd_.get(); }

 private:
  explicit NetworkNamespace(Descriptor fd) : fd_(std::move(fd)) {}

  Descriptor fd_;
};

// While this lives the calling thread is inside a namespace: sockets made now belong there for good, and
// sysctls are those of that namespace. Its end brings the thread back; when that fails the process is
// aborted, because everything after it would happen in the wrong place. Keep it on the stack and let them
// nest.
class Inside {
 public:
  static Result<Inside> enter(const NetworkNamespace& there);

  Inside(Inside&& other) noexcept : home_(std::move(other.home_)) {}
  Inside& operator=(Inside&&) = delete;
  ~Inside();

 private:
  explicit Inside(NetworkNamespace home) : home_(std::move(home)) {}

  NetworkNamespace home_;
};

}  // namespace finack
