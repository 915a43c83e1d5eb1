#include "web/keys.h"

#include <array>

namespace netsplit::web {
namespace {

struct Named {
  std::string_view name;
  ImGuiKey key;
};

constexpr std::array named{
    Named{"Tab", ImGuiKey_Tab},
    Named{"ArrowLeft", ImGuiKey_LeftArrow},
    Named{"ArrowRight", ImGuiKey_RightArrow},
    Named{"ArrowUp", ImGuiKey_UpArrow},
    Named{"ArrowDown", ImGuiKey_DownArrow},
    Named{"PageUp", ImGuiKey_PageUp},
    Named{"PageDown", ImGuiKey_PageDown},
    Named{"Home", ImGuiKey_Home},
    Named{"End", ImGuiKey_End},
    Named{"Insert", ImGuiKey_Insert},
    Named{"Delete", ImGuiKey_Delete},
    Named{"Backspace", ImGuiKey_Backspace},
    Named{"Space", ImGuiKey_Space},
    Named{"Enter", ImGuiKey_Enter},
    Named{"Escape", ImGuiKey_Escape},
    Named{"ControlLeft", ImGuiKey_LeftCtrl},
    Named{"ControlRight", ImGuiKey_RightCtrl},
    Named{"ShiftLeft", ImGuiKey_LeftShift},
    Named{"ShiftRight", ImGuiKey_RightShift},
    Named{"AltLeft", ImGuiKey_LeftAlt},
    Named{"AltRight", ImGuiKey_RightAlt},
    Named{"MetaLeft", ImGuiKey_LeftSuper},
    Named{"MetaRight", ImGuiKey_RightSuper},
    Named{"ContextMenu", ImGuiKey_Menu},
    Named{"Quote", ImGuiKey_Apostrophe},
    Named{"Comma", ImGuiKey_Comma},
    Named{"Minus", ImGuiKey_Minus},
    Named{"Period", ImGuiKey_Period},
    Named{"Slash", ImGuiKey_Slash},
    Named{"Semicolon", ImGuiKey_Semicolon},
    Named{"Equal", ImGuiKey_Equal},
    Named{"BracketLeft", ImGuiKey_LeftBracket},
    Named{"Backslash", ImGuiKey_Backslash},
    Named{"BracketRight", ImGuiKey_RightBracket},
    Named{"Backquote", ImGuiKey_GraveAccent},
    Named{"NumpadDecimal", ImGuiKey_KeypadDecimal},
    Named{"NumpadDivide", ImGuiKey_KeypadDivide},
    Named{"NumpadMultiply", ImGuiKey_KeypadMultiply},
    Named{"NumpadSubtract", ImGuiKey_KeypadSubtract},
    Named{"NumpadAdd", ImGuiKey_KeypadAdd},
    Named{"NumpadEnter", ImGuiKey_KeypadEnter},
};

ImGuiKey nth(ImGuiKey first, int n) { return static_cast<ImGuiKey>(first + n); }

ImGuiKey of_character(char c) {
  if (c >= 'a' && c <= 'z') return nth(ImGuiKey_A, c - 'a');
  if (c >= 'A' && c <= 'Z') return nth(ImGuiKey_A, c - 'A');
  if (c >= '0' && c <= '9') return nth(ImGuiKey_0, c - '0');
  return ImGuiKey_None;
}

}  // namespace

ImGuiKey key_of(std::string_view key, std::string_view code) {
  const bool keypad = code.starts_with("Numpad");
  if (keypad && code.size() == 7 && code[6] >= '0' && code[6] <= '9') {
    return nth(ImGuiKey_Keypad0, code[6] - '0');
  }
  if (key.size() == 1 && !keypad) {
    if (const ImGuiKey found = of_character(key[0]); found != ImGuiKey_None) return found;
  }
  if (code.size() == 4 && code.starts_with("Key")) return of_character(code[3]);
  if (code.size() == 6 && code.starts_with("Digit")) return of_character(code[5]);
  // The keyboard of a phone knows no places.
  const std::string_view name = code.empty() || code == "Unidentified" ? key : code;
  for (const Named& each : named) {
    if (each.name == name) return each.key;
  }
  return ImGuiKey_None;
}

}  // namespace netsplit::web
