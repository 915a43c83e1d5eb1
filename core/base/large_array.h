// A vector for arrays that are visited at random: when they are large they lie on large pages,
// where the system has them. With a million nodes every event touches a node and a message
// somewhere in 128 MB, and looking up the addresses of small pages costs more than the visit
// itself.
#pragma once

#include <cstddef>
#include <vector>

namespace netsplit {

// Memory for an array, on large pages when it is large and the system has them; it is the same with
// or without. It is given back with the numbers it was asked for with.
void* allocate_large(std::size_t bytes, std::size_t alignment);
void free_large(void* memory, std::size_t bytes, std::size_t alignment);

namespace detail {

template <class T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(allocate_large(count * sizeof(T), alignof(T)));
  }
  void deallocate(T* memory, std::size_t count) {
    free_large(memory, count * sizeof(T), alignof(T));
  }
  template <class U>
  bool operator==(const LargePages<U>&) const {
    return true;
  }
};

}  // namespace detail

template <class T>
using LargeArray = std::vector<T, detail::LargePages<T>>;

// Begins to fetch what will soon be needed. WebAssembly has no such instruction; a read whose value
// nobody waits for comes close. Inlined by force: g++ takes a function that does nothing else for
// one that does nothing, and leaves its calls out.
[[gnu::always_inline]] inline void prefetch(const void* address) {
#if defined(__wasm__)
  static_cast<void>(*static_cast<const volatile char*>(address));
#else
  __builtin_prefetch(address, 1);
#endif
}

}  // namespace netsplit
