#include "services/gateway/panoramax/sent_file.hpp"

namespace cairn::gateway {

std::variant<Stated, Response> stated_with_file(UploadForm& form, const std::string& part) {
  if (!form.is_whole()) return error_response(400, "The form ends before its last boundary");
  const auto& upload = form.upload();
  if (!upload || upload->part != part) return error_response(400, "No " + part + " was sent: the form needs a part named " + part);
  if (const auto problem = name_problem(upload->file_name); !problem.empty()) return error_response(400, problem);
  auto stated = stated_in(form.fields());
  if (!stated.problem.empty()) return error_response(400, stated.problem, stated.details);
  return stated;
}

}  // namespace cairn::gateway
