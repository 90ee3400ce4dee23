// SOCI's own backend objects do all the work. Around its session stands one of ours, whose statements borrow SOCI's prepared ones
// from an idle list and give them back reset, where SOCI alone would throw them away.

#include "services/store/statement_cache.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cairn::store {
namespace {

using soci::details::statement_backend;
using Prepared = soci::sqlite3_statement_backend;

constexpr std::size_t kMostIdle = 128;       // all that one process asks often; some 10 kB each
constexpr std::size_t kLongestText = 2'000;  // longer ones hold lists of ids and don't come again

/// SOCI's statement has no destructor that frees what SQLite prepared.
struct Finalize {
  void operator()(Prepared* statement) const {
    statement->clean_up();
    delete statement;
  }
};
using Owned = std::unique_ptr<Prepared, Finalize>;

/// As it was after it was prepared: nothing bound, no row under way, columns not looked at.
void make_new(Prepared& statement) {
  sqlite3_reset(statement.stmt_);  // gives the last step's error again, which was thrown already
  sqlite3_clear_bindings(statement.stmt_);
  statement.dataCache_.clear();
  statement.useData_.clear();
  statement.columns_.clear();
  statement.databaseReady_ = true;
  statement.boundByName_ = false;
  statement.boundByPos_ = false;
  statement.hasVectorIntoElements_ = false;
  statement.rowsAffectedBulk_ = -1;
}

class IdleStatements {
 public:
  explicit IdleStatements(soci::sqlite3_session_backend& session) : session_{session} {}

  Owned take(const std::string& text, soci::details::statement_type type) {
    if (const auto found = by_text_.find(text); found != by_text_.end()) {
      const auto place = found->second;
      by_text_.erase(found);
      auto statement = std::move(place->statement);
      idle_.erase(place);
      return statement;
    }
    Owned statement{session_.make_statement_backend()};
    statement->prepare(text, type);
    return statement;
  }

  void give_back(std::string text, Owned statement) {
    if (text.size() > kLongestText || by_text_.contains(text)) return;
    make_new(*statement);
    idle_.push_front({std::move(text), std::move(statement)});
    by_text_.emplace(idle_.front().text, idle_.begin());
    if (idle_.size() <= kMostIdle) return;
    by_text_.erase(idle_.back().text);
    idle_.pop_back();
  }

 private:
  struct Idle {
    std::string text;
    Owned statement;
  };
  soci::sqlite3_session_backend& session_;
  std::list<Idle> idle_;  ///< the last used first
  std::unordered_map<std::string_view, std::list<Idle>::iterator> by_text_;
};

class Statement : public statement_backend {
 public:
  explicit Statement(IdleStatements& idle) : idle_{idle} {}
  ~Statement() override { Statement::clean_up(); }

  void alloc() override {}
  void prepare(const std::string& text, soci::details::statement_type type) override {
    Statement::clean_up();
    borrowed_ = idle_.take(text, type);
    text_ = text;
  }
  void clean_up() override {
    if (borrowed_) idle_.give_back(std::move(text_), std::move(borrowed_));
  }

  exec_fetch_result execute(int number) override { return borrowed_->execute(number); }
  exec_fetch_result fetch(int number) override { return borrowed_->fetch(number); }
  long long get_affected_rows() override { return borrowed_->get_affected_rows(); }
  int get_number_of_rows() override { return borrowed_->get_number_of_rows(); }
  std::string get_parameter_name(int index) const override { return borrowed_->get_parameter_name(index); }
  std::string rewrite_for_procedure_call(const std::string& text) override { return text; }
  int prepare_for_describe() override { return borrowed_->prepare_for_describe(); }
  void describe_column(int column, soci::data_type& type, std::string& name) override { borrowed_->describe_column(column, type, name); }
  soci::details::standard_into_type_backend* make_into_type_backend() override { return borrowed_->make_into_type_backend(); }
  soci::details::standard_use_type_backend* make_use_type_backend() override { return borrowed_->make_use_type_backend(); }
  soci::details::vector_into_type_backend* make_vector_into_type_backend() override { return borrowed_->make_vector_into_type_backend(); }
  soci::details::vector_use_type_backend* make_vector_use_type_backend() override { return borrowed_->make_vector_use_type_backend(); }

 private:
  IdleStatements& idle_;
  std::string text_;
  Owned borrowed_;
};

class SessionBackend : public soci::details::session_backend {
 public:
  explicit SessionBackend(soci::sqlite3_session_backend* session) : session_{session} {}

  bool is_connected() override { return session_->is_connected(); }
  void begin() override { session_->begin(); }
  void commit() override { session_->commit(); }
  void rollback() override { session_->rollback(); }
  std::string get_dummy_from_table() const override { return session_->get_dummy_from_table(); }
  std::string get_backend_name() const override { return session_->get_backend_name(); }
  statement_backend* make_statement_backend() override { return new Statement{idle_}; }
  soci::details::rowid_backend* make_rowid_backend() override { return session_->make_rowid_backend(); }
  soci::details::blob_backend* make_blob_backend() override { return session_->make_blob_backend(); }

 private:
  std::unique_ptr<soci::sqlite3_session_backend> session_;
  IdleStatements idle_{*session_};  ///< goes first: SQLite closes no connection that has statements
};

class Factory : public soci::backend_factory {
 public:
  soci::details::session_backend* make_session(const soci::connection_parameters& parameters) const override {
    return new SessionBackend{static_cast<soci::sqlite3_session_backend*>(soci::factory_sqlite3()->make_session(parameters))};
  }
};

}  // namespace

const soci::backend_factory& sqlite_with_kept_statements() {
  static const Factory factory;
  return factory;
}

}  // namespace cairn::store
