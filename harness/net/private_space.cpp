// SPDX-License-Identifier: Apache-2.0
#include "net/private_space.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "net/denial.h"
#include "net/id_map.h"

namespace finack {
namespace {

int enter_both() {
  if (const int refused = enter_user_namespace(); refused != 0) return refused;
  return ::unshare(CLONE_NEWNET) == 0 ? 0 : errno;
}

// A refusal may come halfway: AppArmor lets an ordinary user into a user namespace and denies the maps, and
// root without CAP_SETFCAP fares no better. The rights of before are lost then and /proc shows other limits,
// so a child goes first.
int rehearse() {
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) ::_exit(enter_both());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

}  // namespace

Result<void> enter_private_space() {
  int refused = rehearse();
  if (refused == 0) refused = enter_both();
  if (refused == 0 || ::unshare(CLONE_NEWNET) == 0) return {};
  return pass_on(explain_denial("/proc", refused));
}

}  // namespace finack
