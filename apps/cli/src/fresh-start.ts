import { connect, statement } from '@studyin/domain/database';
import { defineModels } from '@studyin/domain/models';

const listTables = statement(
  'cli.list_tables',
  `select relname as name
  from pg_class
  where relname = any($1::text[])
    and relkind in ('r', 'p')
    and relnamespace = 'public'::regnamespace`,
);
const emptyQueue = statement('cli.empty_queue', 'delete from pgboss.job');
const raiseVersion = statement('cli.raise_curriculum_version', 'update curriculum_version set version = version + 1');

/** Deletes every row of the product and every job; schema, roles and queues stay. As owner. */
export async function deleteAllData(url: string): Promise<void> {
  const database = connect({ url, poolSize: 1, applicationName: 'studyin-cli' });
  try {
    const models = Object.values(defineModels(database.sequelize));
    // The version only rises: processes compare it with the curriculum they have in memory.
    const wanted = models.map((model) => model.tableName).filter((name) => name !== 'curriculum_version');
    await database.transaction(async (tx) => {
      const tables = await tx.query<{ name: string }>(listTables, [wanted]);
      const names = tables.map(({ name }) => `public.${name}`).join(', ');
      await tx.query(statement('cli.truncate_all', `truncate ${names}`));
      await tx.query(emptyQueue);
      await tx.query(raiseVersion);
    });
  } finally {
    await database.close();
  }
}
