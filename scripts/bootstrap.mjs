// The first file that runs on a machine: plain JavaScript for Node 20 with nothing installed.
// It installs what the lockfile asks for, then hands over to the pinned Node of the workspace.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = join(root, 'node_modules', '.studyin-stamp');
const node = join(root, 'node_modules', '.bin', 'node');

const cli = 'apps/cli/src/main.ts';
// of the command line; packages/devkit/src/processes/cli-node-args.ts says why, and a test compares the two
const nodeArgs = ['--max-semi-space-size=4'];

const commands = {
  start: [cli, 'up'],
  studyin: [cli],
  test: ['scripts/test.ts'],
  bench: ['packages/bench/src/main.ts'],
  'test:crash': ['packages/crash/src/main.ts'],
  check: ['scripts/test.ts', '--checks-only'],
};

function fail(message) {
  console.error(`studyin: ${message}`);
  process.exit(1);
}

function manifests() {
  const rooms = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}/package.json`),
  );
  return ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...rooms.sort()];
}

function wantedStamp() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const file of manifests()) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function isInstalled(stamp) {
  return existsSync(node) && existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === stamp;
}

/**
 * Runs a child to its end and resolves to its exit code, 128 + number for a signal.
 * SIGINT is only outlived, never passed on: a terminal sends it to the whole group, the child has it already.
 */
function run(file, args, options) {
  return new Promise((done, failed) => {
    const child = spawn(file, args, options);
    const forward = (signal) => child.kill(signal);
    const outlive = () => {};
    process.on('SIGTERM', forward).on('SIGHUP', forward).on('SIGINT', outlive);
    const release = () => process.off('SIGTERM', forward).off('SIGHUP', forward).off('SIGINT', outlive);
    child.once('error', (error) => {
      release();
      failed(error);
    });
    child.once('close', (code, signal) => {
      release();
      done({ code: signal ? 128 + constants.signals[signal] : code, signal });
    });
  });
}

async function install(stamp) {
  console.error('studyin: installing packages (needed once, and again when the lockfile changes) …');
  // Without CI=true pnpm asks before it replaces a node_modules folder, and without a terminal gives up.
  const env = { ...process.env, CI: 'true' };
  const shell = process.platform === 'win32';
  const args = ['--yes', 'pnpm@12.21.0', 'install', '--frozen-lockfile'];
  const { code } = await run('npx', args, { cwd: root, env, shell, stdio: ['ignore', 2, 2] });
  if (code > 128) process.exit(code);
  if (code !== 0 || !existsSync(node)) {
    fail(`installing failed (exit ${code}); the lines above say why. The first run needs the network.`);
  }
  writeFileSync(stampFile, `${stamp}\n`);
}

async function main() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) fail(`Node ${process.versions.node} is too old: Node 20 or newer is needed.`);
  const [name = '', ...given] = process.argv.slice(2);
  if (!Object.hasOwn(commands, name)) {
    fail(`unknown command "${name}": use one of ${Object.keys(commands).join(', ')}.`);
  }
  const [script, ...fixed] = commands[name];
  // pnpm hands the "--" of `pnpm start -- --exit` on to the script, npm does not.
  const rest = given[0] === '--' ? given.slice(1) : given;
  const stamp = wantedStamp();
  if (!isInstalled(stamp)) await install(stamp);
  const args = [
    ...(script === cli ? nodeArgs : []),
    '--conditions=@studyin/source',
    join(root, script),
    ...fixed,
    ...rest,
  ];
  const { code } = await run(node, args, { stdio: 'inherit' });
  process.exit(code);
}

try {
  await main();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
