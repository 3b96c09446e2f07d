// SPDX-License-Identifier: Apache-2.0
// What the socket calls of a scenario mean to the connection, in the words of RFC 9293 3.9.1: a close() is a
// CLOSE only when it is the last one of its socket, an ABORT when it does not linger.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "judge/observation.h"
#include "scenario/edge_words.h"
#include "scenario/step.h"

namespace finack {

class UserCalls {
 public:
  struct Event {
    Facts facts = {};
    bool closes_listener = false;
    bool orphans = false;    // it closes a listener that has the connection in its queue
    bool accepting = false;  // or is just being taken from there
  };
  // What the call does to the connection at once, if anything.
  std::optional<Event> called(const CallStep& call);
  void returned(const CallStep& call, const Returned& returned);

  // Whether the application has not given up receiving.
  bool receives() const { return receives_; }
  // How many connections it has got from a listener.
  unsigned accepted() const { return accepted_; }

 private:
  struct Socket {
    int names = 1;  // handles that are open: dup makes several
    bool no_linger = false;
  };
  using Id = int;

  std::optional<Event> ended(const CallStep& call);
  std::optional<Event> shut(const std::string& how);

  std::map<std::string, Id> id_of_;
  std::map<Id, Socket> sockets_;
  Id last_ = 0;
  std::optional<Id> listener_, connection_;
  bool sends_ = true, receives_ = true;
  unsigned accepted_ = 0;
  unsigned accepting_ = 0;  // calls that have not returned
};

}  // namespace finack
