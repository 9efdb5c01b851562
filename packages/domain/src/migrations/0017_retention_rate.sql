-- What is known of questions that were answered before: of rows written before it was computed.
update topic_mastery
set retention_rate = (questions_correct - first_correct)::float8 / nullif(questions_attempted - first_attempts, 0)
where questions_attempted > first_attempts;
