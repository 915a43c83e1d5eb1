#include "core/check/history_picture.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/base/assert.h"
#include "core/base/names.h"

namespace netsplit::check {
namespace {

constexpr int label_columns_max = 28;
constexpr std::size_t label_text_max = 16;  // of a text in a label, in bytes
constexpr int margin = 24;
constexpr int head_height = 92;
constexpr int row_height = 42;
constexpr int bar_height = 26;
constexpr int moment_gap = 16;

// How many bytes the well-formed UTF-8 character at `at` takes; 0 when it is none that XML allows.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  unsigned code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool shortest = code >= (length == 2 ? 0x80u : length == 3 ? 0x800u : 0x10000u);
  const bool allowed = code < 0xd800 || (code > 0xdfff && code < 0xfffe) || code > 0xffff;
  return shortest && allowed && code <= 0x10ffff ? length : 0;
}

// At most so many characters; the rest is an ellipsis. `columns` counts them.
std::string escaped(std::string_view text, int columns_max, int& columns) {
  std::string safe;
  columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (columns == columns_max - 1) {
      ++columns;
      return safe + "…";
    }
    const std::size_t length = character_at(text, at);
    const char c = text[at];
    if (length == 0) {
      safe += "\xef\xbf\xbd";
    } else if (length > 1) {
      safe += text.substr(at, length);
    } else {
      safe += c == '&'   ? "&amp;"
              : c == '<' ? "&lt;"
              : c == '>' ? "&gt;"
              : c == '"' ? "&quot;"
                         : std::string(1, c);
    }
    at += std::max<std::size_t>(length, 1);
    ++columns;
  }
  return safe;
}

