#pragma once
// Everything that the catalogue holds about an account, as it is stored, without passwords and hashes of tokens and logins. In pages:
// memory is bounded by a piece and a page, and no transaction stays open between them.

#include "core/id.hpp"
#include "core/sha256.hpp"
#include "services/store/database.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cairn::store {

inline constexpr std::size_t kExportPiece = 1 << 20;   ///< bytes of text held at once, and a page of rows more

/// Rows as JSON lines, table by table.
class ExportedRows {
 public:
  explicit ExportedRows(AccountId account) : account_{account} {}

  struct Piece {
    std::string name;    ///< "frames-0001.jsonl"
    std::string lines;
  };
  /// Nothing after the last.
  std::optional<Piece> next(Session&);

 private:
  bool add_page(Session&, std::string& lines);

  AccountId account_;
  std::optional<std::vector<std::string>> sets_;   ///< the account's upload sets, once they are known: 36 bytes each
  std::size_t table_ = 0;
  std::size_t set_ = 0;
  std::string after_;                              ///< key of the last row that was read
  bool table_done_ = false;
  int number_ = 0;                                 ///< of the table's last piece
};

/// An original that a file of the account names: its blob, and a name for it ("<file id>-<name as sent>", with _ for slashes and all
/// that is no printable ASCII).
struct Original {
  Sha256 content;
  std::string name;
};
/// A page of them, by the digests of their blobs; the first ones after an empty one.
std::vector<Original> originals_after(Session&, AccountId account, const std::string& content);

}  // namespace cairn::store
