// SPDX-License-Identifier: Apache-2.0
#include "world/uml_system_calls.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <elf.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>

namespace finack {

namespace {

constexpr unsigned room = 2696;  // in every User-mode Linux that has a fixed one

// Octets of all registers that the system has switched on.
unsigned octets_of_registers() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(0xd, 0, &a, &b, &c, &d) ? b : 0;
}

constexpr unsigned low_half_of_argument(unsigned number) {
  return static_cast<unsigned>(offsetof(seccomp_data, args)) + 8 * number;
}

template <std::size_t count>
void filter_system_calls(sock_filter (&steps)[count]) {
  const sock_fprog program = {count, steps};
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

}  // namespace

void refuse_random_numbers() {
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getrandom, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  filter_system_calls(steps);
}

void hide_wide_registers() {
  if (octets_of_registers() <= room) return;
  // ptrace(PTRACE_GETREGSET, ..., NT_X86_XSTATE, ...) fails as on a processor without them.
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 7),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low_half_of_argument(0)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PTRACE_GETREGSET, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low_half_of_argument(2)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NT_X86_XSTATE, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENODEV),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  filter_system_calls(steps);
}

}  // namespace finack

#else

void finack::refuse_random_numbers() {}
void finack::hide_wide_registers() {}

#endif
