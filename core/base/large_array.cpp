#include "core/base/large_array.h"

#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace netsplit {
namespace {

constexpr std::size_t large_page_bytes = std::size_t{1} << 21;

bool is_large(std::size_t bytes) { return bytes >= 2 * large_page_bytes; }
std::align_val_t alignment_of(std::size_t bytes, std::size_t alignment) {
  return std::align_val_t{is_large(bytes) ? large_page_bytes : alignment};
}

}  // namespace

void* allocate_large(std::size_t bytes, std::size_t alignment) {
  void* memory = ::operator new(bytes, alignment_of(bytes, alignment));
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (is_large(bytes))  // only advice
    madvise(memory, bytes / large_page_bytes * large_page_bytes, MADV_HUGEPAGE);
#endif
  return memory;
}

void free_large(void* memory, std::size_t bytes, std::size_t alignment) {
  ::operator delete(memory, alignment_of(bytes, alignment));
}

}  // namespace netsplit
