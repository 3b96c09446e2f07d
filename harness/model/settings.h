// SPDX-License-Identifier: Apache-2.0
// What is set for a whole stack of the model, and what an application sets for one connection.
#pragma once

#include <cstdint>
#include <optional>

#include "base/seq.h"
#include "base/time.h"

namespace finack::model {

// RFC 7413, as a client and as a server. The latter two go without a cookie: what a trusted network permits.
struct FastOpen {
  bool client = true;  // for who asks with an option of the socket
  bool server = false;
  bool client_shows_none = false;
  bool server_asks_none = false;
};

// The defaults are those that the RFCs name; where they name none, the commentary says so.
struct Settings {
  Duration msl = 2min;                 // RFC 9293 3.4.2
  Duration initial_rto = 1s;           // RFC 6298 2.1
  Duration rto_min = 1s;               // RFC 6298 2.4
  Duration rto_max = 120s;             // RFC 6298 2.5: at least 60 s
  Duration r2 = 120s;                  // RFC 9293 3.8.3: at least 100 s until a connection is given up
  Duration r2_syn = 180s;              // RFC 9293 3.8.3, MUST-23: at least 3 minutes for a SYN
  Duration fin_timeout = 60s;          // of FIN-WAIT-2 that no application has any more; our choice
  Duration keep_alive = 7200s;         // RFC 9293 3.8.4: no less than two hours by default
  Duration keep_alive_interval = 75s;  // this and the next are what stacks commonly have
  unsigned keep_alive_count = 9;
  bool timestamps = true;
  bool sack = true;
  bool window_scaling = true;
  unsigned ecn = 0;                        // RFC 3168: 1 asks for it and agrees to it, 2 agrees alone
  bool ignore_reset_in_time_wait = false;  // RFC 1337 3, F1
  FastOpen fast_open = {};
  // What RFCs permit or recommend as well, and the model does when it is told to.
  bool reset_for_syn = false;        // RFC 793 3.9: a SYN in the window is an error that ends the connection
  bool linger_after_reset = false;   // RFC 9293 3.5.2: who resets waits in TIME-WAIT
  bool drop_old_syn = false;         // RFC 6191 2: TIME-WAIT is silent to a SYN that is not new
  bool any_icmp = false;             // without RFC 5927 4.1: an error counts whatever number it quotes
  bool reset_in_time_wait = false;   // RFC 9293 3.6.1: a close with octets unread resets there, too
  bool user_timeout_option = false;  // RFC 5482
  std::uint8_t window_shift = 2;     // what our SYN offers (RFC 7323 2.2)
  std::uint32_t receive_buffer = 131'072;  // octets
  std::uint32_t send_buffer = 262'144;
  std::uint16_t mtu = 1500;
  std::uint64_t secret = 0;     // of initial sequence numbers (RFC 6528), and of cookies
  std::optional<Seq> iss = {};  // the initial sequence number itself; for tests
};

struct Options {
  bool reuse_address = false;
  bool reuse_port = false;
  bool keep_alive = false;
  bool no_delay = false;
  bool urgent_inline = true;  // RFC 6093 4 recommends it
  std::optional<Duration> linger = {};
  std::optional<Duration> fin_timeout = {};
  std::optional<Duration> keep_alive_idle = {};
  std::optional<Duration> keep_alive_interval = {};
  std::optional<unsigned> keep_alive_count = {};
  std::optional<Duration> user_timeout = {};  // RFC 5482
  std::optional<std::uint16_t> max_segment = {};
  std::optional<std::uint32_t> receive_buffer = {};
  std::optional<std::uint32_t> send_buffer = {};
  std::optional<Seq> iss = {};     // of an active open
  bool fast_open_connect = false;  // the SYN waits for octets to take with it, where it may
};

}  // namespace finack::model
