#include "cli/threads.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace netsplit::cli {

int machine_threads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

check::Executor on_threads(int threads) {
  if (threads <= 1) return check::run_in_order;
  return [threads](std::int32_t count, const std::function<void(std::int32_t)>& work) {
    std::atomic<std::int32_t> next{0};
    const auto take = [&] {
      for (std::int32_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::thread> others;
    for (int i = 1; i < std::min(threads, count); ++i) others.emplace_back(take);
    take();
    for (std::thread& other : others) other.join();
  };
}

}  // namespace netsplit::cli
