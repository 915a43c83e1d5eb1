// A type as data: what a described value is made of, for the walks that need not be as fast as
// compiled code and would cost it for each of many hundred types (rows for a person, bytes, hash,
// reading back, renaming nodes). `schema_of<T>` is a constant; the walks take it with the address
// of a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/fields.h"
#include "core/base/hinted.h"
#include "core/base/names.h"
#include "core/base/visit.h"

namespace netsplit {

// A function that is called before the call it is handed to returns.
template <class Signature>
class FunctionRef;
template <class Result, class... Args>
class FunctionRef<Result(Args...)> {
 public:
  template <class Function>
  requires(!std::is_same_v<std::remove_cvref_t<Function>, FunctionRef>)
      FunctionRef(Function&& function)
      : object_(const_cast<void*>(static_cast<const void*>(&function))),
        call_([](void* object, Args... args) -> Result {
          return (*static_cast<std::remove_reference_t<Function>*>(object))(args...);
        }) {}
  Result operator()(Args... args) const { return call_(object_, args...); }

 private:
  void* object_;
  Result (*call_)(void*, Args...);
};

struct Schema;

struct Member {
  std::string_view name;
  std::size_t offset = 0;  // bytes from where the struct begins
  const Schema* schema = nullptr;
};

// What can be asked of a list, a set, a map, an optional or a variant without knowing its type.
// Each has the functions that its kind needs and null for the others.
struct Holder {
  // List, set, map: how many; optional: 0 or 1; variant: which alternative.
  std::size_t (*size)(const void* held);
  // List: the first element, the others follow; optional and variant: the value. Null when empty.
  void* (*data)(void* held);
  // Empties it (not a variant).
  void (*clear)(void* held);
  // List: one more; optional: a value. Where it stands.
  void* (*append)(void* held);
  // Variant: holds the alternative, as it is made by default.
  bool (*emplace)(void* held, std::uint64_t index);
  // Set and map: calls visit(key, value) in order; of a set the value is null.
  void (*each)(const void* held, FunctionRef<void(const void*, const void*)> visit);
  // Set and map: takes in the key that `fill` writes; of a map returns where its value stands.
  void* (*add)(void* held, FunctionRef<void(void*)> fill);
  // Set and map: changes every key and value, and puts them in order again.
  void (*renew)(void* held, FunctionRef<void(void*, void*)> change);
  // A list with a place for each node: what stands at i goes to to[i].
  void (*rearrange)(void* held, std::span<const std::int32_t> to);
};

struct Schema {
  enum class Kind : std::uint8_t {
    flag,
    choice,   // an enumerator
    integer,  // also the strong ones: the hint tells which
    text,
    hidden,
    optional,
    array,
    list,
    set,
    map,
    variant,
    group  // a described struct
  };

  Kind kind{};
  Hint hint{};
  bool is_signed = false;
  bool per_node = false;
  std::uint32_t size = 0;                       // of a value, in bytes
  std::string_view name;                        // of a group: the unqualified name of the type
  std::span<const std::string_view> choices{};  // the enumerators' names
  std::span<const Member> members{};
  std::span<const Schema* const> alternatives{};
  const Schema* element =
      nullptr;                  // of hidden, optional, array, list, set (its keys), map (values)
  const Schema* key = nullptr;  // of a map
  const Holder* holder = nullptr;
};

namespace detail {

template <class T>
constexpr Schema make_schema();

template <class T>
inline constexpr Schema schema_constant = make_schema<T>();

template <class T>
struct HolderOf {
  static T& value(void* held) { return *static_cast<T*>(held); }
  static const T& value(const void* held) { return *static_cast<const T*>(held); }

