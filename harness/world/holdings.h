// SPDX-License-Identifier: Apache-2.0
// What a Linux kernel holds, as it tells in /proc: in one network namespace, and in all.
#pragma once

#include <string_view>

#include "base/counts.h"
#include "base/result.h"
#include "net/namespace.h"

namespace finack {

// Of a namespace: `sockets` that are not freed yet, of any family and in any state; those of TCP in its
// tables, `tcp` and `tcp6`, listeners and orphans among them; its records of `time-wait`. The texts are those
// of /proc/net/sockstat and sockstat6; the latter is empty without IPv6.
Counts counts_of_namespace(std::string_view sockstat, std::string_view sockstat6);

// Of the whole kernel, which counts these once for all namespaces: `orphans`; `tcp-sockets` that are not
// freed yet; `tcp-memory` in pages, each processor keeping some back.
Counts counts_of_kernel(std::string_view sockstat);

// Of /proc/slabinfo: objects in use of the caches that connections live in, as `slab TCP`.
Counts counts_of_slabs(std::string_view slabinfo);

Result<Counts> read_namespace_counts(const NetworkNamespace& there);

// Of this kernel as a whole: only where nobody else is on it do these say anything. A cache tells how many
// of its objects are in use only after it has been shrunk (/sys/kernel/slab), for what is free in the page
// that a processor takes from counts as in use; a kernel that does not let us is not asked.
Result<Counts> read_kernel_counts();

}  // namespace finack
