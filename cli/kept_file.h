// A file in which a check is kept: written beside it and put in its place when it is whole, so that
// whoever is killed keeps the one before.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "core/base/result.h"
#include "core/check/kept.h"

namespace netsplit::cli {

class KeptFile final : public check::Keeper {
 public:
  using Clock = std::chrono::steady_clock;

  KeptFile(std::string path, Clock::duration every) : path_(std::move(path)), every_(every) {}
  ~KeptFile() override;

  // Errors: there is a file already and nobody asked to go on with it; it cannot be read or
  // written. `begun`: there is something to go on with.
  Status open(bool resume, bool& begun);
  // What went wrong in a save; the check itself went on.
  Status status() const { return status_; }

  std::string where() const override { return "--save " + path_; }
  bool wants_save(bool last) override;
  bool begin_save() override;
  bool write(std::string_view bytes) override;
  void end_save(bool whole) override;
  std::size_t read(char* into, std::size_t count) override;

 private:
  Error failure() const;

  std::string path_;
  Clock::duration every_;
  Clock::time_point saved_ = Clock::now();
  Clock::time_point begun_;
  std::FILE* before_ = nullptr;  // what was kept before
  std::FILE* now_ = nullptr;
  Status status_ = Done{};
};

}  // namespace netsplit::cli
