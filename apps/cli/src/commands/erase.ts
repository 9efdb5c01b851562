import { ERASER_ROLE } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { eraseLearner, finishErasures } from '@studyin/domain/services';
import type { App, ErasureReceipt } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import { operatorOf } from '../operator.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { requireMigrated } from '../require-migrated.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

export type EraseOptions = {
  /** Null with `unfinished`. */
  readonly userId: string | null;
  readonly reason: string | null;
  readonly unfinished: boolean;
};

type Run = { readonly config: Config; readonly output: Output };

/** Erases a learner and says what was deleted, or finishes what was broken off. */
export async function eraseCommand({ config, output }: Run, options: EraseOptions): Promise<void> {
  const { userId, reason, unfinished } = options;
  if (unfinished === (userId !== null)) throw new DomainError('invalid', 'Say either --user or --unfinished.');
  const operator = unfinished ? null : operatorOf(reason);
  const database = await openDatabase(config);
  try {
    const role = await chooseRole(database.url, config.role === undefined ? undefined : ERASER_ROLE);
    const opened = { url: database.url, role, secrets: loadSecrets(config), statementTimeoutMs: 600_000 };
    const result = await withApp(opened, async (app) => {
      await requireMigrated(app);
      if (userId === null || operator === null) return finishAll(app, output);
      const { actor, reason: stated } = operator;
      return show(await eraseLearner(app, { userId, actor, reason: stated }), output);
    });
    output.result(result);
  } finally {
    await database.close();
  }
}

async function finishAll(app: App, output: Output): Promise<{ readonly finished: number }> {
  const finished = await finishErasures(app);
  output.line(`  ✔ ${count(finished)} erasures that were broken off are finished`);
  return { finished };
}

function show(receipt: ErasureReceipt, output: Output): ErasureReceipt {
  const { erasedAt, finishedAt, tables, rows, subject, hash } = receipt;
  output.line(`Erased at ${erasedAt}, finished at ${finishedAt}: ${count(rows)} rows.`);
  for (const { table, rows: gone } of tables) output.line(`  ${table.padEnd(24)} ${count(gone).padStart(9)}`);
  output.line(`subject ${subject}`);
  output.line(`receipt ${hash}`);
  return receipt;
}
