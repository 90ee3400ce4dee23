#pragma once
// The one way in: a file that arrived whole, by whichever protocol, becomes a durable blob, a row and a decode job.

#include "ingest/decode_file.hpp"
#include "services/gateway/context.hpp"
#include "services/gateway/receive/content_hash.hpp"
#include "services/store/files.hpp"
#include "services/store/uploads.hpp"

#include <functional>
#include <optional>
#include <string>

namespace cairn::gateway {

struct Delivery {
  std::string name;                   ///< plain text of at most 255 bytes, unique in its set
  store::BlobStore::Incoming bytes;   ///< in the private name space
  ContentNames names;                 ///< of the bytes
  ingest::Overrides overrides;        ///< what the sender states instead of what the file says
  std::optional<FrameId> frame;       ///< the id that the sender chose for a picture
  std::optional<int> position;        ///< among the pictures of its set
  std::optional<bool> is_blurred;     ///< the sender says that faces and plates are hidden; they are looked for all the same
};

/// What became of a delivery.
struct Receipt {
  enum class Outcome {
    accepted,       ///< written down; its decode job waits
    refused,        ///< written down with `file.refusal`
    sent_before,    ///< the account sent this picture in an earlier set (`other`); written down as refused
    already_here,   ///< the set holds these bytes already (`other`); nothing was written
    id_taken,       ///< another picture has the id that the sender chose; written down as refused
    name_taken,     ///< the set holds other bytes under this name (`other`); nothing was written
  };
  Outcome outcome = Outcome::accepted;
  store::ReceivedFile file;
  std::optional<store::ReceivedFile> other;
};

/// What a protocol writes down in the same transaction as the file.
using Along = std::function<void(store::Session&, const Receipt&)>;

/// Makes the bytes durable, then decides in one transaction (laws 1 and 3). The same picture is recognised by its bytes or by its
/// compressed scan data, which protocols that rewrite metadata leave alone. Nothing when the set is gone. Throws
/// std::system_error when the disk or the catalogue fails.
std::optional<Receipt> receive(Delivery delivery, const store::UploadSet& set, Context& context, const Along& along = {});

}  // namespace cairn::gateway
