// SPDX-License-Identifier: Apache-2.0
#include "scenario/sockets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "scenario/mapping.h"

namespace finack {

namespace {

bool ends_socket(const CallStep& call) {
  return call.word == "close" || call.word == "abort" || call.word == "die";
}

struct Known {
  enum class Status : std::uint8_t {
    closed,
    open,
    unsure
  };  // unsure: it depends on the branch that was taken
  Status status = Status::closed;
  Place ended = {};          // where it was closed
  bool by_preamble = false;  // it was closed on the way to `given`
};

class SocketCheck {
 public:
  explicit SocketCheck(const Given& given) {
    for (const Step& step : preamble(given, {})) {
      if (const auto* call = std::get_if<CallStep>(&step.body)) apply(*call, step, true);
      if (const auto* returns = std::get_if<ReturnsStep>(&step.body)) later_.erase(returns->name);
    }
    if (given.open == Given::Open::passive && given.state == TcpState::syn_received)
      sockets_.try_emplace(std::string(connection_name));  // the handshake is not over: accept comes later
  }

  // The steps from `first` up to `end`, which lie in one list.
  Result<void> look(const std::vector<Step>& steps, std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; i += steps[i].then) {
      const auto* one_of = std::get_if<OneOfStep>(&steps[i].body);
      if (!one_of) {
        if (auto done = look(steps[i]); !done) return done;
        continue;
      }
      // Every branch but the last ends where the next one begins, with a step that leads behind them all.
      const std::size_t last = i + one_of->branches[1].first - 1;
      const std::size_t behind = last + steps[last].then;
      if (auto done = look_at_branches(*one_of, steps, i, behind); !done) return done;
      i = behind - steps[i].then;
    }
    return {};
  }

 private:
  Result<void> look_at_branches(const OneOfStep& one_of, const std::vector<Step>& steps, std::size_t self,
                                std::size_t behind) {
    const SocketCheck before = *this;
    for (std::size_t b = 0; b < one_of.branches.size(); ++b) {
      const bool last = b + 1 == one_of.branches.size();
      SocketCheck taken = before;
      const std::size_t end = last ? behind : self + one_of.branches[b + 1].first;
      if (auto done = taken.look(steps, self + one_of.branches[b].first, end); !done) return done;
      if (b == 0) {
        *this = std::move(taken);
      } else {
        merge(taken);
      }
    }
    return {};
  }

  // What is known when either this or the other happened.
  void merge(const SocketCheck& other) {
    for (auto& [name, known] : sockets_) {
      const auto there = other.sockets_.find(name);
      if (there == other.sockets_.end() || there->second.status != known.status)
        known.status = Known::Status::unsure;
    }
    for (const auto& [name, known] : other.sockets_) {
      if (sockets_.try_emplace(name, known).second) sockets_[name].status = Known::Status::unsure;
    }
    later_.insert(other.later_.begin(), other.later_.end());
    watched_.insert(other.watched_.begin(), other.watched_.end());
  }

  Result<void> look(const Step& step) {
    if (const auto* returns = std::get_if<ReturnsStep>(&step.body)) {
      if (!later_.contains(returns->name)) {
        std::vector<std::string_view> names(later_.begin(), later_.end());
        return fail(step.place, fmt::format("no call was made with `later: {}`", returns->name),
                    names.empty() ? "`later: NAME` beside a `target` lets its call return later"
                                  : suggest(returns->name, names));
      }
      later_.erase(returns->name);
      return {};
    }
    if (const auto* told = std::get_if<ToldStep>(&step.body)) {
      if (watched_.contains(told->socket)) return {};
      return fail(step.place,
                  fmt::format("the application is told of `{}`, which it does not watch", told->socket),
                  "`target: watch` before it");
    }
    const auto* call = std::get_if<CallStep>(&step.body);
    if (!call) return {};
    if (auto done = check(*call, step); !done) return done;
    apply(*call, step, false);
    return {};
  }

  Result<void> check(const CallStep& call, const Step& step) const {
    const std::string& made = call.word == "socket" ? call.socket : call.makes;
    if (!made.empty()) {
      const auto taken = sockets_.find(made);
      if (taken != sockets_.end() && taken->second.status == Known::Status::open)
        return fail(step.place, fmt::format("there is a socket `{}` already", made),
                    "close it first, or choose another name");
    }
    if (!call.later.empty() && later_.contains(call.later))
      return fail(step.place, fmt::format("`later: {}` stands twice", call.later),
                  "each call that returns later has a name of its own");
    if (!made.empty() && !sockets_.contains(made) && sockets_.size() == most_sockets)
      return fail(step.place, fmt::format("`{}` would be the {}th socket; a scenario has at most {}", made,
                                          most_sockets + 1, most_sockets));
    if (call.word == "socket") return {};
    const auto at = sockets_.find(call.socket);
    if (at == sockets_.end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, known] : sockets_) names.push_back(name);
      return fail(step.place,
                  fmt::format("`{}` is made on `{}`, and no socket has that name", call.word, call.socket),
                  names.empty() ? "`target: socket` makes one" : suggest(call.socket, names));
    }
    if (at->second.status != Known::Status::closed) return {};
    if (at->second.by_preamble)
      return fail(
          step.place,
          fmt::format("`{}` is made on `{}`, which `given` has closed already", call.word, call.socket),
          "with `by shutdown` the application keeps its socket");
    if (at->second.ended.line > 0)
      return fail(step.place, fmt::format("`{}` is made on `{}`, which was closed in line {}", call.word,
                                          call.socket, at->second.ended.line));
    return fail(step.place,
                fmt::format("`{}` is made on `{}`, which is not there yet", call.word, call.socket),
                "`target: accept` takes the connection from the listener");
  }

  void apply(const CallStep& call, const Step& step, bool by_preamble) {
    if (call.word == "socket") sockets_[call.socket] = {Known::Status::open};
    if (!call.makes.empty()) sockets_[call.makes] = {Known::Status::open};
    if (ends_socket(call)) sockets_[call.socket] = {Known::Status::closed, step.place, by_preamble};
    if (!call.later.empty()) later_.insert(call.later);
    if (call.word == "watch") watched_.insert(call.socket);
  }

  std::map<std::string, Known> sockets_;
  std::set<std::string> later_, watched_;
};

}  // namespace

Result<void> check_sockets(const Given& given, const std::vector<Step>& steps) {
  return SocketCheck(given).look(steps, 0, steps.size());
}

}  // namespace finack
