// What the surroundings can do for the window. Any function may be empty.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace netsplit::ui {

// Work that takes longer than a frame, done beside the window: in threads, or in a Worker of the
// page. Requests and news are the texts of core/scenario/job.h. Called from the window alone.
class Jobs {
 public:
  virtual ~Jobs() = default;
  // A number for the job, never 0. The host draws a frame whenever there is news.
  virtual std::int64_t start(const std::string& request) = 0;
  // What the job has said last; empty when that was taken before. The last news is that it is over.
  virtual std::string take_news(std::int64_t job) = 0;
  // Nothing more is heard of it.
  virtual void cancel(std::int64_t job) = 0;
  // How much one job may keep in memory.
  virtual std::int64_t bytes_max() const = 0;
};

struct Host {
  std::function<void(const std::string&)> copy_text;
  std::function<void(const std::string&)> link_changed;  // the page writes it into its fragment
  // Keeps the bytes as a download of the page; its name. Errors: why it could not.
  std::function<Result<std::string>(const std::string& name, const std::string& bytes)> save_file;
  // Keeps a text (ui/kept.h) for the next visit, which finds it in `kept`.
  std::function<void(const std::string&)> keep;
  // A page shows its own dialogue and hands the file to App::open_file.
  std::function<void()> choose_file;
  // A desktop reads and writes paths that a person types. Errors: one sentence.
  std::function<Result<std::string>(const std::string& path)> read_file;
  std::function<Status(const std::string& path, const std::string& bytes)> write_file;
  std::string folder;  // where a path is offered, with its last slash; empty for a page
  std::shared_ptr<Jobs> jobs;
  bool reduced_motion = false;
  bool prefers_light = false;
  bool touch = false;
  std::string language = {};  // the system's, as a tag: "de-AT"
  std::string kept = {};      // what the last visit kept; "" is none
};

}  // namespace netsplit::ui