  static std::size_t size(const void* held) {
    if constexpr (is_optional<T>::value) {
      return value(held).has_value() ? 1 : 0;
    } else if constexpr (is_variant<T>::value) {
      return value(held).index();
    } else {
      return value(held).size();
    }
  }
  static void* data(void* held) {
    if constexpr (is_optional<T>::value) {
      return value(held) ? &*value(held) : nullptr;
    } else if constexpr (is_variant<T>::value) {
      return visit_one(value(held), [](auto& content) -> void* { return &content; });
    } else {
      return value(held).data();
    }
  }
  static void clear(void* held) {
    if constexpr (is_optional<T>::value) {
      value(held).reset();
    } else {
      value(held).clear();
    }
  }
  static void* append(void* held) {
    if constexpr (is_optional<T>::value) {
      return &value(held).emplace();
    } else {
      return &value(held).emplace_back();
    }
  }
  static bool emplace(void* held, std::uint64_t index) {
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
      return ((index == i ? (value(held).template emplace<i>(), true) : false) || ...);
    }
    (std::make_index_sequence<std::variant_size_v<T>>{});
  }
  static void each(const void* held, FunctionRef<void(const void*, const void*)> visit) {
    for (const auto& one : value(held)) {
      if constexpr (is_map<T>::value) {
        visit(&one.first, &one.second);
      } else {
        visit(&one, nullptr);
      }
    }
  }
  static void* add(void* held, FunctionRef<void(void*)> fill) {
    typename T::key_type key{};
    fill(&key);
    if constexpr (is_map<T>::value) {
      return &value(held)[std::move(key)];
    } else {
      value(held).insert(std::move(key));
      return nullptr;
    }
  }
  static void renew(void* held, FunctionRef<void(void*, void*)> change) {
    T old;
    old.swap(value(held));
    while (!old.empty()) {
      auto node = old.extract(old.begin());
      if constexpr (is_map<T>::value) {
        change(&node.key(), &node.mapped());
      } else {
        change(&node.value(), nullptr);
      }
      value(held).insert(std::move(node));
    }
  }
  static void rearrange(void* held, std::span<const std::int32_t> to) {
    T moved(value(held));
    for (std::size_t i = 0; i < to.size(); ++i)
      moved[static_cast<std::size_t>(to[i])] = std::move(value(held)[i]);
    value(held) = std::move(moved);
  }

  static constexpr Holder make() {
    Holder holder{};
    holder.size = size;
    if constexpr (is_set<T>::value || is_map<T>::value) {
      holder.clear = clear;
      holder.each = each;
      holder.add = add;
      holder.renew = renew;
    } else {
      holder.data = data;
      if constexpr (is_variant<T>::value) {
        holder.emplace = emplace;
      } else {
        holder.clear = clear;
        holder.append = append;
      }
      if constexpr (is_per_node<T>::value) holder.rearrange = rearrange;
    }
    return holder;
  }
};

template <class T>
inline constexpr Holder holder_constant = HolderOf<T>::make();

template <class T>
constexpr auto members_of() {
  constexpr std::size_t n = count_names(T::field_list());
  constexpr auto names = split_names<n>(T::field_list());
  constexpr auto offsets = T::template field_offsets<T>();
  using References = decltype(std::declval<T&>().field_references());
  std::array<Member, n> members{};
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    ((members[i] =
          {names[i], offsets[i],
           &schema_constant<std::remove_reference_t<std::tuple_element_t<i, References>>>}),
     ...);
  }
  (std::make_index_sequence<n>{});
  return members;
}

template <class T>
inline constexpr auto members_constant = members_of<T>();

template <class T>
struct alternative_schemas;
template <class... Ts>
struct alternative_schemas<std::variant<Ts...>> {
  static constexpr std::array<const Schema*, sizeof...(Ts)> list{&schema_constant<Ts>...};
};

template <class T>
inline constexpr Hint hint_of = Hint::none;
template <class T>
requires requires { T::hint; }
inline constexpr Hint hint_of<T> = T::hint;

