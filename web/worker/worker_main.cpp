// The program of a Worker, which web/worker.js runs: one job, told once what to do, saying how far
// it is.
#include <cstdint>
#include <string>

#include <emscripten.h>

#include "core/scenario/job.h"

#ifdef EM_JS_DEPS
EM_JS_DEPS(worker, "$UTF8ToString");
#endif
EM_JS(void, js_tell, (const char* news, int over),
      { postMessage({text : UTF8ToString(news), over : !!over}); });

extern "C" EMSCRIPTEN_KEEPALIVE void worker_run(const char* request) {
  netsplit::JobHelp help;
  help.now_ms = [] { return static_cast<std::int64_t>(emscripten_get_now()); };
  help.tell = [](const std::string& text) {
    js_tell(text.c_str(), 0);
    return true;  // who is not wanted any more is ended from outside
  };
  js_tell(netsplit::run_job(request, help).c_str(), 1);
}

int main() {}