std::string escaped(std::string_view text) {
  int columns = 0;
  return escaped(text, 2'000, columns);
}

// Text of known width: the reader's fonts may differ, `textLength` holds them to it.
constexpr int column_width = 8;
std::string fixed_text(int x, int y, std::string_view text, int columns_max, const char* style) {
  int columns = 0;
  const std::string safe = escaped(text, columns_max, columns);
  if (columns == 0) return {};
  return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" textLength=\"" +
         std::to_string(columns * column_width) + "\" lengthAdjust=\"spacingAndGlyphs\" class=\"" +
         style + "\">" + safe + "</text>\n";
}

int columns_of(std::string_view text, int columns_max) {
  int columns = 0;
  escaped(text, columns_max, columns);
  return columns;
}

// The text's beginning and, since appending makes the difference there, more of its end.
std::string shortened(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  const auto inside = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  std::size_t head = bytes_max / 3;
  std::size_t tail = text.size() - (bytes_max - head);
  while (head > 0 && inside(head)) --head;
  while (inside(tail)) ++tail;
  return text.substr(0, head) + "…" + text.substr(tail);
}

std::string value_text(const History& history, std::int64_t value, std::size_t bytes_max) {
  if (history.object != ObjectKind::key_value)
    return value == nothing ? "nil" : std::to_string(value);
  return "\"" + shortened(history.texts[static_cast<std::size_t>(value)], bytes_max) + "\"";
}

enum class Look : std::uint8_t { ordered, misfit, unknown, failed, not_reached };

struct Bar {
  std::int32_t operation = 0;
  Look look{};
  int number = 0;  // in the order, from 1; 0 when it is not in it
  int row = 0;
  int from = 0;
  int to = 0;
  int badge_columns() const {
    return look == Look::misfit ? 1 : static_cast<int>(std::to_string(number).size());
  }
  bool has_badge() const { return look == Look::misfit || number > 0; }
};

class Picture {
 public:
  Picture(const History& history, const PartRuling& part, const PictureOptions& options)
      : history_(history), part_(part), options_(options) {}
  std::string draw();

 private:
  const HistoryOperation& operation(std::int32_t i) const {
    return history_.operations[static_cast<std::size_t>(i)];
  }
  void choose();
  void place();
  void stack_rows();
  int row_y(int row) const { return head_height + row * row_height; }
  std::string lanes() const;
  std::string order_line() const;
  std::string bar(const Bar& bar) const;
  std::string legend() const;
  std::string caption() const;

  const History& history_;
  const PartRuling& part_;
  const PictureOptions& options_;
  std::vector<Bar> bars_;  // by invocation
  std::size_t left_out_ = 0;
  struct Lane {
    std::string name;
    int first_row = 0;
    int rows = 0;
  };
  std::vector<Lane> lanes_;
  int chart_left_ = 0;
  int chart_right_ = 0;
  int rows_ = 0;
};

// All operations of the part, or those around the first that does not fit.
void Picture::choose() {
  std::map<std::int32_t, int> numbers;
  for (const std::int32_t i : part_.order) numbers[i] = static_cast<int>(numbers.size()) + 1;
  const bool by_key = history_.object == ObjectKind::key_value;
  const bool by_element = history_.object == ObjectKind::set;
  for (std::size_t i = 0; i < history_.operations.size(); ++i) {
    const HistoryOperation& one = history_.operations[i];
    if (by_key && one.key != part_.key) continue;
    if (by_element && one.argument != part_.key) continue;
    Bar made;
    made.operation = static_cast<std::int32_t>(i);
    const auto number = numbers.find(made.operation);
    made.number = number == numbers.end() ? 0 : number->second;
    const bool misfit = std::count(part_.misfits.begin(), part_.misfits.end(), made.operation) > 0;
    made.look = misfit                           ? Look::misfit
                : one.outcome == Outcome::failed ? Look::failed
                : one.outcome != Outcome::ok     ? Look::unknown
                : made.number > 0                ? Look::ordered
                                                 : Look::not_reached;
    bars_.push_back(made);
  }
  std::stable_sort(bars_.begin(), bars_.end(), [&](const Bar& a, const Bar& b) {
    return operation(a.operation).invoked < operation(b.operation).invoked;
  });
  const auto most = static_cast<std::size_t>(std::max(options_.operations_max, 1));
  if (bars_.size() <= most) return;
  const std::int32_t middle = !part_.misfits.empty() ? part_.misfits.front() : part_.stopped_at;
  std::size_t at = 0;
  for (std::size_t i = 0; i < bars_.size(); ++i) {
    if (bars_[i].operation == middle) at = i;
  }
  const std::size_t before = std::min(at, most * 3 / 4);
  const std::size_t from = std::min(at - before, bars_.size() - most);
  left_out_ = bars_.size() - most;
  bars_.erase(bars_.begin() + static_cast<std::ptrdiff_t>(from + most), bars_.end());
  bars_.erase(bars_.begin(), bars_.begin() + static_cast<std::ptrdiff_t>(from));
}

// Each moment gets a place to the right of the one before, and so far that labels fit into bars.
void Picture::place() {
  struct Moment {
    std::int64_t at;
    bool answer;
    std::size_t bar;
  };
  std::vector<Moment> moments;
  const auto needed = [&](const Bar& one) {
    const int badge = one.has_badge() ? one.badge_columns() * column_width + 18 : 6;
    return badge + 10 +
           columns_of(describe(history_, operation(one.operation), label_text_max),
                      label_columns_max) *
               column_width;
  };
  for (std::size_t i = 0; i < bars_.size(); ++i) {
    const HistoryOperation& one = operation(bars_[i].operation);
    moments.push_back({one.invoked, false, i});
    const bool open = one.outcome == Outcome::unknown || one.outcome == Outcome::pending;
    if (!open) moments.push_back({one.completed, true, i});
  }
  std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return a.at != b.at ? a.at < b.at : a.answer < b.answer;
  });
  int x = chart_left_;
  int right = chart_left_;
  for (const Moment& moment : moments) {
    Bar& one = bars_[moment.bar];
    x += moment_gap;
    if (moment.answer) {
      x = std::max(x, one.from + needed(one));
      one.to = x;
    } else {
      one.from = x;
      right = std::max(right, x + needed(one));
    }
  }
  chart_right_ = std::max(x, right) + moment_gap;
  for (Bar& one : bars_) {
    if (one.to == 0) one.to = chart_right_;
  }
}

