// scripts/bootstrap.mjs, run in a small copy of the workspace with an `npx` of our own.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { waitFor } from '@studyin/testkit/wait-for';
import { expect } from 'chai';
import { cliNodeArgs } from '@studyin/devkit/processes/cli-node-args';

const checkout = resolve(import.meta.dirname, '../../..');

const child = `
  const signals = [];
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(name, () => { signals.push(name); if (name !== 'SIGINT') { console.log(signals.join()); process.exit(7); } });
  }
  const [how] = process.argv.slice(-1);
  if (how === 'dies') process.kill(process.pid, 'SIGKILL');
  if (how === 'stays') { console.log('up'); setInterval(() => {}, 1000); }
  else console.log(JSON.stringify({ args: process.argv.slice(2), conditions: process.execArgv }));
  if (how === 'fails') process.exitCode = 3;
`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the bootstrap', () => {
  let root: string;

  const write = (file: string, text: string): void => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  };

  /** `npx` notes how it was called, says something, and makes what an installation makes. */
  const writeNpx = (code: number): void => {
    write(
      'bin/npx',
      `#!/bin/sh
echo "$@" >> "${root}/npx-calls"
echo "packages: 12"
[ ${code} = 0 ] && mkdir -p "${root}/node_modules/.bin" && ln -sf "${process.execPath}" "${root}/node_modules/.bin/node"
exit ${code}
`,
    );
    chmodSync(join(root, 'bin/npx'), 0o755);
  };

  const start = (args: readonly string[]) =>
    spawn(process.execPath, [join(root, 'scripts/bootstrap.mjs'), ...args], {
      env: { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}` },
    });

  const ended = (bootstrap: ReturnType<typeof start>): Promise<Ended> =>
    new Promise((done) => {
      const said = { stdout: '', stderr: '' };
      bootstrap.stdout.on('data', (text: Buffer) => (said.stdout += text.toString()));
      bootstrap.stderr.on('data', (text: Buffer) => (said.stderr += text.toString()));
      bootstrap.once('close', (code) => done({ code, ...said }));
    });

  const run = (...args: readonly string[]): Promise<Ended> => ended(start(args));
  const npxCalls = (): string[] =>
    existsSync(join(root, 'npx-calls')) ? readFileSync(join(root, 'npx-calls'), 'utf8').trim().split('\n') : [];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'studyin-bootstrap-'));
    mkdirSync(join(root, 'scripts'));
    copyFileSync(join(checkout, 'scripts/bootstrap.mjs'), join(root, 'scripts/bootstrap.mjs'));
    write('package.json', '{"type":"module"}');
    write('pnpm-lock.yaml', 'lockfileVersion: 1');
    write('pnpm-workspace.yaml', 'packages: []');
    write('packages/domain/package.json', '{}');
    write('apps/cli/src/main.ts', child);
    writeNpx(0);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('installs once, and again only when a manifest or the lockfile has changed', async () => {
    await run('studyin');
    await run('studyin');
    expect(npxCalls()).to.deep.equal(['--yes pnpm@12.21.0 install --frozen-lockfile']);
    write('packages/domain/package.json', '{"version":"2"}');
    await run('studyin');
    await run('studyin');
    expect(npxCalls()).to.have.length(2);
  });

  it('keeps the output of the installation off its own, which may be JSON', async () => {
    const { code, stdout, stderr } = await run('start', '--', '--exit', '--json');
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      args: ['up', '--exit', '--json'],
      conditions: [...cliNodeArgs, '--conditions=@studyin/source'],
    });
    expect(stderr).to.include('packages: 12');
  });

  it('says in one line that the first run needs the network when the installation fails', async () => {
    writeNpx(1);
    const { code, stderr } = await run('start');
    expect(code).to.equal(1);
    expect(stderr.trim().split('\n').at(-1)).to.equal(
      'studyin: installing failed (exit 1); the lines above say why. The first run needs the network.',
    );
    expect(await run('start')).to.have.property('code', 1);
  });

  it('ends with the code of the command, and 128 + number when a signal ended it', async () => {
    expect(await run('studyin', 'fails')).to.have.property('code', 3);
    expect(await run('studyin', 'dies')).to.have.property('code', 137);
  });

  it('refuses an unknown command in one line', async () => {
    const { code, stderr } = await run('sturt');
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      'studyin: unknown command "sturt": use one of start, studyin, test, bench, test:crash, check.\n',
    );
  });

  it('waits for its child after SIGINT, which the terminal sends to both, and passes SIGTERM on', async () => {
    const bootstrap = start(['studyin', 'stays']);
    const end = ended(bootstrap);
    let output = '';
    bootstrap.stdout.on('data', (text: Buffer) => (output += text.toString()));
    await waitFor(() => output.includes('up'), { what: 'the child' });
    bootstrap.kill('SIGINT');
    bootstrap.kill('SIGTERM');
    expect(await end).to.include({ code: 7, stdout: 'up\nSIGTERM\n' });
  });

  it('needs nothing that Node 20 does not have', () => {
    const text = readFileSync(join(checkout, 'scripts/bootstrap.mjs'), 'utf8');
    const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name ?? '');
    expect(imported.filter((name) => !name.startsWith('node:'))).to.deep.equal([]);
  });
});
