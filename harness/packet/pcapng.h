// SPDX-License-Identifier: Apache-2.0
// Captures in the pcapng format (draft-ietf-opsawg-pcapng), for Wireshark and its kin.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace finack {

// Texts are UTF-8; an empty one is left out.
struct CaptureOrigin {
  std::string hardware;
  std::string os;
  std::string application;
  std::string comment;
  std::string interface_name;
  std::uint32_t snap_length = 0;  // octets; 0 is no limit
};

enum class CaptureDirection : std::uint8_t { unknown = 0, inbound = 1, outbound = 2 };

// Builds one capture of one Ethernet interface in memory.
class PcapngWriter {
 public:
  explicit PcapngWriter(const CaptureOrigin& origin);

  // `time_ns` counts from 1970, or from anything else where the clock is not of this world. `original_length`
  // is that of the whole frame when `frame` was truncated, else 0.
  void add(std::int64_t time_ns, BytesView frame, CaptureDirection direction, std::string_view comment = {},
           std::size_t original_length = 0);

  // A complete file at any time.
  const Bytes& bytes() const { return file_.bytes(); }

 private:
  void add_block(std::uint32_t type, BytesView body);

  ByteWriter file_;
};

}  // namespace finack
