// SPDX-License-Identifier: Apache-2.0
// Owner of a memory mapping.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace finack {

// Unmaps at the end of its life; takes what mmap returned.
class MappedMemory {
 public:
  MappedMemory(void* start, std::size_t size) : start_(start), size_(size) {}
  MappedMemory(MappedMemory&& other) noexcept
      : start_(std::exchange(other.start_, MAP_FAILED)), size_(std::exchange(other.size_, 0)) {}
  MappedMemory& operator=(MappedMemory&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MappedMemory() {
    if (*this) ::munmap(start_, size_);
  }

  explicit operator bool() const { return start_ != MAP_FAILED; }
  std::uint8_t* data() const { return static_cast<std::uint8_t*>(start_); }
  std::size_t size() const { return size_; }

 private:
  void* start_;
  std::size_t size_;
};

}  // namespace finack
