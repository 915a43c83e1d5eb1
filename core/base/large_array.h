// A vector for arrays that are visited at random: when they are large they lie on large pages,
// where the system has them. With a million nodes every event touches a node and a message
// somewhere in 128 MB, and looking up the addresses of small pages costs more than the visit
// itself.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace netsplit {

namespace detail {

inline constexpr std::size_t large_page_bytes = std::size_t{1} << 21;

// Asks for large pages; the memory is the same with or without. Does nothing where the system has
// none to ask for.
void prefer_large_pages(void* memory, std::size_t bytes);

template <class T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  static std::align_val_t alignment(std::size_t bytes) {
    return std::align_val_t{bytes < 2 * large_page_bytes ? alignof(T) : large_page_bytes};
  }
  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* memory = ::operator new(bytes, alignment(bytes));
    if (bytes >= 2 * large_page_bytes) prefer_large_pages(memory, bytes);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    ::operator delete(memory, alignment(count * sizeof(T)));
  }
  template <class U>
  bool operator==(const LargePages<U>&) const {
    return true;
  }
};

}  // namespace detail

template <class T>
using LargeArray = std::vector<T, detail::LargePages<T>>;

#if defined(__wasm__)
inline constexpr bool can_prefetch = false;
#else
inline constexpr bool can_prefetch = true;
#endif

// Begins to fetch what will soon be needed. WebAssembly has no such instruction; a read whose value
// nobody waits for comes close. Inlined by force: g++ takes a function that does nothing else for
// one that does nothing, and leaves its calls out.
[[gnu::always_inline]] inline void prefetch(const void* address) {
  if constexpr (can_prefetch) {
    __builtin_prefetch(address, 1);
  } else {
    static_cast<void>(*static_cast<const volatile char*>(address));
  }
}

}  // namespace netsplit
