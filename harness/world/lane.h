// SPDX-License-Identifier: Apache-2.0
// A target configuration: this host's TCP in a network namespace of its own, joined to us by a veth pair.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "net/diag.h"
#include "net/link_counters.h"
#include "net/namespace.h"
#include "packet/codec.h"
#include "target/agent_link.h"
#include "wire/packet_ring.h"

namespace finack {

struct LaneParts {
  NetworkNamespace target;
  PacketRing ring;
  Diag diag;
  LinkCounterReader our_counters;
  LinkCounterReader target_counters;
  AgentLink agent;
  unsigned our_link;
  unsigned target_link;
};

class Lane {
 public:
  // Our end of the veth pair is made in the namespace of the caller and gets no address: no stack of ours may
  // answer in the place of the scenario. `agent_program` is started inside the target.
  static Result<Lane> open(const std::string& agent_program);

  // Those that bear on TCP, as they stand.
  std::map<std::string, std::string> sysctls();

  PacketRing& ring() { return parts_.ring; }
  Diag& diag() { return parts_.diag; }
  AgentLink& agent() { return parts_.agent; }

  Result<Bytes> inject(const Segment& segment);
  // What was lost since the last time, on either end of the link or in the ring; empty when nothing was.
  Result<std::string> losses();

 private:
  explicit Lane(LaneParts parts) : parts_(std::move(parts)) {}

  LaneParts parts_;
  std::uint64_t lost_here_ = 0, lost_there_ = 0;
};

// Whether the kernel has IPv6 at all.
bool kernel_has_ipv6();

}  // namespace finack
