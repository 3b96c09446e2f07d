// SPDX-License-Identifier: Apache-2.0
// User-mode Linux keeps the vector registers of its processes in 2696 octets, which is all up to AVX-512. On
// processors with more (AMX) ptrace() wants them whole or not at all, and its first process dies
// ("ptrace set fp regs failed"). Where the kernel finds that ptrace() knows no extended registers, it goes by
// those of SSE, which do, as long as no program uses wider ones: a page fault would lose them. The C library
// is told so on the kernel's command line, and we are not compiled for them.
#pragma once

namespace finack {

// From now on this process and its children find no extended registers by ptrace(), where they would be too
// many. Only system calls: it may stand between fork() and exec().
void hide_wide_registers();

}  // namespace finack
