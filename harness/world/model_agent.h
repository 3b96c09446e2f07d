// SPDX-License-Identifier: Apache-2.0
// The agent of one seat on the model: the calls of docs/agent-protocol.md, answered by the model's sockets.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/socket.h"
#include "target/protocol.h"

namespace finack {

class ModelAgent {
 public:
  // The host must outlive it.
  explicit ModelAgent(model::Host& host) : host_(host) {}

  static bool can(std::string_view capability);

  void call(const Line& line);
  // Calls that wait, and watches, look at what has happened since.
  void progress();
  // When a call that waits is over even if nothing happens.
  Time next_deadline() const;
  // Replies and events since the last time.
  std::vector<Line> take_reports();

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  using SocketPtr = std::shared_ptr<model::Socket>;

  struct Transfer {
    std::uint64_t id = 0;
    std::uint64_t seed = 0, offset = 0, left = 0, done = 0;
    bool urgent = false;
    std::uint64_t digest = digest_start;
    std::optional<std::uint64_t> mismatch = {};
  };
  struct Accept {
    std::uint64_t id = 0;
    std::uint32_t as = 0;
  };
  struct Watch {
    bool active = false, saw_data = false, saw_end = false, saw_trouble = false;
  };
  struct Handle {
    SocketPtr socket;
    bool mapped = false;  // of the family inet6, with IPv4-mapped addresses
    std::uint64_t connect = 0;
    std::deque<Accept> accepts = {};
    std::deque<Transfer> sends = {}, receives = {};
    Watch watch = {};
  };
  struct Lingering {
    std::uint64_t id;
    SocketPtr socket;
    Time until;
  };
  struct Arguments;

  void ok(std::uint64_t id, Fields fields = {});
  void error(std::uint64_t id, model::Errno name, Fields fields = {});
  void refused(std::uint64_t id, std::string why);
  void dispatch(const Line& line, const Arguments& a);

  void open_socket(std::uint64_t id, const Arguments& a);
  void bind(std::uint64_t id, Handle& handle, const Arguments& a);
  void connect(std::uint64_t id, Handle& handle, const Arguments& a);
  void receive_urgent(std::uint64_t id, Handle& handle, const Arguments& a);
  void shutdown(std::uint64_t id, Handle& handle, const Arguments& a);
  void close(std::uint64_t id, const Arguments& a, std::string_view word);
  void option(std::uint64_t id, Handle& handle, const Arguments& a);
  void state(std::uint64_t id, const Arguments& a);
  // Ends what waits on a handle, and forgets it.
  SocketPtr forget(std::uint32_t number);

  bool is_free(std::uint32_t number) const;
  bool shared(const SocketPtr& socket) const;
  void finish_connect(Handle& handle);
  void finish_accepts(std::uint32_t number);
  void go_on_sending(Handle& handle);
  void go_on_receiving(Handle& handle);
  void look(std::uint32_t number, Handle& handle);
  void tell(std::uint32_t number, std::string_view what, model::Errno name = {});

  model::Host& host_;
  std::map<std::uint32_t, Handle> handles_;
  std::map<std::uint32_t, EndpointPair> closed_;  // where the last connection of a closed handle was
  std::vector<Lingering> lingering_;
  std::vector<Line> reports_;
};

}  // namespace finack
