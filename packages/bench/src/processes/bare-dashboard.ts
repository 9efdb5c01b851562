// The limit of a dashboard without a cache. Loaded by `--import` into an API, it leaves its HTTP as it is, token check included,
// and replaces what the ten procedures do: each runs the statements that the product ran for the same read, and nothing else.
// What it sends are the bytes that the product sent.
import { dashboardProcedure } from '@studyin/api/access';
import { keepText } from '@studyin/api/kept-text';
import { appRouter } from '@studyin/api/router';
import { loadReads, ownerOf } from '../benches/recorded-reads.ts';
import type { RecordedRead } from '../benches/recorded-reads.ts';
import { tenQueries } from '../benches/ten-queries.ts';

type Prepared = Pick<RecordedRead, 'statements'> & { readonly answer: object };

function replaceProcedures(file: string): void {
  const prepared = new Map(loadReads(file).map((read) => [keyOf(read), prepare(read)]));
  // as: the router's own map, by path; a procedure takes any input here
  const procedures = appRouter._def.procedures as Record<string, unknown>;
  for (const { name } of tenQueries) {
    procedures[`dashboard.${name}`] = dashboardProcedure.query(async ({ ctx, path }) => {
      const known = prepared.get(`${path} ${ctx.viewer.userId}`);
      if (known === undefined) throw new Error(`${path} was not recorded`);
      const { reader } = ctx.services.app.database;
      await Promise.all(
        known.statements.map(({ name: ofQuery = '', text, values }) => reader.query({ name: ofQuery, text }, values)),
      );
      return known.answer;
    });
  }
}

function prepare({ statements, body }: RecordedRead): Prepared {
  // as: the product's envelope of a result
  const { result } = JSON.parse(body) as { readonly result: { readonly data: { readonly json: object } } };
  return { statements, answer: keepText(result.data.json) };
}

function keyOf(read: RecordedRead): string {
  return `${read.path.slice('/trpc/'.length).split('?')[0] ?? ''} ${ownerOf(read)}`;
}

const file = process.env['STUDYIN_BENCH_READS'];
if (file !== undefined) replaceProcedures(file);
