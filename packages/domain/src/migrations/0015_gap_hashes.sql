-- What a row is told from a newly computed one by: a hash of all that was computed. Null: written before there was one, and written
-- anew with the learner's next update.
alter table knowledge_gaps add column content_hash uuid;
