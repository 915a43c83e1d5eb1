// A member in a struct that claims to have none. Expected: a member is missing from FIELDS
#include "core/base/encode.h"
struct Struct {
  int a = 0;
  FIELDS_NONE
};
int main() { return static_cast<int>(netsplit::hash_of(Struct{})); }
