import { checkHealth } from '@studyin/domain/services';
import type { HealthCheck } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import type { Output } from '../output.ts';
import { loadSecrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

/** Checks what the product stands on. Answers whether all is well. */
export async function doctor(config: Config, output: Output): Promise<boolean> {
  const database = await openDatabase(config);
  try {
    output.line(database.description);
    // A database that cannot be reached is one of the things to be told, not the end.
    const role = await chooseRole(database.url, config.role).catch(() => undefined);
    const checks = await withApp({ url: database.url, role, secrets: loadSecrets(config) }, (app) =>
      checkHealth(app, { nodeVersion: process.version }),
    );
    for (const check of checks) output.line(lineOf(check));
    const ok = checks.every((check) => check.ok);
    output.result({ ok, checks });
    return ok;
  } finally {
    await database.close();
  }
}

function lineOf({ name, ok, detail, fix }: HealthCheck): string {
  const line = `  ${ok ? '✔' : '✘'} ${name.padEnd(14)} ${detail}`;
  return fix === null ? line : `${line}\n      → ${fix}`;
}
