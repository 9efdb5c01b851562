// Completes `dist` after tsc: what the code reads beside itself (migrations, data) is copied, what has no source any more is removed.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';

const source = resolve(import.meta.dirname, '..', 'src');
const dist = resolve(import.meta.dirname, '..', 'dist');

function filesOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

const isData = (file: string): boolean => extname(file) !== '.ts' && !basename(file).startsWith('tsconfig');

for (const file of filesOf(dist)) {
  if (file.endsWith('.tsbuildinfo')) continue;
  const origin = file.replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts');
  if (!existsSync(join(source, origin))) rmSync(join(dist, file));
}
for (const file of filesOf(source).filter(isData)) cpSync(join(source, file), join(dist, file));
