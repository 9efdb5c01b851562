-- why: a call that is repeated finds the row of its first time; and the rows of one learner, for erasure
create unique index ix_rejected_events_user_event on rejected_events (user_id, event_id, reason);
-- why: how many rows of a learner came today
create index ix_rejected_events_user_received on rejected_events (user_id, received_at);
