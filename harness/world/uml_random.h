// SPDX-License-Identifier: Apache-2.0
// User-mode Linux mixes random numbers of the host into its own: initial sequence numbers and hashes differ
// from run to run, and with them how often the kernel looks at its clock, which costs 256 ns of virtual time.
// Without them its numbers come from its command line and its clock alone, and a run repeats to the octet.
#pragma once

namespace finack {

// From now on this process and its children get no random numbers from the system. Only system calls: it may
// stand between fork() and exec().
void refuse_random_numbers();

}  // namespace finack
