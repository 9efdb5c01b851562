import type { Config } from '../config.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { openDatabase } from '../open-database.ts';
import type { Output } from '../output.ts';

/** Brings schema, roles, partitions and queues of a database to this release. */
export async function migrateCommand(config: Config, output: Output): Promise<void> {
  const database = await openDatabase(config);
  try {
    output.line(database.description);
    const { applied, roles } = await migrateDatabase(database.url, (line) => output.line(`  ${line}`));
    output.line(applied.length === 0 ? 'The schema was up to date.' : `${applied.length} migrations applied.`);
    output.result({ applied, roles });
  } finally {
    await database.close();
  }
}
