// SPDX-License-Identifier: Apache-2.0
// A target configuration: this host's TCP in a network namespace of its own, joined to us by a veth pair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "net/diag.h"
#include "net/link_counters.h"
#include "net/namespace.h"
#include "target/agent_link.h"
#include "wire/packet_ring.h"
#include "world/world.h"

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
  // Lane `number` of the namespace of the caller, where our end of the veth pair is made. It gets no address:
  // no stack of ours may answer in the place of the scenario. The target is a new namespace that configure()
  // has been at; `agent_program` is started inside it. Takes milliseconds.
  static Result<Lane> open(std::size_t number, NetworkNamespace target, const std::string& agent_program);

  Configuration sysctls() const;

  PacketRing& ring() { return parts_.ring; }
  Diag& diag() { return parts_.diag; }
  AgentLink& agent() { return parts_.agent; }
  const AgentLink& agent() const { return parts_.agent; }

  Result<Bytes> inject(Family family, BytesView ip_packet);
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
