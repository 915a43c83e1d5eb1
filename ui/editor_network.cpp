// The editor's network: settings of every link, and the links that differ from them.
#include "ui/editor.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

std::vector<std::string> latency_words() {
  return {std::string(t().latency_fixed), std::string(t().latency_uniform),
          std::string(t().latency_exponential), std::string(t().latency_long_tail)};
}

// A link's number, with how the editor offers it.
struct LinkField {
  const char* name;
  std::string_view label, sentence;
  Unit unit;
  std::int64_t high;
  std::int64_t LinkSpec::*member;
};

void exception_details(Editing& edit, std::size_t at) {
  const LinkException& shown = edit.setup().links[at];
  const std::string prefix = "link." + std::to_string(at);
  if (const bool both = toggle(edit.model.controls, prefix + ".both", labelled(edit, t().both_ways),
                               shown.both_ways);
      both != shown.both_ways)
    edit.change("").setup.links[at].both_ways = both;
  edit.column.skip(4);
  LinkSpec link = shown.link;
  if (link_rows(edit, prefix, link, false))
    edit.change(edit.by, edit.typed).setup.links[at].link = link;
}

void exceptions(Editing& edit) {
  const NodeIndex index(edit.setup().nodes);
  edit.column.heading(t().link_exceptions);
  const auto& links = edit.setup().links;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const std::string arrow = links[i].both_ways ? " \xE2\x80\x93 " : " \xE2\x86\x92 ";
    const std::string label = index.name(links[i].from) + arrow + index.name(links[i].to);
    const Rect r = edit.column.take(edit.row_height());
    const bool open = edit.state.link == i;
    const std::string name = "link." + std::to_string(i);
    if (button(edit.model.controls, name, {r.x, r.y, r.w - r.h - px(4), r.h},
               {.icon = open ? Icon::chevron_down : Icon::chevron_right,
                .label = label,
                .left = true}))
      edit.state.link = open ? none_open : i;
    if (button(edit.model.controls, name + ".remove", {r.right() - r.h, r.y, r.h, r.h},
               {.icon = Icon::trash, .tip = t().remove, .plain = true})) {
      auto& all = edit.change("").setup.links;
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
      edit.state.link = none_open;
      return;
    }
    edit.column.skip(6);
    if (open) exception_details(edit, i);
  }
  std::string entered;
  if (!text_row(edit, "link.new", t().add_link, "", entered, t().add_link_hint)) return;
  const auto nodes = parse_nodes(entered, index);
  if (!nodes || nodes.value().size() != 2) {
    edit.fields.refuse("link.new", entered,
                       std::string(nodes ? std::string(t().two_nodes) : nodes.error()));
    return;
  }
  Setup& setup = edit.change("link.new", entered).setup;
  setup.links.push_back({nodes.value()[0], nodes.value()[1], true, setup.network.link});
  edit.state.link = setup.links.size() - 1;
}

}  // namespace

bool link_rows(Editing& edit, const std::string& prefix, LinkSpec& link, bool explained) {
  bool changed = false;
  const auto take = [&](const std::string& name, const ParameterInfo& info, std::int64_t value) {
    edit.by = name;
    edit.typed = field_text(info, value);
    changed = true;
    return value;
  };
  const auto row = [&](const char* what, std::string_view label, const ParameterInfo& info,
                       std::int64_t value) {
    const std::string name = prefix + "." + what;
    const auto wanted = value_row(edit, {name, std::string(label), info, value, explained});
    return wanted ? take(name, info, *wanted) : value;
  };
  const ParameterInfo model{"latency", t().about_latency, Unit::choice, 0, 3, 0, latency_words()};
  link.latency.model = static_cast<LatencyModel>(
      row("latency", t().latency_word, model, static_cast<std::int64_t>(link.latency.model)));
  const bool fixed = link.latency.model == LatencyModel::fixed;
  const ParameterInfo base{"base",
                           fixed ? t().about_fixed : t().about_base,
                           Unit::time,
                           0,
                           latency_max_us,
                           link.latency.base_us,
                           {}};
  link.latency.base_us =
      row("base", fixed ? t().fixed_word : t().base_word, base, link.latency.base_us);
  if (link.latency.model != LatencyModel::fixed) {
    const std::array<std::string_view, 4> about{
        "", t().about_spread_uniform, t().about_spread_exponential, t().about_spread_long_tail};
    const ParameterInfo spread{"spread",
                               about[static_cast<std::size_t>(link.latency.model)],
                               Unit::time,
                               0,
                               latency_max_us,
                               link.latency.spread_us,
                               {}};
    link.latency.spread_us = row("spread", t().spread_word, spread, link.latency.spread_us);
  }
  const std::array<LinkField, 5> numbers{{
      {"loss", t().loss_word, t().about_loss, Unit::ppm, 1'000'000, &LinkSpec::loss_ppm},
      {"duplicate", t().duplicate_word, t().about_duplicate, Unit::ppm, 1'000'000,
       &LinkSpec::duplicate_ppm},
      {"tamper", t().tamper_word, t().about_tamper, Unit::ppm, 1'000'000, &LinkSpec::tamper_ppm},
      {"bandwidth", t().bandwidth_word, t().about_bandwidth, Unit::count, 1'000'000'000'000,
       &LinkSpec::bytes_per_second},
      {"price", t().price_word, t().about_price, Unit::count, 1'000'000'000,
       &LinkSpec::nanocents_per_byte},
  }};
  for (const LinkField& each : numbers) {
    const ParameterInfo info{each.name, each.sentence, each.unit, 0, each.high, 0, {}};
    link.*each.member = row(each.name, each.label, info, link.*each.member);
  }
  const ParameterInfo fifo{"fifo", t().about_fifo, Unit::flag, 0, 1, 0, {}};
  link.fifo = row("fifo", t().fifo_word, fifo, link.fifo ? 1 : 0) != 0;
  return changed;
}

void edit_network(Editing& edit) {
  const NetworkSpec& network = edit.setup().network;
  LinkSpec link = network.link;
  if (link_rows(edit, "network", link, true))
    edit.change(edit.by, edit.typed).setup.network.link = link;
  const ParameterInfo on_cut{"on_cut",
                             t().about_on_cut,
                             Unit::choice,
                             0,
                             1,
                             0,
                             {std::string(t().cut_loses), std::string(t().cut_holds)}};
  if (const auto value = value_row(edit, {"network.on_cut", std::string(t().on_cut_word), on_cut,
                                          static_cast<std::int64_t>(network.on_cut)}))
    edit.change("network.on_cut").setup.network.on_cut = static_cast<OnCut>(*value);
  edit.column.skip(8);
  exceptions(edit);
}

}  // namespace netsplit::ui
