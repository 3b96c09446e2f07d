// SPDX-License-Identifier: Apache-2.0
// System calls that User-mode Linux is better off without. Both functions are for this process and its
// children, from now on, and do nothing but system calls: they may stand between fork() and exec().
#pragma once

namespace finack {

// It mixes random numbers of the host into its own: initial sequence numbers and hashes differ from run to
// run, and with them how often the kernel looks at its clock, which costs 256 ns of virtual time. Without
// them its numbers come from its command line and its clock alone, and a run repeats to the octet.
void refuse_random_numbers();

// It keeps the vector registers of its processes in 2696 octets, which is all up to AVX-512. On processors
// with more (AMX) ptrace() wants them whole or not at all, and its first process dies ("ptrace set fp regs
// failed"). Where the kernel finds that ptrace() knows no extended registers, it goes by those of SSE, which
// do, as long as no program uses wider ones: a page fault would lose them. The C library is told so on the
// kernel's command line, and we are not compiled for them. Nothing where the registers are not too many.
void hide_wide_registers();

}  // namespace finack
