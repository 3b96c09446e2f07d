// SPDX-License-Identifier: Apache-2.0
#include "base/queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

namespace finack {
namespace {

template <class T>
std::vector<T> queued(const Queue<T>& queue) {
  return {queue.begin(), queue.end()};
}

TEST(Queue, KeepsTheOrder) {
  Queue<int> queue;
  EXPECT_TRUE(queue.empty());
  for (int i = 1; i <= 4; ++i) queue.push_back(i);
  queue.pop_front();
  EXPECT_EQ(queued(queue), (std::vector{2, 3, 4}));
  EXPECT_EQ(queue.front(), 2);
  EXPECT_EQ(queue.back(), 4);
  EXPECT_EQ(queue[1], 3);
  EXPECT_EQ((std::vector<int>{queue.rbegin(), queue.rend()}), (std::vector{4, 3, 2}));
  queue.pop_front(3);
  EXPECT_TRUE(queue.empty());
  queue.push_back(5);
  EXPECT_EQ(queue.front(), 5);
}

TEST(Queue, ErasesOnlyWhatIsInIt) {
  Queue<int> queue;
  for (int i = 1; i <= 6; ++i) queue.push_back(i);
  queue.pop_front(2);
  queue.erase_if([](int each) { return each % 2 == 0; });
  EXPECT_EQ(queued(queue), (std::vector{3, 5}));
  queue.clear();
  EXPECT_EQ(queue.size(), 0u);
}

TEST(Queue, IsADequeHoweverItGrowsAndShrinks) {
  Queue<int> queue;
  std::deque<int> model;
  for (int i = 0; i < 5000; ++i) {
    queue.push_back(i);
    model.push_back(i);
    if (i % 7 < 3 && !model.empty()) {
      const std::size_t count = std::min<std::size_t>(model.size(), static_cast<std::size_t>(i % 5));
      queue.pop_front(count);
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(count));
    }
    ASSERT_EQ(queued(queue), (std::vector<int>{model.begin(), model.end()})) << i;
  }
}

TEST(Queue, GivesBackWhatWasTaken) {
  Queue<std::shared_ptr<int>> queue;
  const auto value = std::make_shared<int>(1);
  for (int i = 0; i < 1000; ++i) {
    queue.push_back(value);
    if (i >= 10) queue.pop_front();
  }
  EXPECT_EQ(queue.size(), 10u);
  EXPECT_EQ(value.use_count(), 11);
}

}  // namespace
}  // namespace finack
