// SPDX-License-Identifier: Apache-2.0
#include "world/interrupt_watch.h"

#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace finack {

Result<InterruptWatch> InterruptWatch::open() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGALRM);
  if (sigprocmask(SIG_BLOCK, &set, nullptr) != 0)
    return fail(fmt::format("cannot block signals: {}", std::strerror(errno)));
  Descriptor out(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!out) return fail(fmt::format("cannot receive signals: {}", std::strerror(errno)));
  return InterruptWatch(std::move(out));
}

std::optional<Interrupted> InterruptWatch::take() {
  signalfd_siginfo came{};
  if (::read(signals_.get(), &came, sizeof came) != sizeof came) return std::nullopt;
  return Interrupted{came.ssi_signo == SIGALRM};
}

}  // namespace finack
