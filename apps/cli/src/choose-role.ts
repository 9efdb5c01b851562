import { connect, statement, whyNoTls } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';

const mayBecome = statement(
  'cli.may_become_role',
  `select exists (select from pg_roles where rolname = $1 and pg_has_role(oid, 'member')) as "isMember"`,
);

/**
 * The role where the login may take it on, else none: a database whose owner may not make roles is used with the login's own
 * rights. Throws `unavailable`, with the host, for a database that cannot be reached.
 */
export async function chooseRole(url: string, role: string | undefined): Promise<string | undefined> {
  const database = connect({ url, poolSize: 1, applicationName: 'studyin-cli' });
  try {
    const [found] = await database.reader.query<{ isMember: boolean }>(mayBecome, [role ?? '']);
    return found?.isMember === true ? role : undefined;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'unavailable') throw error;
    const { host } = new URL(url); // never the whole URL: it holds a password
    const why = whyNoTls(error) ?? 'cannot be reached; is it running?';
    throw new DomainError('unavailable', `The database at ${host} ${why}`, { cause: error });
  } finally {
    await database.close();
  }
}
