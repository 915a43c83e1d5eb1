#include "core/scenario/judge_report.h"

#include "core/base/names.h"
#include "core/check/history_object.h"
#include "core/check/history_picture.h"
#include "core/scenario/json_reader.h"

namespace netsplit {

std::string judge_json(const check::History& history, const check::Judgement& judgement,
                       const std::string& source) {
  const auto operation = [&](std::int32_t i) -> const check::HistoryOperation& {
    return history.operations[static_cast<std::size_t>(i)];
  };
  const auto clean = [](const std::string& text) {
    // A history's texts may hold any bytes; JSON may not.
    return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
  };
  Json json = Json::object();
  json["source"] = clean(source);
  json["model"] = check::name_of_object(history.object);
  json["ruling"] = std::string(enumerator_name_of(judgement.ruling));
  json["operations"] = history.operations.size();
  json["configurations"] = judgement.configurations;
  json["parts"] = Json::array();
  for (const check::PartRuling& part : judgement.parts) {
    Json one = Json::object();
    if (history.object == check::ObjectKind::key_value &&
        static_cast<std::size_t>(part.key) < history.keys.size())
      one["key"] = clean(history.keys[static_cast<std::size_t>(part.key)]);
    if (history.object == check::ObjectKind::set) one["element"] = part.key;
    one["ruling"] = std::string(enumerator_name_of(part.ruling));
    one["order"] = Json::array();
    for (const std::int32_t i : part.order) one["order"].push_back(operation(i).line);
    one["misfits"] = Json::array();
    for (const std::int32_t i : part.misfits) {
      one["misfits"].push_back(
          {{"line", operation(i).line},
           {"client", clean(check::client_name(history, operation(i).client))},
           {"operation", clean(check::describe(history, operation(i), SIZE_MAX))}});
    }
    if (part.stopped_at >= 0) one["stopped_at"] = operation(part.stopped_at).line;
    json["parts"].push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

}  // namespace netsplit
