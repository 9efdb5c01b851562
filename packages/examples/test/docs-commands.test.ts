// Every command on a page is one that exists, with options that exist: asked of the programs themselves.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { blocksOf, listPages, root } from './pages.ts';

const programs = ['curl', 'docker', 'npm', 'pnpm', 'node_modules/.bin/node'];
const shells = new Set(['sh', 'bash', 'shell', 'console']);

function readScripts(): Readonly<Record<string, string>> {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly scripts: Readonly<Record<string, string>> }).scripts; // as: our own manifest
}

/** The lines of shell blocks without comments, and commands of ours that stand in a sentence. */
function commandsOf(page: { readonly file: string; readonly text: string }): readonly string[] {
  const lines = blocksOf(page)
    .filter(({ language }) => shells.has(language))
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  const inline = [...page.text.matchAll(/`((?:npm|pnpm|studyin) [^`…]+)`/g)].map(([, command = '']) => command);
  return [...new Set([...lines, ...inline])];
}

const helps = new Map<string, string>();
function helpOf(script: string, args: readonly string[]): string {
  const key = [script, ...args].join(' ');
  const known = helps.get(key);
  if (known !== undefined) return known;
  const command = ['--conditions=@studyin/source', join(root, script), ...args, '--help'];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  expect(status, `${key} --help: ${stderr}`).to.equal(0);
  helps.set(key, stdout);
  return stdout;
}

type Call = { readonly script: string; readonly args: readonly string[]; readonly given: readonly string[] };

/** What a command of ours runs, and with what. Null: a script of package.json that is a tool's own, or pnpm's own word. */
function callOf(command: string): Call | null {
  const [program, ...words] = command.split(/\s+/);
  const [first = '', ...rest] = words[0] === 'run' ? words.slice(1) : words;
  const given = program === 'studyin' ? words : rest.filter((word) => word !== '--');
  const name = program === 'studyin' ? 'studyin' : first;
  // another project adds our packages; the rest is pnpm's own
  if (program === 'pnpm' && ['add', 'sbom', 'audit'].includes(name)) return null;
  expect(readScripts(), command).to.have.property(name);
  switch (name) {
    case 'start':
      return { script: 'apps/cli/src/main.ts', args: ['up'], given };
    case 'studyin': {
      const subcommands = subcommandsOf(given);
      return { script: 'apps/cli/src/main.ts', args: subcommands, given: given.slice(subcommands.length) };
    }
    case 'test':
      return { script: 'scripts/test.ts', args: [], given };
    case 'bench':
      return { script: 'packages/bench/src/main.ts', args: [], given };
    case 'test:crash':
      return { script: 'packages/crash/src/main.ts', args: [], given };
    default:
      return null;
  }
}

/** The first word, and the second where the first is a group of commands. */
function subcommandsOf([first, second]: readonly string[]): readonly string[] {
  if (first === undefined || first.startsWith('-')) return [];
  if (second === undefined || second.startsWith('-')) return [first];
  return helpOf('apps/cli/src/main.ts', [first]).includes('\nCommands:\n') ? [first, second] : [first];
}

function expectRunnable(command: string): void {
  const call = callOf(command);
  if (call === null) return;
  const { script, args, given } = call;
  if (script.includes('cli')) {
    for (const [depth, subcommand] of args.entries()) {
      expect(helpOf(script, args.slice(0, depth)), command).to.match(new RegExp(`^\\s+${subcommand}\\b`, 'm'));
    }
  }
  for (const option of given.filter((word) => /^--[a-z]/.test(word))) {
    expect(helpOf(script, args), command).to.match(new RegExp(`${option.replace(/=.*$/, '')}\\b`));
  }
}

describe('the commands of the pages', function () {
  this.timeout(60_000);

  for (const page of listPages()) {
    const commands = commandsOf(page);
    if (commands.length === 0) continue;
    it(`${page.file} shows commands that exist`, () => {
      for (const command of commands) {
        const [program = ''] = command.split(/\s+/);
        if (['npm', 'pnpm', 'studyin'].includes(program)) expectRunnable(command);
        else expect(programs, command).to.include(program);
      }
    });
  }
});
