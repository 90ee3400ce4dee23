#include "services/gateway/panoramax/cql2.hpp"

#include "services/gateway/http/http.hpp"
#include "services/gateway/links.hpp"
#include "services/gateway/panoramax/cql2_text.hpp"

#include <algorithm>

// The text becomes the JSON form first, so that there is one way from a filter to SQL.

namespace cairn::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = 8192;
constexpr int kMostComparisons = 64;

class Writer {
 public:
  explicit Writer(const FilterWords& words) : words_{words} {}

  store::Filter filter(const json& tree) {
    filter_.condition = condition(tree, 0);
    return std::move(filter_);
  }

 private:
  std::string condition(const json& tree, int depth) {
    if (depth > kDeepestFilter) throw WrongFilter{"it is nested too deep"};
    if (!tree.is_object() || !tree.contains("op") || !tree["op"].is_string() || !tree.contains("args") || !tree["args"].is_array())
      throw WrongFilter{"each part needs an op and args"};
    const std::string op = tree["op"];
    const auto& args = tree["args"];
    if (op == "and" || op == "or") return joined(op, args, depth);
    if (op == "not" && args.size() == 1) return "not (" + condition(args[0], depth + 1) + ")";
    if (++comparisons_ > kMostComparisons) throw WrongFilter{"it has too many comparisons"};
    if (op == "isNull" && args.size() == 1) return is_null(property_of(args[0]));
    if (args.size() == 2 && op == "in" && args[1].is_array() && !args[1].empty()) return one_of(property_of(args[0]), args[1]);
    constexpr std::string_view kSigns[] = {"=", "<>", "<", ">", "<=", ">="};
    if (args.size() == 2 && std::ranges::find(kSigns, std::string_view{op}) != std::end(kSigns)) return compared(property_of(args[0]), op, args[1]);
    throw WrongFilter{"the operator '" + op + "' is not known here, or has the wrong number of args"};
  }

  std::string joined(const std::string& op, const json& args, int depth) {
    if (args.empty()) throw WrongFilter{op + " needs args"};
    std::string text;
    for (const auto& arg : args) text += (text.empty() ? "(" : " " + op + " ") + condition(arg, depth + 1);
    return text + ")";
  }

  static std::string property_of(const json& arg) {
    if (!arg.is_object() || !arg.contains("property") || !arg["property"].is_string()) throw WrongFilter{"a comparison begins with a property"};
    return arg["property"];
  }
  const FilterWords::Word& word(const std::string& name) const {
    const auto found = std::ranges::find(words_.words, std::string_view{name}, &FilterWords::Word::name);
    if (found == words_.words.end()) throw WrongFilter{"the property '" + name.substr(0, 60) + "' can't be asked about: see queryables"};
    return *found;
  }
  std::optional<std::string> tag_key(const std::string& name) const {
    if (words_.subject.empty() || !name.starts_with("semantics.") || name.size() == 10) return std::nullopt;
    return name.substr(10);
  }
  std::string has_tag(const std::string& key, const std::string& value_condition) {
    return "exists (select 1 from tags where tags.subject = " + std::string{words_.subject} + " and tags.key = " + place(key) + value_condition + ")";
  }

  std::string is_null(const std::string& name) {
    if (const auto key = tag_key(name)) return "not " + has_tag(*key, "");
    if (name == "semantics" && !words_.subject.empty()) return "not exists (select 1 from tags where tags.subject = " + std::string{words_.subject} + ")";
    return std::string{word(name).column} + " is null";
  }
  std::string one_of(const std::string& name, const json& values) {
    std::string text;
    for (const auto& value : values) {
      if (++comparisons_ > kMostComparisons) throw WrongFilter{"it has too many comparisons"};
      text += (text.empty() ? "(" : " or ") + compared(name, "=", value);
    }
    return text + ")";
  }
  std::string compared(const std::string& name, const std::string& sign, const json& value) {
    if (const auto key = tag_key(name)) {
      if (!value.is_string() || (sign != "=" && sign != "<>")) throw WrongFilter{"tags are compared with texts, by = or <>"};
      return (sign == "<>" ? "not " : "") + has_tag(*key, " and tags.value = " + place(value));
    }
    const auto& known = word(name);
    const std::string column{known.column};
    using Kind = FilterWords::Word::Kind;
    switch (known.kind) {
      case Kind::flag:
        if (!value.is_boolean() || sign != "=") throw WrongFilter{name + " is compared with TRUE or FALSE, by ="};
        return column + (value.get<bool>() ? " is not null" : " is null");
      case Kind::number:
        if (!value.is_number()) throw WrongFilter{name + " is compared with a number"};
        return column + " " + sign + " " + json(value.get<double>()).dump();
      case Kind::text:
        if (!value.is_string()) throw WrongFilter{name + " is compared with a text"};
        return column + " " + sign + " " + place(value);
      case Kind::time: return column + " " + sign + " " + std::to_string(micros_of(time_in(name, value)));
    }
    throw WrongFilter{"a property of no kind"};
  }
  static UtcTime time_in(const std::string& name, json value) {
    for (const char* wrapper : {"timestamp", "date"}) {
      if (value.is_object() && value.contains(wrapper)) value = json(value[wrapper]);
    }
    std::string text = value.is_string() ? value.get<std::string>() : "";
    if (text.size() == 10) text += "T00:00:00Z";
    const auto span = time_span_from(text);
    if (!span || !span->after) throw WrongFilter{name + " is compared with a time such as '2026-05-01T12:00:00Z'"};
    return *span->after;
  }
  std::string place(const std::string& text) {
    if (!is_plain_text(text)) throw WrongFilter{"a text holds control characters or no UTF-8"};
    filter_.texts.push_back(text);
    return ":f" + std::to_string(filter_.texts.size() - 1);
  }

  const FilterWords& words_;
  store::Filter filter_;
  int comparisons_ = 0;
};

std::string sentence(const WrongFilter& wrong) { return std::string{"filter can't be read: "} + wrong.what(); }

}  // namespace

std::variant<store::Filter, std::string> filter_from_json(const json& tree, const FilterWords& words) {
  try {
    return Writer{words}.filter(tree);
  } catch (const WrongFilter& wrong) {
    return sentence(wrong);
  }
}

std::variant<store::Filter, std::string> filter_from_text(std::string_view text, const FilterWords& words) {
  if (text.size() > kLongestText) return "filter is longer than 8192 bytes";
  try {
    return filter_from_json(filter_tree_of(text), words);
  } catch (const WrongFilter& wrong) {
    return sentence(wrong);
  }
}

}  // namespace cairn::gateway
