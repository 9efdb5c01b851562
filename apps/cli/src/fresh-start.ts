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

const forgetModels = statement('cli.forget_models', 'delete from mastery_models where version > 0');
const activateFirstModel = statement(
  'cli.activate_first_model',
  'update mastery_models set active = true where version = 0 and not active',
);

// The version of the curriculum only rises: processes compare it with the curriculum they have in memory. Version 0 of the mastery
// model was there before any data: no learner can be brought up to date without it.
const KEPT: ReadonlySet<string> = new Set(['curriculum_version', 'mastery_models']);

/** Deletes every row of the product and every job; schema, roles, queues and what the migrations wrote stay. As owner. */
export async function deleteAllData(url: string): Promise<void> {
  const database = connect({ url, poolSize: 1, applicationName: 'studyin-cli' });
  try {
    const models = Object.values(defineModels(database.sequelize));
    const wanted = models.map((model) => model.tableName).filter((name) => !KEPT.has(name));
    await database.transaction(async (tx) => {
      const tables = await tx.query<{ name: string }>(listTables, [wanted]);
      const names = tables.map(({ name }) => `public.${name}`).join(', ');
      await tx.query(statement('cli.truncate_all', `truncate ${names}`));
      await tx.query(forgetModels);
      await tx.query(activateFirstModel);
      await tx.query(emptyQueue);
      await tx.query(raiseVersion);
    });
  } finally {
    await database.close();
  }
}
