#include "core/api/codec.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace orrery::api::codec {
namespace {

template <class T>
T& at(void* p) {
  return *static_cast<T*>(p);
}
template <class T>
const T& at(const void* p) {
  return *static_cast<const T*>(p);
}

template <class T>
void decode_int(const Json& from, void* to, Decoder& d) {
  if (!from.is_number_integer()) {
    // JSON numbers such as 5.0 are integers to Go's decoder only when written so; floats are not.
    d.fail(sizeof(T) == 4 ? "int32" : "int64", from);
    return;
  }
  const auto value = from.get<std::int64_t>();
  const bool wrapped = from.is_number_unsigned() && value < 0;  // past the signed range
  if (wrapped || value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
    d.fail(sizeof(T) == 4 ? "int32" : "int64", from);
    return;
  }
  at<T>(to) = static_cast<T>(value);
}

const std::string* text_of(const Json& from, Decoder& d) {
  if (from.is_string()) return from.get_ptr<const std::string*>();
  d.fail("string", from);
  return nullptr;
}

void decode_time(const Json& from, void* to, Decoder& d) {
  const std::string* text = text_of(from, d);
  if (!text || text->empty()) return;
  Result<Time> time = parse_rfc3339(*text);
  if (!time.ok()) {
    d.fail("time", from);
    return;
  }
  at<Time>(to) = *time;
}

// Walks one object against one level of the table's tree; what it does not know goes to `extra`.
void decode_branch(const Structure& s, const Structure::Branch& branch, const Json& from, void* to,
                   Decoder& d, Json& extra) {
  for (const auto& [key, value] : from.items()) {
    const auto child = branch.children.find(key);
    if (child == branch.children.end()) {
      if (!s.skips || !s.skips(key, value)) extra[key] = value;
      continue;
    }
    if (value.is_null()) continue;
    d.enter(key);
    if (child->second.leaf) {
      const Field& f = *child->second.leaf;
      f.ops->decode(value, f.member(to), d);
    } else if (!value.is_object()) {
      d.fail("object", value);
    } else {
      Json rest;
      decode_branch(s, child->second, value, to, d, rest);
      if (!rest.is_null()) extra[key] = std::move(rest);
    }
    d.leave();
  }
}

}  // namespace

void Decoder::fail(std::string_view wanted, const Json& got) {
  if (!ok()) return;
  std::string path;
  for (const std::string& step : path_) {
    if (!path.empty() && step.front() != '[') path += '.';
    path += step;
  }
  error_ = fmt::format("json: cannot unmarshal {} into field {} of type {}", got.type_name(), path,
                       wanted);
}

void Structure::finish() {
  for (const Field& f : fields) {
    Branch* branch = &tree;
    std::string_view rest = f.name;
    for (std::size_t dot; (dot = rest.find('.')) != std::string_view::npos;) {
      branch = &branch->children[std::string(rest.substr(0, dot))];
      rest.remove_prefix(dot + 1);
    }
    branch->children[std::string(rest)].leaf = &f;
  }
}

Structure make(std::vector<Field> fields, RawRef* (*extra)(void*)) {
  Structure s;
  s.fields = std::move(fields);
  s.extra = extra;
  s.finish();
  return s;
}

void decode_structure(const Structure& s, const Json& from, void* to, Decoder& d) {
  if (!from.is_object()) {
    d.fail("object", from);
    return;
  }
  Json extra;
  decode_branch(s, s.tree, from, to, d, extra);
  if (s.extra && !extra.is_null()) *s.extra(to) = RawRef(std::move(extra));
  if (s.after_decode) s.after_decode(from, to);
}

void encode_structure(const Structure& s, const void* from, Json& to) {
  void* object = const_cast<void*>(from);  // members are read only
  to = Json::object();
  if (s.extra) {
    if (const RawRef& extra = *s.extra(object); extra) to = extra.json();
  }
  for (const Field& f : s.fields) {
    const void* member = f.member(object);
    if (!f.always && f.ops->is_empty(member)) continue;
    Json* place = &to;
    std::string_view rest = f.name;
    for (std::size_t dot; (dot = rest.find('.')) != std::string_view::npos;) {
      place = &(*place)[std::string(rest.substr(0, dot))];
      rest.remove_prefix(dot + 1);
    }
    f.ops->encode(member, (*place)[std::string(rest)]);
  }
  if (s.after_encode) s.after_encode(from, to);
}

bool is_list(const Json& from, Decoder& d) {
  if (from.is_array()) return true;
  d.fail("array", from);
  return false;
}

