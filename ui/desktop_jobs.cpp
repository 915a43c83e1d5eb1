#include "ui/desktop_jobs.h"

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "core/scenario/job.h"
#include "threads/threads.h"

namespace netsplit::ui {
namespace {

class Job {
 public:
  Job(std::string request, const std::function<void()>& wake) : wake_(wake) {
    thread_ = std::thread([this, text = std::move(request)] { work(text); });
  }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() {
    stop();
    thread_.join();
  }
  void stop() { stopped_ = true; }
  // Nothing of it will be asked for any more.
  bool done_with() {
    const std::lock_guard lock(mutex_);
    return ended_ && (stopped_ || news_.empty());
  }
  std::string take_news() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
  }

 private:
  void work(const std::string& request) {
    JobHelp help;
    help.execute = on_threads(machine_threads());
    help.now_ms = [] {
      const auto now = std::chrono::steady_clock::now().time_since_epoch();
      return static_cast<std::int64_t>(
          std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    };
    help.tell = [this](const std::string& news) { return tell(news); };
    tell(run_job(request, help));
    ended_ = true;
  }
  bool tell(const std::string& news) {
    if (stopped_) return false;
    {
      const std::lock_guard lock(mutex_);
      news_ = news;
    }
    wake_();
    return true;
  }

  const std::function<void()>& wake_;
  std::atomic<bool> stopped_{false};
  std::atomic<bool> ended_{false};
  std::mutex mutex_;
  std::string news_;
  std::thread thread_;
};

class ThreadJobs : public Jobs {
 public:
  explicit ThreadJobs(std::function<void()> wake) : wake_(std::move(wake)) {}
  ~ThreadJobs() override {
    for (auto& [number, job] : jobs_) job->stop();  // all at once; then each is waited for
  }

  std::int64_t start(const std::string& request) override {
    // Those that were cancelled end when they next look up; nobody waits for that.
    std::erase_if(jobs_, [](const auto& one) { return one.second->done_with(); });
    jobs_.emplace(++last_, std::make_unique<Job>(request, wake_));
    return last_;
  }
  std::string take_news(std::int64_t job) override {
    const auto at = jobs_.find(job);
    return at == jobs_.end() ? std::string() : at->second->take_news();
  }
  void cancel(std::int64_t job) override {
    const auto at = jobs_.find(job);
    if (at != jobs_.end()) at->second->stop();
  }
  std::int64_t bytes_max() const override { return std::int64_t{2} << 30; }

 private:
  std::function<void()> wake_;
  std::int64_t last_ = 0;
  std::map<std::int64_t, std::unique_ptr<Job>> jobs_;
};

}  // namespace

std::shared_ptr<Jobs> jobs_in_threads(std::function<void()> wake) {
  return std::make_shared<ThreadJobs>(std::move(wake));
}

}  // namespace netsplit::ui
