// SPDX-License-Identifier: Apache-2.0
// Segments on the wire as the TCP made them.
#pragma once

#include <string>

#include "base/result.h"

namespace finack {

// Switches off what a link does behind TCP's back: finishing checksums, scatter-gather, cutting segments
// (TSO, GSO) and merging them (GRO). Without this a target's segments cross a veth pair unfinished. The link
// is one of the namespace that the calling thread is in. A feature that the link does not have is fine, one
// that stays on is an error.
Result<void> switch_off_offloads(const std::string& link);

}  // namespace finack
