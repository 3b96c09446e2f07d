// SPDX-License-Identifier: Apache-2.0
// Fragments of IP packets, put together (RFC 791 3.2, RFC 8200 4.5).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"

namespace finack::model {

// Holds a bounded number of datagrams, none for longer than a minute.
class Fragments {
 public:
  // The whole packet when the last piece of it came. None as long as some are missing, and for what is no
  // fragment or a broken one. Of what came twice in IPv4 the later copy counts (RFC 791 3.2); in IPv6
  // overlapping ones end their datagram (RFC 5722).
  std::optional<Bytes> add(Time now, BytesView packet);

  static bool is_fragment(BytesView packet);

 private:
  struct Piece {
    std::size_t begin;
    Bytes octets;
  };
  struct Datagram {
    Address source, destination;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;
    Time until{};
    std::vector<Piece> pieces = {};  // in order, apart from each other
    std::optional<std::size_t> size = {};
  };
  static void make_room(std::vector<Piece>& pieces, std::size_t begin, std::size_t end);
  static bool insert(Datagram& datagram, Piece piece);

  std::vector<Datagram> datagrams_;
};

}  // namespace finack::model
