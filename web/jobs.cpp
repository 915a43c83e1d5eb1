#include "web/jobs.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <emscripten.h>

#include "web/page.h"

#ifdef EM_JS_DEPS
EM_JS_DEPS(jobs, "$UTF8ToString");
#endif
EM_JS(int, js_jobs_possible, (), { return netsplit.jobs_possible(); });
EM_JS(int, js_job_memory, (), { return netsplit.job_memory(); });
EM_JS(void, js_start_job, (int number, const char* request),
      { netsplit.start_job(number, UTF8ToString(request)); });
EM_JS(void, js_cancel_job, (int number), { netsplit.cancel_job(number); });

namespace netsplit::web {
namespace {

std::map<std::int64_t, std::string> news;  // not taken yet, by job

class WorkerJobs : public ui::Jobs {
 public:
  std::int64_t start(const std::string& request) override {
    js_start_job(++last_, request.c_str());
    return last_;
  }
  std::string take_news(std::int64_t job) override {
    const auto at = news.find(job);
    if (at == news.end()) return {};
    std::string text = std::move(at->second);
    news.erase(at);
    return text;
  }
  void cancel(std::int64_t job) override {
    js_cancel_job(static_cast<int>(job));
    news.erase(job);
  }
  std::int64_t bytes_max() const override { return std::int64_t{js_job_memory()} << 20; }

 private:
  int last_ = 0;
};

}  // namespace

std::shared_ptr<ui::Jobs> jobs_in_workers() {
  return js_jobs_possible() ? std::make_shared<WorkerJobs>() : nullptr;
}

}  // namespace netsplit::web

extern "C" {

EMSCRIPTEN_KEEPALIVE void page_job_news(int job, const char* text) {
  netsplit::web::news[job] = text;
  netsplit::web::wake();
}

}  // extern "C"
