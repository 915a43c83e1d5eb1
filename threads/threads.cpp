#include "threads/threads.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace netsplit {
namespace {

using Work = std::function<void(std::int32_t)>;

// Threads that sleep between pieces of work; the one that asks works along.
class Crew {
 public:
  explicit Crew(int others) {
    for (int i = 0; i < others; ++i) threads_.emplace_back([this] { serve(); });
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() {
    work_ = nullptr;
    call();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(std::int32_t count, const Work& work) {
    work_ = &work;
    count_ = count;
    next_ = 0;
    busy_ = static_cast<int>(threads_.size());
    call();
    take();
    for (int busy = busy_; busy != 0; busy = busy_) busy_.wait(busy);
  }

 private:
  void call() {
    ++calls_;
    calls_.notify_all();
  }
  void take() {
    for (std::int32_t i = next_++; i < count_; i = next_++) (*work_)(i);
  }
  void serve() {
    for (std::uint64_t seen = 0;;) {
      calls_.wait(seen);
      ++seen;
      if (work_ == nullptr) return;
      take();
      if (--busy_ == 0) busy_.notify_one();
    }
  }

  // Written before a call, read after it.
  const Work* work_ = nullptr;
  std::int32_t count_ = 0;
  std::atomic<std::int32_t> next_{0};
  std::atomic<int> busy_{0};
  std::atomic<std::uint64_t> calls_{0};
  std::vector<std::thread> threads_;
};

}  // namespace

int machine_threads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

check::Executor on_threads(int count) {
  if (count <= 1) return check::run_in_order;
  return [crew = std::make_shared<Crew>(count - 1)](std::int32_t pieces, const Work& work) {
    crew->run(pieces, work);
  };
}

}  // namespace netsplit
