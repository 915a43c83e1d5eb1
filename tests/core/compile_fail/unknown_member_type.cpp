// A type that nobody described. Expected: a field of this type cannot be described
#include "core/base/encode.h"
struct Inner {
  int a = 0;
};
struct Struct {
  Inner inner;
  FIELDS(inner)
};
int main() { return static_cast<int>(netsplit::hash_of(Struct{})); }
