#include "cli/kept_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace netsplit::cli {

KeptFile::~KeptFile() {
  if (before_ != nullptr) std::fclose(before_);
}

Error KeptFile::failure() const {
  return Error{where() + ": cannot be written: " + std::strerror(errno)};
}

Status KeptFile::open(bool resume, bool& begun) {
  std::error_code fault;
  begun = std::filesystem::exists(path_, fault);
  if (begun && std::filesystem::is_directory(path_, fault))
    return Error{where() + ": this is a folder; expected a file"};
  if (begun && !resume) {
    return Error{where() + ": is there already; expected a new file, or --resume to go on with it"};
  }
  if (begun) {
    before_ = std::fopen(path_.c_str(), "rb");
    if (before_ == nullptr) return Error{where() + ": cannot be read: " + std::strerror(errno)};
  }
  // A folder that is not there is found now, not after an hour.
  if (!begin_save()) return failure();
  std::fclose(now_);
  now_ = nullptr;
  std::filesystem::remove(path_ + ".part", fault);
  return Done{};
}

// A save may take a tenth of the time at most.
bool KeptFile::wants_save(bool last) { return last || Clock::now() - saved_ >= every_; }

bool KeptFile::begin_save() {
  begun_ = Clock::now();
  now_ = std::fopen((path_ + ".part").c_str(), "wb");
  return now_ != nullptr;
}

bool KeptFile::write(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), now_) == bytes.size();
}

void KeptFile::end_save(bool whole) {
  bool good = whole && now_ != nullptr;
  if (now_ != nullptr) good = std::fclose(now_) == 0 && good;
  now_ = nullptr;
  std::error_code fault;
  if (good) std::filesystem::rename(path_ + ".part", path_, fault);
  status_ = good && !fault ? Status(Done{}) : Status(failure());
  saved_ = Clock::now();
  every_ = std::max(every_, 10 * (saved_ - begun_));
}

std::size_t KeptFile::read(char* into, std::size_t count) {
  return before_ == nullptr ? 0 : std::fread(into, 1, count, before_);
}

}  // namespace netsplit::cli
