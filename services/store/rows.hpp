#pragma once
// Reading rows without minding which integer type a backend chose. Included by .cpp files only.

#include "core/id.hpp"
#include "core/lat_lon.hpp"
#include "core/reason.hpp"
#include "core/sha256.hpp"
#include "core/time.hpp"
#include "services/store/filter.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn::store {

inline std::optional<std::int64_t> maybe_int(const soci::row& row, const char* name) {
  if (row.get_indicator(name) == soci::i_null) return std::nullopt;
  switch (row.get_properties(name).get_data_type()) {
    case soci::dt_integer: return row.get<int>(name);
    case soci::dt_long_long: return row.get<long long>(name);
    case soci::dt_unsigned_long_long: return static_cast<std::int64_t>(row.get<unsigned long long>(name));
    case soci::dt_double: return static_cast<std::int64_t>(row.get<double>(name));
    default: return std::stoll(row.get<std::string>(name));
  }
}
inline std::int64_t int_of(const soci::row& row, const char* name) { return maybe_int(row, name).value_or(0); }

inline std::optional<double> maybe_double(const soci::row& row, const char* name) {
  if (row.get_indicator(name) == soci::i_null) return std::nullopt;
  switch (row.get_properties(name).get_data_type()) {
    case soci::dt_double: return row.get<double>(name);
    case soci::dt_string: return std::stod(row.get<std::string>(name));
    default: return static_cast<double>(int_of(row, name));
  }
}
inline double double_of(const soci::row& row, const char* name) { return maybe_double(row, name).value_or(0); }

inline std::optional<std::string> maybe_text(const soci::row& row, const char* name) {
  if (row.get_indicator(name) == soci::i_null) return std::nullopt;
  return row.get<std::string>(name);
}
inline std::string text_of_row(const soci::row& row, const char* name) { return maybe_text(row, name).value_or(""); }

inline UtcTime time_of(const soci::row& row, const char* name) { return time_from_micros(int_of(row, name)); }
inline std::optional<UtcTime> maybe_time(const soci::row& row, const char* name) {
  const auto micros = maybe_int(row, name);
  return micros ? std::optional{time_from_micros(*micros)} : std::nullopt;
}

inline LatLon place_at(std::int64_t lat_e7, std::int64_t lon_e7) { return LatLon::from_e7(lat_e7, lon_e7).value_or(LatLon{}); }
/// The columns `lat_e7` and `lon_e7`.
inline LatLon place_of(const soci::row& row) { return place_at(int_of(row, "lat_e7"), int_of(row, "lon_e7")); }

/// The columns `reason` and `detail`.
inline std::optional<Refusal> maybe_refusal(const soci::row& row) {
  const auto reason = reason_from_code(text_of_row(row, "reason"));
  return reason ? std::optional{Refusal{*reason, text_of_row(row, "detail")}} : std::nullopt;
}

/// An id from a column that we wrote ourselves; a value that is none means the catalogue is damaged.
template <class AnyId>
AnyId id_in(const std::string& text, const char* name) {
  const auto id = AnyId::parse(text);
  if (!id) throw std::runtime_error{std::string{"the catalogue holds '"} + text + "' where an id belongs (" + name + "): restore a backup"};
  return *id;
}
template <class AnyId>
AnyId id_of(const soci::row& row, const char* name) {
  return id_in<AnyId>(text_of_row(row, name), name);
}
template <class AnyId>
AnyId id_from(const soci::row& row) {
  return id_of<AnyId>(row, "id");
}
template <class AnyId>
std::optional<AnyId> maybe_id(const soci::row& row, const char* name) {
  const auto text = maybe_text(row, name);
  return text ? AnyId::parse(*text) : std::nullopt;
}

inline std::optional<Sha256> maybe_digest(const soci::row& row, const char* name) {
  return Sha256::from_hex(text_of_row(row, name));
}
inline Sha256 digest_of(const soci::row& row, const char* name) { return maybe_digest(row, name).value_or(Sha256{}); }

/// What `read` makes of each row.
template <class Read>
auto all_from(soci::rowset<soci::row> rows, const Read& read) {
  std::vector<std::invoke_result_t<const Read&, const soci::row&>> all;
  for (const auto& row : rows) all.push_back(read(row));
  return all;
}
/// The same of columns with these types, in the query's order and none of them null. For queries that read a map's worth of rows: finding columns
/// by name and copying their texts takes SOCI longer than SQLite takes for the row.
template <class... Columns, class Read>
auto all_of_columns(soci::details::prepare_temp_type prepared, const Read& read) {
  std::tuple<Columns...> columns;
  std::apply([&](auto&... column) { (static_cast<void>((prepared, soci::into(column))), ...); }, columns);
  soci::statement statement{prepared};
  statement.execute();
  std::vector<std::invoke_result_t<const Read&, const Columns&...>> all;
  while (statement.fetch()) all.push_back(std::apply(read, std::as_const(columns)));
  return all;
}
/// What `read` makes of the first row; nothing when there is none.
template <class Read>
auto first_from(soci::rowset<soci::row> rows, const Read& read) {
  std::optional<std::invoke_result_t<const Read&, const soci::row&>> first;
  if (const auto row = rows.begin(); row != rows.end()) first = read(*row);
  return first;
}

/// A value to bind that may be null: `use(bound.value, bound.indicator)`.
template <class T>
struct Bound {
  T value{};
  mutable soci::indicator indicator = soci::i_null;  // SOCI takes it by reference, and only reads it
};
inline Bound<std::string> bound(const std::optional<std::string>& text) {
  return text ? Bound<std::string>{*text, soci::i_ok} : Bound<std::string>{};
}
template <class Tag>
Bound<std::string> bound(const std::optional<Id<Tag>>& id) {
  return id ? Bound<std::string>{id->text(), soci::i_ok} : Bound<std::string>{};
}
inline Bound<int> bound(const std::optional<int>& number) { return number ? Bound<int>{*number, soci::i_ok} : Bound<int>{}; }
inline Bound<long long> bound(const std::optional<std::int64_t>& number) {
  return number ? Bound<long long>{*number, soci::i_ok} : Bound<long long>{};
}
inline Bound<double> bound(const std::optional<double>& number) {
  return number ? Bound<double>{*number, soci::i_ok} : Bound<double>{};
}
inline Bound<long long> bound(const std::optional<UtcTime>& time) {
  return time ? Bound<long long>{micros_of(*time), soci::i_ok} : Bound<long long>{};
}
inline Bound<std::string> bound(const std::optional<Sha256>& digest) {
  return digest ? Bound<std::string>{digest->hex(), soci::i_ok} : Bound<std::string>{};
}

inline Bound<std::string> bound_reason(const std::optional<Refusal>& refusal) {
  return refusal ? Bound<std::string>{std::string{code_of(refusal->reason)}, soci::i_ok} : Bound<std::string>{};
}
inline Bound<std::string> bound_detail(const std::optional<Refusal>& refusal) {
  return refusal ? Bound<std::string>{refusal->detail, soci::i_ok} : Bound<std::string>{};
}

/// Binds what a filter compares with to its places.
inline void bind(const Filter& filter, soci::details::prepare_temp_type& prepared) {
  for (std::size_t i = 0; i < filter.texts.size(); ++i) prepared, soci::use(filter.texts[i], "f" + std::to_string(i));
}

}  // namespace cairn::store
