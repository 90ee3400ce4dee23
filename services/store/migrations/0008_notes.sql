-- What was left out of a file, for its sender: JSON, a list of [code, detail].
alter table files add column notes text not null default '[]';

-- A sequence is through with inspection when no frame of it says otherwise.
alter table sequences drop column batches_left;
