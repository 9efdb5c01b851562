// Makes `dist` usable outside the workspace: the router's type comes along as a file of its own, for @studyin/api is private.
// An import that a consumer cannot resolve would turn the whole client into `any` there without a word, so one fails the build.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const client = resolve(import.meta.dirname, '..');
const dist = join(client, 'dist');
const routerTypes = resolve(client, '..', '..', 'apps', 'api', 'dist', 'router.d.ts');

/** What a consumer has: the peer and the dependencies. */
const resolvable = /^(@trpc\/(server|client)|superjson)$/;
const specifiers = /\bfrom\s*(['"])(.*?)\1|\bimport\s*\(?\s*(['"])(.*?)\3|<reference[^>]*(['"])(.*?)\5/g;

function fail(message: string): never {
  throw new Error(`copy-router-types: ${message}`);
}

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(specifiers)].map((found) => found[2] ?? found[4] ?? found[6] ?? '');
}

/** The router's declarations without the server's context, which no client sees. */
function withoutContext(text: string): string {
  return text
    .replaceAll(/import\((['"])\.\/context(?:\.[jt]s)?\1\)\.Context\b/g, 'object')
    .replaceAll(/^import type \{ Context \} from .*;\n/gm, 'type Context = object;\n');
}

function removeLeftOvers(): void {
  for (const file of readdirSync(dist)) {
    const source = file.replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts');
    const isWritten = readdirSync(join(client, 'src')).includes(source);
    if (!isWritten) rmSync(join(dist, file), { recursive: true });
  }
}

function copyRouterTypes(): void {
  const text = withoutContext(readFileSync(routerTypes, 'utf8'));
  const foreign = importsOf(text).filter((specifier) => specifier !== '@trpc/server');
  if (foreign.length > 0) {
    fail(
      `${routerTypes} imports ${[...new Set(foreign)].join(', ')}; give what uses it an explicit type that needs no import`,
    );
  }
  if (!text.includes('export type AppRouter')) fail(`${routerTypes} exports no AppRouter`);
  writeFileSync(join(dist, 'router.d.ts'), text);
}

function pointToCopy(): void {
  for (const file of readdirSync(dist).filter((name) => /\.(d\.ts|js)$/.test(name))) {
    const path = join(dist, file);
    const text = readFileSync(path, 'utf8');
    const local = text.replaceAll(/(['"])@studyin\/api\/router\1/g, `$1./router.js$1`);
    if (local !== text) writeFileSync(path, local);
    const foreign = importsOf(local).filter((specifier) => !specifier.startsWith('./') && !resolvable.test(specifier));
    if (foreign.length > 0) fail(`dist/${file} imports ${foreign.join(', ')}, which a consumer does not have`);
  }
}

removeLeftOvers();
copyRouterTypes();
pointToCopy();
