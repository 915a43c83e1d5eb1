// Values and arrays whose type is data: they must live and end like those whose type is known.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/slot_array.h"

namespace netsplit::test::slot_array_test {
namespace {

struct Words {
  static inline std::int64_t alive = 0;
  std::vector<std::string> list;

  Words() { ++alive; }
  Words(const Words& other) : list(other.list) { ++alive; }
  Words(Words&& other) noexcept : list(std::move(other.list)) { ++alive; }
  Words& operator=(const Words&) = default;
  Words& operator=(Words&&) = default;
  ~Words() { --alive; }
  FIELDS(list)
};

struct Pair {
  std::int64_t a = 1;
  std::int64_t b = 2;
  FIELDS(a, b)
};

struct Record {
  std::int32_t number = 7;
};
template <class T>
struct Slot : Record {
  T value;
};
template <class T>
constexpr SlotType slot_type{sizeof(Slot<T>), alignof(Slot<T>), offsetof(Slot<T>, value),
                             &value_type<T>};

Words& words_at(SlotArray<Record>& array, std::size_t at) {
  return *static_cast<Words*>(array.value(at));
}

}  // namespace

TEST_CASE("slot array: what grows, is copied and is thrown away leaves nothing behind") {
  REQUIRE(Words::alive == 0);
  {
    SlotArray<Record> array(slot_type<Words>);
    for (std::int32_t i = 0; i < 100; ++i) {
      array.add();
      CHECK(array[array.size() - 1].number == 7);
      array[array.size() - 1].number = i;
      words_at(array, array.size() - 1).list = {std::string(40, 'x'), std::to_string(i)};
    }
    CHECK(Words::alive == 100);
    SlotArray<Record> copy = array;
    CHECK(Words::alive == 200);
    words_at(copy, 3).list[1] = "changed";
    copy[3].number = -1;
    CHECK(words_at(array, 3).list[1] == "3");
    CHECK(array[3].number == 3);
    array.copy_within(5, 99);
    CHECK(array[5].number == 99);
    CHECK(words_at(array, 5).list == words_at(array, 99).list);
    CHECK(Words::alive == 200);
    array = copy;
    CHECK(words_at(array, 3).list[1] == "changed");
    const SlotArray<Record> moved = std::move(copy);
    CHECK(moved.size() == 100);
  }
  CHECK(Words::alive == 0);
}

TEST_CASE("slot array: of values that are their bytes") {
  SlotArray<Record> array(slot_type<Pair>);
  array.make(3);
  array.add();
  static_cast<Pair*>(array.value(3))->b = 5;
  SlotArray<Record> copy = array;
  copy.copy_within(0, 3);
  CHECK(static_cast<const Pair*>(copy.value(0))->b == 5);
  CHECK(static_cast<const Pair*>(array.value(0))->b == 2);
  CHECK(copy.bytes_held() == 4 * static_cast<std::int64_t>(sizeof(Slot<Pair>)));
}

TEST_CASE("value type: made, copied, read back and compared without knowing the type") {
  REQUIRE(Words::alive == 0);
  {
    const ValueType& type = value_type<Words>;
    const auto value = make_value(type);
    static_cast<Words*>(value.get())->list = {"one", "two"};
    const auto copy = copy_value(type, value.get());
    CHECK(same_value(type, value.get(), copy.get()));
    static_cast<Words*>(copy.get())->list.pop_back();
    CHECK_FALSE(same_value(type, value.get(), copy.get()));
    const std::string bytes = bytes_of(*type.schema, value.get());
    ByteReader reader(bytes);
    const auto again = read_value(type, reader);
    REQUIRE(again != nullptr);
    CHECK(same_value(type, value.get(), again.get()));
    ByteReader cut(std::string_view(bytes).substr(0, bytes.size() - 1));
    CHECK(read_value(type, cut) == nullptr);
  }
  CHECK(Words::alive == 0);
}

}  // namespace netsplit::test::slot_array_test
