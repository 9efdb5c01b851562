-- Since when a learner has answers, so that a search in them opens no month before. Never later than the first; null: no answers.
alter table learners add column first_answer_at timestamptz;

update learners l
set first_answer_at = (select min(a.attempted_at) from question_attempts a where a.user_id = l.user_id);
