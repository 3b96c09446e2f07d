// SPDX-License-Identifier: Apache-2.0
// A target configuration: this host's TCP in a network namespace of its own, joined to us by a veth pair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/diag.h"
#include "net/link_counters.h"
#include "net/links.h"
#include "net/namespace.h"
#include "target/agent_link.h"
#include "wire/frame_sender.h"
#include "wire/packet_ring.h"
#include "world/world.h"

namespace finack {

// A target in its namespace, joined to us; nobody listens yet, and no application runs.
struct LaneLink {
  NetworkNamespace target;
  Links target_links;  // kept, as a closed socket counts as held until its memory is free, some time later
  unsigned our_link;
  unsigned target_link;
};

// Makes lane `number` of the namespace of the caller, where our end of the veth pair is made. It gets no
// address: no stack of ours may answer in the place of the scenario. The target is a new namespace that
// configure() has been at. After an error the number is not to be used again: what was made vanishes later.
Result<LaneLink> join_target(std::size_t number, NetworkNamespace target);

// Rings on the targets' ends of the links, in that order. The kernel waits for all processors for each, 10 to
// 30 ms, so they are made at the same time. `size` is that of each.
std::vector<Result<PacketRing>> open_rings(const std::vector<LaneLink>& links, RingSize size);

struct LaneParts {
  LaneLink link;
  PacketRing ring;  // what the target sends
  FrameSender sender;
  Diag diag;
  LinkCounterReader our_counters;
  LinkCounterReader target_counters;
  AgentLink agent;
};

class Lane {
 public:
  // Starts `agent_program` inside the target. It dies with the thread that calls this.
  static Result<Lane> open(LaneLink link, PacketRing ring, const std::string& agent_program);

  Configuration sysctls() const;

  const NetworkNamespace& target() const { return parts_.link.target; }
  PacketRing& ring() { return parts_.ring; }
  Diag& diag() { return parts_.diag; }
  AgentLink& agent() { return parts_.agent; }
  const AgentLink& agent() const { return parts_.agent; }

  Result<Bytes> inject(Family family, BytesView ip_packet);
  // To be closed elsewhere; nothing but the destructor may follow.
  std::pair<PacketRing, FrameSender> release_wire() && {
    return {std::move(parts_.ring), std::move(parts_.sender)};
  }
  // What was lost since the last time, on the way to the target or in the ring; empty when nothing was.
  Result<std::string> losses();
  // Frames of the target that its link had no room for, since it was made, as of the last losses().
  std::uint64_t refusals() const { return refused_; }

 private:
  explicit Lane(LaneParts parts) : parts_(std::move(parts)) {}

  LaneParts parts_;
  std::uint64_t lost_on_link_ = 0, refused_ = 0;
};

// Whether the kernel has IPv6 at all.
bool kernel_has_ipv6();

}  // namespace finack
