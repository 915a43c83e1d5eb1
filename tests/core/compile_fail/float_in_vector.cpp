// Floating point deep inside. Expected: floating point is not the same everywhere
#include "core/base/encode.h"
struct Struct {
  std::vector<std::optional<float>> a;
  FIELDS(a)
};
int main() { return static_cast<int>(netsplit::hash_of(Struct{})); }
