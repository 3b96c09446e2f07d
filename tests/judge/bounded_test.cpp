// SPDX-License-Identifier: Apache-2.0
// What watches a connection holds no more after many observations than after some. Counted where memory is
// asked for, so that it means the same under a sanitizer.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "judge/watch.h"

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t observations = 100'000;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::size_t observations = 100'000;
#else
constexpr std::size_t observations = 1'000'000;
#endif
#else
constexpr std::size_t observations = 1'000'000;
#endif

std::atomic<std::size_t> octets_held{0};

void* take(std::size_t size) {
  void* const out = std::malloc(size);
  if (!out) throw std::bad_alloc();
  octets_held += malloc_usable_size(out);
  return out;
}

void give_back(void* octets) {
  octets_held -= malloc_usable_size(octets);
  std::free(octets);
}

}  // namespace

// All others come to these, but those for what is aligned more than usual, which none of this is.
void* operator new(std::size_t size) {
  return take(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void operator delete(void* octets) noexcept {
  give_back(octets);
}
void operator delete(void* octets, std::size_t) noexcept {
  give_back(octets);
}

namespace finack {
namespace {

TEST(Watching, HoldsNoMoreAfterManyObservations) {
  LongTalk talk(LongTalk::Steps::shared);
  std::size_t seen = 0;
  const auto warm = talk.go_on(500);
  Watch watch(talk.program());
  const auto see = [&](const std::vector<Observation>& all) {
    for (const Observation& each : all) {
      if (!watch.see(each)) return false;
    }
    seen += all.size();
    return true;
  };
  ASSERT_TRUE(see(warm));
  const std::size_t before = octets_held;
  EXPECT_GT(before, 0u);
  while (seen < observations) ASSERT_TRUE(see(talk.go_on(500))) << "after " << seen;
  EXPECT_LE(octets_held, before + 4096);
  ASSERT_TRUE(see(talk.close()));
  EXPECT_TRUE(watch.is_in(TcpState::time_wait)) << "still followed";
}

}  // namespace
}  // namespace finack
