// SPDX-License-Identifier: Apache-2.0
#include "end_to_end/seccomp.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <stdexcept>

namespace finack {

namespace {

constexpr sock_filter statement(unsigned code, unsigned value) {
  return {static_cast<__u16>(code), 0, 0, value};
}

// Goes on with the next one, or so many statements further.
constexpr sock_filter jump(unsigned code, unsigned value, __u8 when_true, __u8 when_false) {
  return {static_cast<__u16>(BPF_JMP | BPF_K | code), when_true, when_false, value};
}

// The lower half of the first argument, which holds the flags of unshare() and clone().
constexpr std::size_t flags_at =
    offsetof(seccomp_data, args) + (std::endian::native == std::endian::big ? sizeof(__u32) : 0);

void refuse(unsigned flags) {
  std::array program = {
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      jump(BPF_JEQ, SYS_clone3, 5, 0),
      jump(BPF_JEQ, SYS_unshare, 1, 0),
      jump(BPF_JEQ, SYS_clone, 0, 4),
      statement(BPF_LD | BPF_W | BPF_ABS, flags_at),
      jump(BPF_JSET, flags, 0, 2),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {program.size(), program.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
    throw std::runtime_error("cannot install a seccomp filter");
}

}  // namespace

void refuse_namespaces() {
  refuse(CLONE_NEWUSER | CLONE_NEWNET);
}

void refuse_user_namespaces() {
  refuse(CLONE_NEWUSER);
}

}  // namespace finack
