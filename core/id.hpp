#pragma once

#include "core/sha256.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace cairn {

/// 128 bits written as RFC 9562 prescribes: 8-4-4-4-12 lower-case hexadecimal digits.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// Nothing unless the text has the 36-character form (digits in either case).
  static std::optional<Uuid> parse(std::string_view text);
  /// Version 8 (made by a rule of our own): the first 128 bits of a digest with version and variant set.
  static Uuid from_digest(const Sha256& digest);
  /// Version 4 (random), from the operating system's generator. For things that have no content to be named after.
  static Uuid random();

  std::string text() const;
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// An id that can be mixed up only with its own kind.
template <class Tag>
struct Id {
  Uuid uuid;

  static std::optional<Id> parse(std::string_view text) {
    const auto uuid = Uuid::parse(text);
    return uuid ? std::optional<Id>{Id{*uuid}} : std::nullopt;
  }
  /// The same parts give the same id on every machine (law 5). Parts are length-delimited, so ("ab","c") differs from ("a","bc").
  static Id derived_from(std::initializer_list<std::string_view> parts);
  static Id random() { return Id{Uuid::random()}; }

  std::string text() const { return uuid.text(); }
  friend auto operator<=>(const Id&, const Id&) = default;
};

/// The digest of length-delimited parts: what derived ids are made of.
Sha256 digest_of_parts(std::initializer_list<std::string_view> parts);

template <class Tag>
Id<Tag> Id<Tag>::derived_from(std::initializer_list<std::string_view> parts) {
  return Id{Uuid::from_digest(digest_of_parts(parts))};
}

using AccountId = Id<struct AccountTag>;      ///< a contributor, consumer or operator
using UploadSetId = Id<struct UploadSetTag>;  ///< what somebody sent in one go
using FileId = Id<struct FileTag>;            ///< one received file of a set
using FrameId = Id<struct FrameTag>;          ///< one picture with time and place; `picture` in the Panoramax API
using SequenceId = Id<struct SequenceTag>;    ///< frames of one device in one go; `collection` in the Panoramax API
using SightingId = Id<struct SightingTag>;    ///< one feature seen in one sequence
using FeatureId = Id<struct FeatureTag>;      ///< one thing on the map

}  // namespace cairn

template <>
struct std::hash<cairn::Uuid> {
  std::size_t operator()(const cairn::Uuid& uuid) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()});
  }
};
template <class Tag>
struct std::hash<cairn::Id<Tag>> {
  std::size_t operator()(const cairn::Id<Tag>& id) const noexcept { return std::hash<cairn::Uuid>{}(id.uuid); }
};
