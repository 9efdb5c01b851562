import { readServerAddress } from '@studyin/domain/database';
import { checkHealth, checkPrivacy } from '@studyin/domain/services';
import type { HealthCheck, PrivacyCheck, PrivacySettings } from '@studyin/domain/services';
import { chooseRole } from '../choose-role.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../open-database.ts';
import type { OpenDatabase } from '../open-database.ts';
import type { Output } from '../output.ts';
import { loadSecrets } from '../secrets.ts';
import type { Secrets } from '../secrets.ts';
import { withApp } from '../with-app.ts';

/** Checks what the product stands on. Answers whether all is well. */
export async function doctor(config: Config, output: Output): Promise<boolean> {
  const database = await openDatabase(config);
  try {
    output.line(database.description);
    // A database that cannot be reached is one of the things to be told, not the end.
    const role = await chooseRole(database.url, config.role).catch(() => undefined);
    const secrets = loadSecrets(config);
    const checks = await withApp({ url: database.url, role, secrets }, async (app) => [
      ...(await checkHealth(app, { nodeVersion: process.version })),
      ...(await checkPrivacy(app, privacySettingsOf(config, { database, secrets }))),
    ]);
    for (const check of checks) output.line(lineOf(check));
    const ok = checks.every((check) => check.ok);
    output.result({ ok, checks });
    return ok;
  } finally {
    await database.close();
  }
}

type Opened = { readonly database: OpenDatabase; readonly secrets: Secrets };

function privacySettingsOf({ given, logLevel }: Config, { database, secrets }: Opened): PrivacySettings {
  const { sessionKey: session, subjectKey: subject, tokenSecret } = secrets;
  return {
    tlsMode: readServerAddress(database.url).tlsMode,
    isEmbedded: database.isEmbedded,
    keys: { session, sessionPrevious: given.sessionKeyPrevious, subject },
    tokenSecret,
    logLevel,
  };
}

function lineOf({ name, ok, detail, fix }: HealthCheck | PrivacyCheck): string {
  const line = `  ${ok ? '✔' : '✘'} ${name.padEnd(14)} ${detail}`;
  return fix === null ? line : `${line}\n      → ${fix}`;
}