const TypeOps Ops<bool>::table = {[](const Json& from, void* to, Decoder& d) {
                                    if (!from.is_boolean()) return d.fail("bool", from);
                                    at<bool>(to) = from.get<bool>();
                                  },
                                  [](const void* from, Json& to) { to = at<bool>(from); },
                                  [](const void* value) { return !at<bool>(value); }};

const TypeOps Ops<std::int32_t>::table = {
    decode_int<std::int32_t>, [](const void* from, Json& to) { to = at<std::int32_t>(from); },
    [](const void* value) { return at<std::int32_t>(value) == 0; }};

const TypeOps Ops<std::int64_t>::table = {
    decode_int<std::int64_t>, [](const void* from, Json& to) { to = at<std::int64_t>(from); },
    [](const void* value) { return at<std::int64_t>(value) == 0; }};

const TypeOps Ops<Symbol>::table = {[](const Json& from, void* to, Decoder& d) {
                                      if (const std::string* text = text_of(from, d))
                                        at<Symbol>(to) = Symbol(*text);
                                    },
                                    [](const void* from, Json& to) { to = at<Symbol>(from).str(); },
                                    [](const void* value) { return at<Symbol>(value).empty(); }};

const TypeOps Ops<Text>::table = {[](const Json& from, void* to, Decoder& d) {
                                    if (const std::string* text = text_of(from, d))
                                      at<Text>(to) = Text(*text);
                                  },
                                  [](const void* from, Json& to) { to = at<Text>(from).str(); },
                                  [](const void* value) { return at<Text>(value).empty(); }};

const TypeOps Ops<Time>::table = {
    decode_time, [](const void* from, Json& to) { to = format_rfc3339(at<Time>(from)); },
    [](const void* value) { return !is_set(at<Time>(value)); }};

const TypeOps kMicroTime = {
    decode_time, [](const void* from, Json& to) { to = format_rfc3339_micro(at<Time>(from)); },
    [](const void* value) { return !is_set(at<Time>(value)); }};

const TypeOps kRevision = {
    [](const Json& from, void* to, Decoder& d) {
      const std::string* text = text_of(from, d);
      if (!text || text->empty()) return;
      Revision value = 0;
      const auto r = std::from_chars(text->data(), text->data() + text->size(), value);
      if (r.ec != std::errc() || r.ptr != text->data() + text->size())
        return d.fail("revision", from);
      at<Revision>(to) = value;
    },
    [](const void* from, Json& to) { to = std::to_string(at<Revision>(from)); },
    [](const void* value) { return at<Revision>(value) == 0; }};

const TypeOps Ops<Uid>::table = {[](const Json& from, void* to, Decoder& d) {
                                   if (const std::string* text = text_of(from, d))
                                     at<Uid>(to) = Uid::parse(*text);
                                 },
                                 [](const void* from, Json& to) { to = at<Uid>(from).str(); },
                                 [](const void* value) { return at<Uid>(value).empty(); }};

const TypeOps Ops<LabelSet>::table = {
    [](const Json& from, void* to, Decoder& d) {
      if (!from.is_object()) return d.fail("map[string]string", from);
      Labels labels;
      for (const auto& [key, value] : from.items()) {
        if (value.is_null()) {
          labels.set(Symbol(key), Symbol());
        } else if (const std::string* text = text_of(value, d)) {
          labels.set(Symbol(key), Symbol(*text));
        }
      }
      at<LabelSet>(to) = LabelSet(std::move(labels));
    },
    [](const void* from, Json& to) {
      to = Json::object();
      for (const auto& [key, value] : at<LabelSet>(from)->entries()) to[key.str()] = value.str();
    },
    [](const void* value) { return at<LabelSet>(value).empty(); }};

const TypeOps Ops<TextMap>::table = {[](const Json& from, void* to, Decoder& d) {
                                       if (!from.is_object())
                                         return d.fail("map[string]string", from);
                                       TextMap map;
                                       for (const auto& [key, value] : from.items()) {
                                         if (value.is_null()) {
                                           set(map, key, "");
                                         } else if (const std::string* text = text_of(value, d)) {
                                           set(map, key, *text);
                                         }
                                       }
                                       at<TextMap>(to) = std::move(map);
                                     },
                                     [](const void* from, Json& to) {
                                       to = Json::object();
                                       for (const auto& [key, value] : at<TextMap>(from))
                                         to[key.str()] = value.str();
                                     },
                                     [](const void* value) { return at<TextMap>(value).empty(); }};

