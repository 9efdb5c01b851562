// A TypeScript project in a temporary folder that installs the packed packages as any other project would.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const workspace = resolve(import.meta.dirname, '..', '..', '..', '..');

export type Ended = { readonly code: number; readonly output: string };

export type OutsideProject = {
  readonly folder: string;
  /** The packed packages, by their folder in the workspace. */
  readonly tarballs: Readonly<Record<'client' | 'domain', string>>;
  write(file: string, text: string): void;
  /** Type-checks every file of the project; third-party declarations are not its concern. */
  typeCheck(options?: { readonly skipLibCheck?: boolean }): Promise<Ended>;
  /** Runs a file on plain Node, without the workspace's condition. */
  run(file: string): Promise<Ended>;
  remove(): void;
};

/** Builds and packs both packages and installs them from the local store, without the network where that is possible. */
export async function createOutsideProject(): Promise<OutsideProject> {
  const folder = mkdtempSync(join(tmpdir(), 'studyin-outside-'));
  try {
    return openProject(folder, await packAndInstall(folder));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function packAndInstall(folder: string): Promise<OutsideProject['tarballs']> {
  const pnpm = await findPnpm();
  const tarballs = { domain: await pack(pnpm, 'domain', folder), client: await pack(pnpm, 'client', folder) };
  writeFileSync(join(folder, 'package.json'), manifest(tarballs));
  // pnpm prefers the versions of a lockfile that is there: those that are in the store.
  cpSync(join(workspace, 'pnpm-lock.yaml'), join(folder, 'pnpm-lock.yaml'));
  await install(pnpm, folder);
  return tarballs;
}

function openProject(folder: string, tarballs: OutsideProject['tarballs']): OutsideProject {
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  return {
    folder,
    tarballs,
    write,
    typeCheck: ({ skipLibCheck = true } = {}) => {
      write(
        'tsconfig.json',
        JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck }, include: ['*.ts'] }),
      );
      return run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], folder);
    },
    run: (file) => run(process.execPath, [file], folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

type Manifest = { readonly packageManager: string; readonly version: string };

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest; // as: our own file
}

function manifest(tarballs: OutsideProject['tarballs']): string {
  const { version } = readManifest(join(workspace, 'node_modules', 'typescript', 'package.json'));
  const packed = { '@studyin/client': `file:${tarballs.client}`, '@studyin/domain': `file:${tarballs.domain}` };
  return JSON.stringify({
    name: 'outside',
    private: true,
    type: 'module',
    dependencies: { ...packed, '@trpc/server': '^11.25.0' },
    devDependencies: { '@types/node': '^24.0.0', typescript: version },
  });
}

type Command = readonly [string, ...string[]];

async function findPnpm(): Promise<Command> {
  const { packageManager } = readManifest(join(workspace, 'package.json'));
  // Asking the registry first costs npx a minute where there is no network.
  const { code } = await run('npx', ['--offline', '--yes', packageManager, '--version'], workspace);
  return code === 0 ? ['npx', '--offline', '--yes', packageManager] : ['npx', '--yes', packageManager];
}

async function pack([npx, ...pnpm]: Command, name: string, folder: string): Promise<string> {
  const before = readdirSync(folder);
  await succeed(npx, [...pnpm, 'pack', '--pack-destination', folder], join(workspace, 'packages', name));
  const tarball = readdirSync(folder).find((file) => !before.includes(file));
  if (tarball === undefined) throw new Error(`pnpm pack made no file of ${name}`);
  return join(folder, tarball);
}

async function install([npx, ...pnpm]: Command, folder: string): Promise<void> {
  const args = [...pnpm, 'install', '--ignore-workspace', '--no-frozen-lockfile', '--ignore-scripts'];
  const { code } = await run(npx, [...args, '--offline'], folder);
  if (code !== 0) await succeed(npx, [...args, '--prefer-offline'], folder);
}

async function succeed(file: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await run(file, args, cwd);
  if (code !== 0) throw new Error(`${[file, ...args].join(' ')} ended with ${code} in ${cwd}\n${output}`);
}

function run(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  // What `npm test` or pnpm told its own child is not meant for this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm)_/i.test(name)));
  return new Promise((done) => {
    execFile(file, [...args], { cwd, env: { ...env, CI: 'true' } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, output: `${stdout}${stderr}` });
    });
  });
}
