// Makes `dist`, the package as others get it, from `build`, what the compiler wrote for the workspace: the router's type comes along as a file of its own, for @studyin/api is private.
// An import that a consumer cannot resolve would turn the whole client into `any` there without a word, so one fails the build.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

const client = resolve(import.meta.dirname, '..');
const build = join(client, 'build');
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

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

// A file whose source is gone stays in `build`; it must not reach the package.
function copyBuild(): void {
  const sources = new Set(filesIn(join(client, 'src')));
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  for (const file of filesIn(build)) {
    const source = file.replace(/(\.d\.ts|\.js)$/, '.ts');
    if (source !== file && sources.has(source)) cpSync(join(build, file), join(dist, file));
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
  for (const file of filesIn(dist).filter((name) => /\.(d\.ts|js)$/.test(name))) {
    const path = join(dist, file);
    const text = readFileSync(path, 'utf8');
    const router = `${'../'.repeat(file.split(sep).length - 1) || './'}router.js`;
    const local = text.replaceAll(/(['"])@studyin\/api\/router\1/g, `$1${router}$1`);
    if (local !== text) writeFileSync(path, local);
    const foreign = importsOf(local).filter((specifier) => !isThere(specifier, isForNode(file)));
    if (foreign.length > 0) fail(`dist/${file} imports ${foreign.join(', ')}, which a consumer does not have`);
  }
}

/** Only what lies in `node` may use Node, and only Node reaches it: a browser has neither. */
function isForNode(file: string): boolean {
  return file.startsWith(`node${sep}`);
}

function isThere(specifier: string, inNode: boolean): boolean {
  if (specifier.startsWith('node:')) return inNode;
  if (/^\.\.?\//.test(specifier)) return inNode || !specifier.startsWith('./node/');
  return resolvable.test(specifier);
}

copyBuild();
copyRouterTypes();
pointToCopy();