const TypeOps Ops<Quantity>::table = {
    [](const Json& from, void* to, Decoder& d) {
      const std::string text = from.is_number() ? from.dump() : "";
      const std::string* given = from.is_number() ? &text : text_of(from, d);
      if (!given) return;
      std::string_view digits = *given;  // may stand between spaces
      while (digits.starts_with(' ')) digits.remove_prefix(1);
      while (digits.ends_with(' ')) digits.remove_suffix(1);
      Result<Quantity> quantity = Quantity::parse(digits);
      if (!quantity.ok()) return d.fail("quantity", from);
      at<Quantity>(to) = *quantity;
    },
    [](const void* from, Json& to) { to = at<Quantity>(from).to_string(); }, never_empty<Quantity>};

const TypeOps Ops<ResourceList>::table = {
    [](const Json& from, void* to, Decoder& d) {
      if (!from.is_object()) return d.fail("resource list", from);
      for (const auto& [key, value] : from.items()) {
        Quantity quantity;
        d.enter(key);
        Ops<Quantity>::table.decode(value, &quantity, d);
        d.leave();
        at<ResourceList>(to).set(Symbol(key), quantity);
      }
    },
    [](const void* from, Json& to) {
      to = Json::object();
      for (const auto& [name, quantity] : at<ResourceList>(from)) {
        to[name.str()] = quantity.to_string();
      }
    },
    [](const void* value) { return at<ResourceList>(value).empty(); }};

const TypeOps Ops<RawRef>::table = {
    [](const Json& from, void* to, Decoder&) { at<RawRef>(to) = RawRef(from); },
    [](const void* from, Json& to) { to = at<RawRef>(from).json(); },
    [](const void* value) { return !at<RawRef>(value); }};

const TypeOps Ops<IntOrString>::table = {
    [](const Json& from, void* to, Decoder& d) {
      if (from.is_string()) {
        at<IntOrString>(to) = IntOrString(std::string_view(from.get_ref<const std::string&>()));
        return;
      }
      std::int32_t number = 0;
      decode_int<std::int32_t>(from, &number, d);
      at<IntOrString>(to) = IntOrString(number);
    },
    [](const void* from, Json& to) {
      const auto& value = at<IntOrString>(from);
      if (value.is_text()) {
        to = std::string(value.text());
      } else {
        to = value.int_value();
      }
    },
    [](const void* value) { return at<IntOrString>(value) == IntOrString(); }};

namespace {

void decode_requirement(const Json& from, LabelSelectorRequirement& to, Decoder& d) {
  if (!from.is_object()) return d.fail("object", from);
  const auto member = [&](const char* name) {
    const auto it = from.find(name);
    const bool absent = it == from.end() || it->is_null();
    const std::string* text = absent ? nullptr : text_of(*it, d);
    return text ? Symbol(*text) : Symbol();
  };
  to.key = member("key");
  to.operator_ = member("operator");
  const auto values = from.find("values");
  if (values == from.end() || values->is_null() || !is_list(*values, d)) return;
  for (const Json& v : *values) {
    if (const std::string* text = text_of(v, d)) to.values.push_back(Symbol(*text));
  }
}

}  // namespace

const TypeOps Ops<LabelSelector>::table = {
    [](const Json& from, void* to, Decoder& d) {
      auto& selector = at<LabelSelector>(to);
      if (!from.is_object()) return d.fail("object", from);
      if (const auto labels = from.find("matchLabels");
          labels != from.end() && !labels->is_null()) {
        if (!labels->is_object()) return d.fail("map[string]string", *labels);
        for (const auto& [key, value] : labels->items()) {  // nlohmann's maps are sorted by key
          if (const std::string* text = text_of(value, d)) {
            selector.match_labels.emplace_back(Symbol(key), Symbol(*text));
          }
        }
      }
      const auto terms = from.find("matchExpressions");
      if (terms == from.end() || terms->is_null() || !is_list(*terms, d)) return;
      for (const Json& one : *terms) {
        decode_requirement(one, selector.match_expressions.emplace_back(), d);
      }
    },
    [](const void* from, Json& to) {
      const auto& selector = at<LabelSelector>(from);
      to = Json::object();
      for (const auto& [key, value] : selector.match_labels) {
        to["matchLabels"][key.str()] = value.str();
      }
      for (const LabelSelectorRequirement& r : selector.match_expressions) {
        Json one = {{"key", r.key.str()}, {"operator", r.operator_.str()}};
        for (const Symbol v : r.values) one["values"].push_back(v.str());
        to["matchExpressions"].push_back(std::move(one));
      }
    },
    [](const void* value) { return at<LabelSelector>(value).empty(); }};

}  // namespace orrery::api::codec
