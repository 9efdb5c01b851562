-- What is to be learned before a gap, in order: its unmet prerequisites and what lies unmet behind them.
alter table knowledge_gaps add column path jsonb not null default '[]';
