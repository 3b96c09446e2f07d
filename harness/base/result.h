// SPDX-License-Identifier: Apache-2.0
// How a function says that it could not do what it was asked, when the caller can act on it.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace finack {

// A place in a text file; lines and columns count from 1.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

struct Error {
  std::string message;    // one sentence: what was wanted, what was found
  std::string hint = {};  // what to do about it, may be empty
  std::optional<Place> place = {};

  friend bool operator==(const Error&, const Error&) = default;
};

// "FILE:LINE:COLUMN: MESSAGE" and the hint on a line of its own, without a newline at the end.
std::string to_string(const Error& error);
// "FILE:LINE:COLUMN"
std::string to_string(const Place& place);

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(message), std::move(hint), std::nullopt});
}
inline tl::unexpected<Error> fail(Place place, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(message), std::move(hint), std::move(place)});
}
inline tl::unexpected<Error> pass_on(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace finack
