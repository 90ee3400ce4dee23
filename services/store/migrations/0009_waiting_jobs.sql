-- A job is in the index of its state only: what is queued is not also sorted by time, and what is done leaves three trees instead of four.

drop index jobs_by_turn;
drop index jobs_by_time;
create index jobs_queued on jobs(turn, priority desc, id, stage, state) where state = 'queued';
create index jobs_delayed on jobs(run_at) where state = 'delayed';
create index jobs_leased on jobs(lease_until) where state = 'leased';
create index jobs_quarantined on jobs(stage, key) where state = 'quarantined';