// A client's operations usually follow each other; where they overlap they get rows of their own.
void Picture::stack_rows() {
  std::vector<std::int32_t> clients;
  for (const Bar& one : bars_) {
    const std::int32_t client = operation(one.operation).client;
    if (std::find(clients.begin(), clients.end(), client) == clients.end())
      clients.push_back(client);
  }
  std::sort(clients.begin(), clients.end());
  for (const std::int32_t client : clients) {
    Lane lane{client_name(history_, client), rows_, 0};
    std::vector<int> free_from;
    for (Bar& one : bars_) {
      if (operation(one.operation).client != client) continue;
      std::size_t row = 0;
      while (row < free_from.size() && free_from[row] > one.from) ++row;
      if (row == free_from.size()) free_from.push_back(0);
      free_from[row] = one.to;
      one.row = rows_ + static_cast<int>(row);
    }
    lane.rows = static_cast<int>(free_from.size());
    rows_ += lane.rows;
    lanes_.push_back(lane);
  }
}

std::string Picture::lanes() const {
  std::string text;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const int y = row_y(lanes_[i].first_row);
    if (i % 2 == 0) {
      text += "<rect x=\"0\" y=\"" + std::to_string(y) + "\" width=\"100%\" height=\"" +
              std::to_string(lanes_[i].rows * row_height) + "\" class=\"lane\"/>\n";
    }
    text += fixed_text(margin, y + row_height / 2 + 5, lanes_[i].name, 20, "name");
  }
  return text;
}

// Through a point of each operation in the order; each point lies within its bar.
std::string Picture::order_line() const {
  std::vector<const Bar*> ordered;
  for (const Bar& one : bars_) {
    if (one.number > 0) ordered.push_back(&one);
  }
  std::sort(ordered.begin(), ordered.end(),
            [](const Bar* a, const Bar* b) { return a->number < b->number; });
  std::string line;
  std::string dots;
  int x = 0;
  for (const Bar* one : ordered) {
    x = std::min(std::max(one->from + 4, x + 2), one->to - 2);
    const std::string at = std::to_string(x);
    const std::string y = std::to_string(row_y(one->row) + (row_height + bar_height) / 2);
    line += (line.empty() ? "" : " ") + at + "," + y;
    dots += "<circle cx=\"" + at + "\" cy=\"" + y + "\" r=\"3\" class=\"dot\"/>\n";
  }
  if (ordered.empty()) return {};
  return "<polyline points=\"" + line + "\" class=\"order\"/>\n" + dots;
}

