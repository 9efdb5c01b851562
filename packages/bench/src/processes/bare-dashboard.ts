// The limit of a dashboard without a cache. Loaded by `--import` into an API, it leaves all as it is, HTTP, token check and the
// reading of inputs included, and replaces what the ten procedures do: each runs the statements that the product ran for the same
// read, with the same values, and answers their rows.
import { dashboardProcedure } from '@studyin/api/access';
import { keepText } from '@studyin/api/kept-text';
import { appRouter } from '@studyin/api/router';
import type { Database } from '@studyin/domain/database';
import { loadReads, ownerOf } from '../benches/recorded-reads.ts';
import type { RecordedRead } from '../benches/recorded-reads.ts';
import { tenQueries } from '../benches/ten-queries.ts';

type Input = Parameters<typeof dashboardProcedure.input>[0];
type Procedure = { readonly _def: { readonly inputs: readonly Input[] } };

function replaceProcedures(file: string): void {
  const statementsOf = new Map(loadReads<RecordedRead>(file).map((read) => [keyOf(read), read.statements]));
  // as: the router's own map, by path; a procedure takes any input here
  const procedures = appRouter._def.procedures as unknown as Record<string, Procedure>;
  for (const { name } of tenQueries) {
    const [input] = procedures[`dashboard.${name}`]?._def.inputs ?? [];
    if (input === undefined) throw new Error(`dashboard.${name} takes no input`);
    const bare: unknown = dashboardProcedure.input(input).query(async ({ ctx, path }) => {
      const statements = statementsOf.get(`${path} ${ctx.viewer.userId}`);
      if (statements === undefined) throw new Error(`${path} was not recorded`);
      return keepText(await rowsOf(ctx.services.app.database, statements));
    });
    procedures[`dashboard.${name}`] = bare as Procedure; // as: it says the same of itself
  }
}

/** Of several statements a list for each; these go as one message, as the product's do. */
async function rowsOf(database: Database, statements: RecordedRead['statements']): Promise<readonly object[]> {
  const asked = statements.map(({ name = '', text, values }) => ({ statement: { name, text }, values }));
  const [only] = asked;
  if (only !== undefined && asked.length === 1) return database.reader.query(only.statement, only.values);
  return database.inOrder((by) => Promise.all(asked.map(({ statement, values }) => by.query(statement, values))));
}

function keyOf(read: RecordedRead): string {
  return `${read.path.slice('/trpc/'.length).split('?')[0] ?? ''} ${ownerOf(read)}`;
}

const file = process.env['STUDYIN_BENCH_READS'];
if (file !== undefined) replaceProcedures(file);
