import pg from 'pg';

export type Residue = { readonly table: string; readonly rows: number };

/**
 * Searches every table of a database, the queue's and those no one thought of among them, for texts (no patterns), whatever the
 * type and the name of the column. Answers the tables that hold any. Connects as the owner.
 */
export async function findResidue(url: string, texts: readonly string[]): Promise<readonly Residue[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'studyin-residue' });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select c.oid::regclass::text as name
      from pg_class c
      where c.relkind in ('r', 'm', 'S') and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and c.relnamespace <> 'pg_toast'::regnamespace
      order by 1`,
    );
    const residue: Residue[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ rows: number }>(
        `select count(*)::int as rows
        from ${name} t
        where exists (select from unnest($1::text[]) as s (text) where position(lower(s.text) in lower(t::text)) > 0)`,
        [texts],
      );
      if (rows[0] !== undefined && rows[0].rows > 0) residue.push({ table: name, rows: rows[0].rows });
    }
    return residue;
  } finally {
    await client.end();
  }
}
