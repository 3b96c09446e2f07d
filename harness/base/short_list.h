// SPDX-License-Identifier: Apache-2.0
// A list of a few plain values, held in place: to make one or to copy it allocates nothing and touches no
// more than what is in it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

namespace finack {

template <class T, std::uint8_t most>
class ShortList {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  ShortList() noexcept {}
  ShortList(const ShortList& other) noexcept { copy(other); }
  ShortList& operator=(const ShortList& other) noexcept {
    if (this != &other) copy(other);
    return *this;
  }

  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == most; }
  T* begin() { return values(); }
  T* end() { return values() + count_; }
  const T* begin() const { return values(); }
  const T* end() const { return values() + count_; }

  // It must not be full.
  void push_back(const T& value) { new (octets_ + sizeof(T) * count_++) T(value); }
  void erase(T* at) {
    std::copy(at + 1, end(), at);
    --count_;
  }
  template <class Predicate>
  void erase_if(Predicate gone) {
    count_ = static_cast<std::uint8_t>(std::remove_if(begin(), end(), gone) - begin());
  }
  void clear() { count_ = 0; }

  friend bool operator==(const ShortList& a, const ShortList& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  T* values() { return std::launder(reinterpret_cast<T*>(octets_)); }
  const T* values() const { return std::launder(reinterpret_cast<const T*>(octets_)); }
  void copy(const ShortList& other) {
    count_ = other.count_;
    std::uninitialized_copy(other.begin(), other.end(), begin());
  }

  std::uint8_t count_ = 0;
  alignas(T) unsigned char octets_[sizeof(T) * most];
};

}  // namespace finack