template <class T>
constexpr Schema make_schema() {
  using Kind = Schema::Kind;
  static_assert(!std::is_floating_point_v<T>, "floating point is not the same everywhere");
  static_assert(!std::is_pointer_v<T>, "a pointer is not the same in any two runs");
  Schema schema;
  schema.size = sizeof(T);
  if constexpr (std::is_same_v<T, bool>) {
    schema.kind = Kind::flag;
  } else if constexpr (std::is_enum_v<T>) {
    schema.kind = Kind::choice;
    schema.is_signed = std::is_signed_v<std::underlying_type_t<T>>;
    schema.choices = enumerator_names<T>();
  } else if constexpr (std::is_integral_v<T>) {
    schema.kind = Kind::integer;
    schema.is_signed = std::is_signed_v<T>;
  } else if constexpr (is_strong_integer<T>) {
    schema.kind = Kind::integer;
    schema.is_signed = true;
    schema.hint = std::is_same_v<T, NodeId>  ? Hint::node
                  : std::is_same_v<T, Token> ? Hint::token
                  : std::is_same_v<T, Epoch> ? Hint::epoch
                                             : Hint::log_index;
  } else if constexpr (std::is_same_v<T, std::string>) {
    schema.kind = Kind::text;
  } else if constexpr (is_hidden<T>::value) {
    schema.kind = Kind::hidden;
    schema.element = &schema_constant<decltype(T::value)>;
  } else if constexpr (is_variant<T>::value) {
    schema.kind = Kind::variant;
    schema.alternatives = alternative_schemas<T>::list;
    schema.holder = &holder_constant<T>;
  } else if constexpr (is_optional<T>::value || is_array<T>::value || is_vector<T>::value ||
                       is_set<T>::value) {
    // Elements of no bytes could not be read back: a reader trusts no count beyond the bytes left.
    static_assert(
        is_optional<T>::value || is_array<T>::value || !std::is_empty_v<typename T::value_type>,
        "a list of nothing: count instead");
    schema.kind = is_optional<T>::value ? Kind::optional
                  : is_array<T>::value  ? Kind::array
                  : is_vector<T>::value ? Kind::list
                                        : Kind::set;
    schema.per_node = is_per_node<T>::value;
    schema.element = &schema_constant<typename T::value_type>;
    if constexpr (!is_array<T>::value) schema.holder = &holder_constant<T>;
  } else if constexpr (is_map<T>::value) {
    schema.kind = Kind::map;
    schema.key = &schema_constant<typename T::key_type>;
    schema.element = &schema_constant<typename T::mapped_type>;
    schema.holder = &holder_constant<T>;
  } else if constexpr (Described<T>) {
    [[maybe_unused]] constexpr auto check = &require_all_listed<count_names(T::field_list()), T>;
    schema.kind = Kind::group;
    schema.hint = hint_of<T>;
    schema.name = type_name<T>();
    schema.members = members_constant<T>;
  } else {
    static_assert(always_false<T>, "a field of this type cannot be described");
  }
  return schema;
}

inline const void* part(const void* whole, std::size_t offset) {
  return static_cast<const char*>(whole) + offset;
}
inline void* part(void* whole, std::size_t offset) { return static_cast<char*>(whole) + offset; }

}  // namespace detail

template <class T>
inline constexpr const Schema& schema_of = detail::schema_constant<std::remove_const_t<T>>;

// Of a flag, a choice or an integer.
std::int64_t integer_in(const Schema& schema, const void* value);
// Cuts off what the type has no room for.
void set_integer(const Schema& schema, void* value, std::int64_t number);

// How many elements a list, an array, a set or a map has; where those of a list or an array begin.
std::size_t count_in(const Schema& schema, const void* value);
void* first_in(const Schema& schema, void* value);
inline const void* first_in(const Schema& schema, const void* value) {
  return first_in(schema, const_cast<void*>(value));
}

// What a value holds outside itself, in bytes; roughly, since only the system knows what it gave.
std::int64_t bytes_elsewhere(const Schema& schema, const void* value);

// The alternative of a variant of groups by its name as files write it ("acquire_lock"); -1 when
// there is none.
std::int32_t alternative_named(const Schema& variant, std::string_view snake_case_name);
// What an optional or a variant holds: null for an optional without a value.
template <class Pointer>
struct Held {
  const Schema* schema;
  Pointer value;
};
inline Held<void*> held_by(const Schema& schema, void* value) {
  const bool is_variant = schema.kind == Schema::Kind::variant;
  return {is_variant ? schema.alternatives[schema.holder->size(value)] : schema.element,
          schema.holder->data(value)};
}
inline Held<const void*> held_by(const Schema& schema, const void* value) {
  const auto held = held_by(schema, const_cast<void*>(value));
  return {held.schema, held.value};
}

}  // namespace netsplit
