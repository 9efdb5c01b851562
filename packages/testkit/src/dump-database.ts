import { connect, statement } from '@studyin/domain/database';

export type Dump = readonly { readonly table: string; readonly text: string }[];

const tables = statement(
  'dump.tables',
  `select c.oid::regclass::text as name
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm', 'S')
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  order by 1`,
);

/**
 * Every row of every table of every schema but the system's own, partitions, the queue and sequences among them, as COPY writes
 * them: what `pg_dump` holds of data, whose program the embedded server does not bring along. Beside them `pg_stats`, in which
 * the server keeps samples of values. As the owner, at one instant.
 */
export async function dumpDatabase(url: string): Promise<Dump> {
  const database = connect({ url, poolSize: 1, applicationName: 'studyin-dump' });
  try {
    return await database.snapshot(
      async (snapshot) => {
        const names = (await snapshot.query<{ name: string }>(tables)).map(({ name }) => name);
        const dump: { table: string; text: string }[] = [];
        for (const table of [...names, `pg_stats where schemaname not in ('pg_catalog', 'information_schema')`]) {
          const parts: Buffer[] = [];
          const copy = statement('dump.copy', `copy (select * from ${table}) to stdout`);
          await snapshot.copyOut(copy, async (bytes) => void parts.push(bytes));
          dump.push({ table: table.split(' ')[0] ?? table, text: Buffer.concat(parts).toString() });
        }
        return dump;
      },
      { settings: {}, statementTimeoutMs: 60_000 },
    );
  } finally {
    await database.close();
  }
}

/** The tables of a dump that hold a text, in whatever case, as it is, or as hexadecimal digits or base64 of its bytes. */
export function tablesWith(dump: Dump, text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const shapes = [text, encodeURIComponent(text), bytes.toString('hex')].map((shape) => shape.toLowerCase());
  const base64 = bytes.toString('base64').replace(/=+$/, '').slice(0, -1);
  return dump.filter((one) => holds(one.text, shapes, base64)).map(({ table }) => table);
}

function holds(text: string, shapes: readonly string[], base64: string): boolean {
  const lower = text.toLowerCase();
  return shapes.some((shape) => lower.includes(shape)) || text.includes(base64);
}
