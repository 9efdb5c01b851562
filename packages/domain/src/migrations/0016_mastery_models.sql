-- Mastery version 2: a learner's rows follow from their own answers under one frozen version of its model.

alter table topic_mastery
  -- the learner's ability just after the topic's last answer: a topic's score is a function of its own row and of time
  add column learner_theta double precision not null default 0;

-- plain Elo, before anything was learned from answers; it cannot be taken away
insert into mastery_models (version, answers, p0_right, p0_total, coefficients, active)
values (0, 0, 0, 0, '{"question": [0, 1, 1, 1, 0, 0, 0, 0, 0, 0], "topic": [0, 1, 1, 1, 0, 0, 0]}', true);

-- why: the one version that new rows are made under
create unique index ix_mastery_models_active on mastery_models (active) where active;

-- rows from before this release were made without a model: each learner's next update folds them anew
update learner_progress set cursor_at = null, cursor_id = null;
