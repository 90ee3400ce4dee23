#include "services/store/annotations.hpp"

#include "services/store/conditions.hpp"
#include "services/store/rows.hpp"
#include "services/store/tags.hpp"

namespace cairn::store {
namespace {

using soci::use;

Annotation annotation_from(const soci::row& row) {
  return {id_of<AnnotationId>(row, "id"), id_of<FrameId>(row, "frame_id"), text_of_row(row, "shape"), int_of(row, "detected") != 0};
}

void insert(Session& session, const Annotation& annotation) {
  const auto id = annotation.id.text();
  const auto frame = annotation.frame.text();
  const int detected = annotation.detected ? 1 : 0;
  session.sql() << "insert into annotations(id, frame_id, shape, detected) values (:id, :frame, :shape, :detected) on conflict (frame_id, shape) do nothing",
      use(id, "id"), use(frame, "frame"), use(annotation.shape, "shape"), use(detected, "detected");
}

}  // namespace

AnnotationId annotation_with_shape(Session& session, FrameId frame, const std::string& shape) {
  insert(session, {AnnotationId::random(), frame, shape, false});
  const auto text = frame.text();
  std::string id;
  session.sql() << "select id from annotations where frame_id = :frame and shape = :shape", use(text, "frame"), use(shape, "shape"), soci::into(id);
  return AnnotationId::parse(id).value();
}

std::optional<Annotation> find_annotation(Session& session, AnnotationId id) {
  const auto text = id.text();
  return first_from((session.sql().prepare << "select * from annotations where id = :id", use(text, "id")), annotation_from);
}

void delete_annotation(Session& session, AnnotationId id) {
  const auto text = id.text();
  remove_tags(session, text);
  session.sql() << "delete from annotations where id = :id", use(text, "id");
}

void forget_detected(Session& session, FrameId frame) {
  const auto text = frame.text();
  session.sql() << "delete from tags where subject in (select id from annotations where frame_id = :frame and detected = 1)", use(text, "frame");
  session.sql() << "delete from annotations where frame_id = :frame and detected = 1", use(text, "frame");
}

void insert_detected(Session& session, const Annotation& annotation) { insert(session, annotation); }

std::map<FrameId, std::vector<Annotation>> annotations_of(Session& session, const std::vector<FrameId>& frames) {
  std::map<FrameId, std::vector<Annotation>> annotations;
  for (const auto& list : lists_of(frames)) {
    soci::rowset<soci::row> rows = (session.sql().prepare << "select * from annotations where frame_id in (" + list + ") order by frame_id, id");
    for (const auto& row : rows) {
      auto annotation = annotation_from(row);
      annotations[annotation.frame].push_back(std::move(annotation));
    }
  }
  return annotations;
}

}  // namespace cairn::store
