#include "core/base/large_array.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace netsplit {

void detail::prefer_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  madvise(memory, bytes / large_page_bytes * large_page_bytes, MADV_HUGEPAGE);  // only advice
#endif
}

}  // namespace netsplit