std::string Picture::bar(const Bar& one) const {
  constexpr const char* styles[] = {"ordered", "misfit", "unknown", "failed", "waiting"};
  const HistoryOperation& op = operation(one.operation);
  const int y = row_y(one.row) + (row_height - bar_height) / 2;
  const std::string x = std::to_string(one.from);
  const std::string right = std::to_string(one.to);
  const std::string top = std::to_string(y);
  const std::string bottom = std::to_string(y + bar_height);
  std::string text = "<g data-operation=\"" + std::to_string(one.operation) + "\"><title>";
  text += escaped(client_name(history_, op.client) + ": " + describe(history_, op));
  if (op.line > 0) text += " (line " + std::to_string(op.line) + ")";
  text += "</title>\n";
  // Nobody knows when it ended: the bar stays open to the right.
  if (one.look == Look::unknown) {
    text += "<path d=\"M" + right + " " + top + "H" + x + "V" + bottom + "H" + right +
            "\" class=\"unknown\"/>\n";
  } else {
    text += "<rect x=\"" + x + "\" y=\"" + top + "\" width=\"" + std::to_string(one.to - one.from) +
            "\" height=\"" + std::to_string(bar_height) + "\" rx=\"4\" class=\"" +
            styles[static_cast<std::size_t>(one.look)] + "\"/>\n";
  }
  int label = one.from + 8;
  if (one.has_badge()) {
    const int width = one.badge_columns() * column_width + 8;
    const int left = one.from + 5;
    if (one.look == Look::misfit) {
      const auto line = [&](int from_y, int to_y) {
        return "<path d=\"M" + std::to_string(left + 3) + " " + std::to_string(from_y) + "L" +
               std::to_string(left + 13) + " " + std::to_string(to_y) + "\" class=\"cross\"/>\n";
      };
      text += line(y + 8, y + 18) + line(y + 18, y + 8);
    } else {
      text += "<rect x=\"" + std::to_string(left) + "\" y=\"" + std::to_string(y + 4) +
              "\" width=\"" + std::to_string(width) +
              "\" height=\"18\" rx=\"9\" class=\"badge\"/>\n";
      text += fixed_text(left + 4, y + 17, std::to_string(one.number), 9, "number");
    }
    label = left + width + 5;
  }
  return text +
         fixed_text(label, y + 18, describe(history_, op, label_text_max), label_columns_max,
                    "label") +
         "</g>\n";
}

std::string Picture::legend() const {
  struct Entry {
    Look look;
    const char* words;
  };
  constexpr Entry entries[] = {{Look::ordered, "answered, with its place in the order"},
                               {Look::misfit, "fits nowhere"},
                               {Look::unknown, "outcome unknown"},
                               {Look::failed, "failed: never happened"},
                               {Look::not_reached, "not reached"}};
  constexpr const char* styles[] = {"ordered", "misfit", "unknown", "failed", "waiting"};
  std::string text;
  int x = margin;
  for (const Entry& entry : entries) {
    const bool used = std::any_of(bars_.begin(), bars_.end(),
                                  [&](const Bar& one) { return one.look == entry.look; });
    if (!used) continue;
    text += "<rect x=\"" + std::to_string(x) + "\" y=\"62\" width=\"22\" height=\"14\" rx=\"3\" " +
            "class=\"" + styles[static_cast<std::size_t>(entry.look)] + "\"/>\n";
    if (entry.look == Look::misfit) {
      text += "<path d=\"M" + std::to_string(x + 7) + " 65l8 8m0 -8l-8 8\" class=\"cross\"/>\n";
    }
    text += fixed_text(x + 30, 74, entry.words, 60, "name");
    x += 30 + columns_of(entry.words, 60) * column_width + 28;
  }
  return text;
}

std::string Picture::caption() const {
  std::string text;
  switch (part_.ruling) {
    case Ruling::linearizable:
      text = "Linearizable";
      break;
    case Ruling::not_linearizable:
      text = "Not linearizable";
      break;
    case Ruling::unknown:
      text = "Unknown: stopped by a limit";
      break;
  }
  if (history_.object == ObjectKind::key_value &&
      static_cast<std::size_t>(part_.key) < history_.keys.size())
    text += ", key " + history_.keys[static_cast<std::size_t>(part_.key)];
  if (history_.object == ObjectKind::set) text += ", element " + std::to_string(part_.key);
  if (left_out_ > 0) text += "; " + std::to_string(left_out_) + " more operations are not shown";
  return text;
}

