// The written pages of the repository, and what a test takes out of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');

export type Page = { readonly file: string; readonly text: string };
export type Block = { readonly language: string; readonly text: string };

function pageOf(file: string): Page {
  return { file, text: readFileSync(join(root, file), 'utf8') };
}

/** A page by its path in the repository. */
export function getPage(file: string): Page {
  return pageOf(file);
}

/** Every page: those beside the README, all below docs, and the README of each package. */
export function listPages(): readonly Page[] {
  const isPage = (file: string): boolean => file.endsWith('.md');
  const beside = readdirSync(root).filter(isPage);
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter(isPage);
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`);
  const present = packages.filter((file) => existsSync(join(root, file)));
  return [...beside, ...below.map((file) => `docs/${file}`), ...present].sort().map(pageOf);
}

/** The fenced blocks of a page. */
export function blocksOf({ text }: Page): readonly Block[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}

/** What stands between `<!-- name -->` and `<!-- /name -->`. Throws where the page has no such part. */
export function partOf({ file, text }: Page, name: string): string {
  const [, part] = text.split(`<!-- ${name} -->`);
  const end = part?.indexOf(`<!-- /${name} -->`) ?? -1;
  if (part === undefined || end < 0) throw new Error(`${file} has no part ${name}`);
  return part.slice(0, end);
}

/** The rows of the first table in a text, without its head; cells without their back-ticks. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}
