// SPDX-License-Identifier: Apache-2.0
// Holds a segment of the target against what was expected: pure, and the source of what a failure says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/seq.h"
#include "packet/notation.h"
#include "packet/segment.h"
#include "packet/segment_spec.h"

namespace finack {

// What a correct endpoint would put into the fields that the scenario left unset.
struct Expected {
  NumberBase base = {};        // of the target (sender) and of ours (receiver)
  Seq seq = {};                // SND.NXT of the target when it sent
  std::vector<Seq> acks = {};  // RCV.NXT it may have had then, the latest first
  Seq seq_una = {};            // SND.UNA of the target: what `seq=una` means
  Seq ack_una = {};            // what it had acknowledged before: what `ack=una` means
  bool first_segment = false;  // nothing came before: its initial sequence number is its own choice
};

// Every difference, in the words of a report: "ack: wanted 2, got 1". Empty when the segment is the expected
// one.
std::vector<std::string> differences(const SegmentSpec& wanted, const Segment& got, const Expected& expected);

// What was wanted, unset fields filled in: "FIN+ACK seq=1 ack=1".
std::string describe(const SegmentSpec& wanted, const Expected& expected);

}  // namespace finack