std::string Picture::draw() {
  choose();
  int name_columns = 0;
  for (const Bar& one : bars_) {
    name_columns = std::max(name_columns,
                            columns_of(client_name(history_, operation(one.operation).client), 20));
  }
  chart_left_ = margin + name_columns * column_width;
  place();
  stack_rows();
  std::string drawn = lanes() + order_line();
  for (const Bar& one : bars_) drawn += bar(one);
  const std::string key = legend();
  // Wide enough for its own words.
  int width = std::max(chart_right_ + margin, margin * 2 + 132 * column_width);
  const int height = row_y(rows_) + margin;
  const std::string size =
      "width=\"" + std::to_string(width) + "\" height=\"" + std::to_string(height) + "\"";
  std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " +
                     std::to_string(width) + " " + std::to_string(height) +
                     "\" role=\"img\">\n<title>" +
                     escaped(options_.title.empty() ? caption() : options_.title) + "</title>\n";
  text +=
      "<style>text{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:13px;"
      "fill:#1f2933}.head{font-size:14px;font-weight:bold}.name{fill:#3e4c59}"
      ".number{fill:#ffffff;font-weight:bold}.lane{fill:#f3f6f9}"
      ".ordered{fill:#dbeaf8;stroke:#2368a8}.waiting{fill:#ffffff;stroke:#9aa5b1}"
      ".misfit{fill:#fde3d9;stroke:#b3261e;stroke-width:3}"
      ".unknown{fill:#fdf3d6;stroke:#9a6b00;stroke-dasharray:6 3}"
      ".failed{fill:#eceff2;stroke:#7b8794;stroke-dasharray:2 3}"
      ".badge{fill:#2368a8}.cross{stroke:#b3261e;stroke-width:3;fill:none}"
      ".order{fill:none;stroke:#2368a8;stroke-opacity:0.55;stroke-width:1.5}.dot{fill:#2368a8}"
      "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  text += fixed_text(margin, 26, options_.title.empty() ? caption() : options_.title, 130, "head");
  if (!options_.title.empty()) text += fixed_text(margin, 48, caption(), 130, "name");
  return text + key + drawn + "</svg>\n";
}

}  // namespace

std::string describe(const History& history, const HistoryOperation& operation,
                     std::size_t text_bytes_max) {
  const bool known = operation.outcome == Outcome::ok;
  const std::string argument = value_text(history, operation.argument, text_bytes_max);
  std::string text(enumerator_name_of(operation.verb));
  switch (operation.verb) {
    case Verb::read:
      text += known ? " " + value_text(history, operation.result, text_bytes_max) : "";
      break;
    case Verb::cas:
      text += " " + value_text(history, operation.expected, text_bytes_max) + " to " + argument;
      if (known && operation.result == 0) text += ": refused";
      break;
    case Verb::acquire:
    case Verb::release:
      break;
    case Verb::contains:
      text += " " + argument + (!known ? "" : operation.result != 0 ? ": yes" : ": no");
      break;
    case Verb::dequeue:
      text += !known ? ""
              : operation.result == nothing
                  ? ": empty"
                  : " " + value_text(history, operation.result, text_bytes_max);
      break;
    default:
      text += " " + argument;
  }
  return text;
}

std::string client_name(const History& history, std::int32_t client) {
  const auto index = static_cast<std::size_t>(client);
  return index < history.clients.size() ? history.clients[index]
                                        : "process " + std::to_string(client);
}

const PartRuling& part_to_show(const Judgement& judgement) {
  NETSPLIT_ASSERT(!judgement.parts.empty());
  const PartRuling* best = &judgement.parts.front();
  const auto worth = [](const PartRuling& part) {
    return part.ruling == Ruling::not_linearizable ? 2 : part.ruling == Ruling::unknown ? 1 : 0;
  };
  for (const PartRuling& part : judgement.parts) {
    const bool larger = worth(part) == 0 && part.order.size() > best->order.size();
    if (worth(part) > worth(*best) || (worth(part) == worth(*best) && larger)) best = &part;
  }
  return *best;
}

std::string history_picture(const History& history, const PartRuling& part,
                            const PictureOptions& options) {
  return Picture(history, part, options).draw();
}

}  // namespace netsplit::check
