// What a database says of how it keeps personal data; each reads catalogues, settings or a count.
import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type PrivacyFacts = {
  /** The version of TLS that this connection has; null: none. */
  readonly tls: string | null;
  /** Whether the server is this machine. */
  readonly isLocal: boolean;
  /** Whether the server writes statements or their values into its own log. */
  readonly logStatement: string;
  readonly logMinDurationMs: number;
  readonly logParameterBytes: number;
  readonly logParameterBytesOnError: number;
  readonly tombstones: number;
  /** The first day of the oldest month of facts; null where there is none. */
  readonly oldestMonth: string | null;
  /** The first day of the month before which facts are to be gone; a new month has five days to drop its oldest. */
  readonly keptFrom: string;
  /** Logins of running processes that own tables or are superusers. */
  readonly powerfulLogins: readonly string[];
};

const selectPrivacy = statement(
  'privacy.facts',
  `select
    (select version from pg_stat_ssl where pid = pg_backend_pid() and ssl) as tls,
    coalesce(inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1'
      or inet_server_addr() = inet_client_addr(), true) as "isLocal",
    current_setting('log_statement') as "logStatement",
    (select setting::int from pg_settings where name = 'log_min_duration_statement') as "logMinDurationMs",
    (select setting::int from pg_settings where name = 'log_parameter_max_length') as "logParameterBytes",
    (select setting::int from pg_settings where name = 'log_parameter_max_length_on_error') as "logParameterBytesOnError",
    (select count(*)::int from erased_learners) as tombstones,
    (select min(to_date(right(c.relname, 7), 'YYYY_MM'))::text
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'study_events'::regclass) as "oldestMonth",
    (date_trunc('month', now() at time zone 'UTC' - interval '5 days') - interval '23 months')::date::text as "keptFrom",
    array(
      select distinct a.usename::text
      from pg_stat_activity a
      join pg_roles r on r.oid = a.usesysid
      where a.datname = current_database()
        and a.application_name ~ '^studyin-(api|worker)'
        and (r.rolsuper or pg_has_role(r.oid, (select relowner from pg_class where oid = 'study_events'::regclass), 'member'))
      order by 1) as "powerfulLogins"`,
);

export async function getPrivacyFacts(reader: Reader): Promise<PrivacyFacts> {
  const [row] = await reader.query<PrivacyFacts>(selectPrivacy);
  if (row === undefined) throw new Error('privacy.facts returned no row');
  return row;
}
