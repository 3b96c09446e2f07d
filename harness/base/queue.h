// SPDX-License-Identifier: Apache-2.0
// A row of values that grows at the back and is taken from at the front, in one piece of memory: while it is
// empty it has none, where a std::deque asks for two to begin with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace finack {

// What is taken leaves an empty value in its place until much of the memory is such: to take all n of them
// costs n moves at most.
template <class T>
class Queue {
 public:
  using value_type = T;
  using iterator = typename std::vector<T>::iterator;
  using const_iterator = typename std::vector<T>::const_iterator;

  std::size_t size() const { return values_.size() - taken_; }
  bool empty() const { return size() == 0; }

  iterator begin() { return values_.begin() + first(); }
  iterator end() { return values_.end(); }
  const_iterator begin() const { return values_.begin() + first(); }
  const_iterator end() const { return values_.end(); }
  auto rbegin() const { return std::make_reverse_iterator(end()); }
  auto rend() const { return std::make_reverse_iterator(begin()); }

  T& operator[](std::size_t at) { return values_[taken_ + at]; }
  const T& operator[](std::size_t at) const { return values_[taken_ + at]; }
  T& front() { return values_[taken_]; }
  const T& front() const { return values_[taken_]; }
  T& back() { return values_.back(); }
  const T& back() const { return values_.back(); }

  void push_back(T value) { values_.push_back(std::move(value)); }
  // There must be so many.
  void pop_front(std::size_t count = 1) {
    for (; count > 0; --count) values_[taken_++] = T();
    if (taken_ < values_.size() && (taken_ < 16 || 2 * taken_ < values_.size())) return;
    values_.erase(values_.begin(), begin());
    taken_ = 0;
  }
  template <class Predicate>
  void erase_if(Predicate gone) {
    values_.erase(std::remove_if(begin(), end(), gone), end());
  }
  void clear() {
    values_.clear();
    taken_ = 0;
  }

 private:
  std::ptrdiff_t first() const { return static_cast<std::ptrdiff_t>(taken_); }

  std::vector<T> values_;
  std::size_t taken_ = 0;  // of values_
};

}  // namespace finack
