import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { createOutsideProject } from './outside-project/project.ts';
import type { OutsideProject } from './outside-project/project.ts';
import { startScriptedServer } from './scripted-server.ts';

const packages = resolve(import.meta.dirname, '..', '..');
const names = ['client', 'domain'] as const;

const readText = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');
const codeOf = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);

describe('a project outside the workspace', function () {
  this.timeout(60_000);
  let project: OutsideProject;
  const installed = (name: string, ...path: readonly string[]): string =>
    join(project.folder, 'node_modules', '@studyin', name, ...path);

  before(async function () {
    this.timeout(180_000);
    project = await createOutsideProject();
    project.write('exact-types.ts', readText(import.meta.dirname, 'outside-project', 'exact-types.ts.txt'));
    const blocks = names.flatMap((name) =>
      codeOf(readText(packages, name, 'README.md')).map((code, n) => ({ name, n, code })),
    );
    for (const { name, n, code } of blocks) project.write(`readme-${name}-${n}.ts`, code);
  });
  after(() => project.remove());

  it('gets what is built, the license, the READMEs and the manifests', () => {
    const built = /^package\/dist\/.*\.(js|d\.ts|sql|json|csv)$/;
    for (const tarball of Object.values(project.tarballs)) {
      const files = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
      expect(files.filter((file) => !built.test(file))).members([
        'package/LICENSE',
        'package/README.md',
        'package/package.json',
      ]);
    }
  });

  it('gets manifests that mean nothing of the workspace', () => {
    for (const name of names) {
      expect(readText(installed(name, 'package.json'))).not.match(/catalog:|workspace:|@studyin\/source|"\.?\/?src/);
    }
  });

  it('gets the migrations beside the code that reads them', () => {
    const migrations = (folder: string): readonly string[] => readdirSync(folder).sort();
    expect(migrations(installed('domain', 'dist', 'migrations'))).deep.equal(
      migrations(join(packages, 'domain', 'src', 'migrations')),
    );
  });

  it('compiles with exact types, the code of both READMEs included', async () => {
    expect(await project.typeCheck()).deep.equal({ code: 0, output: '' });
  });

  it('finds every declaration that ours refer to', async () => {
    const { output } = await project.typeCheck({ skipLibCheck: false });
    const ours = output.split('\n').filter((line) => /\/@studyin\/\w+\/dist\/[^(]*\(\d/.test(line));
    expect(ours).deep.equal([]);
  });

  it('would not compile if the types of the router were lost', async () => {
    const file = installed('client', 'dist', 'router.d.ts');
    const kept = readText(file);
    // Removed first: the file may be a hard link into the package manager's store.
    rmSync(file);
    writeFileSync(file, 'export type AppRouter = any;\n');
    const { code, output } = await project.typeCheck();
    rmSync(file);
    writeFileSync(file, kept);
    expect(code).not.equal(0);
    expect(output)
      .contain("Unused '@ts-expect-error' directive")
      .and.contain("'false' does not satisfy the constraint 'true'");
  });

  it('runs the algorithms, and the README says what they print', async () => {
    const printed = /console\.log\(.*\); \/\/ (.*)$/m.exec(readText(packages, 'domain', 'README.md'))?.[1];
    expect(await project.run('readme-domain-0.ts')).deep.equal({ code: 0, output: `${printed}\n` });
  });

  it('loads every entry point of the domain, and reads its migrations', async () => {
    const entries = ['algorithms', 'database', 'errors', 'events', 'jobs', 'models', 'services'];
    const imports = entries.map((entry) => `import * as ${entry} from '@studyin/domain/${entry}';`);
    project.write(
      'entries.js',
      [
        ...imports,
        `console.log((await database.listMigrations())[0], [${entries.join(', ')}].every((entry) => Object.keys(entry).length > 0));`,
      ].join('\n'),
    );
    expect(await project.run('entries.js')).deep.equal({ code: 0, output: '0001_facts.sql true\n' });
  });

  it('loads the client without anything of Node, and its storages by themselves', async () => {
    project.write(
      'storages.js',
      [
        `import { registerHooks } from 'node:module';`,
        `const seen = [];`,
        `registerHooks({ resolve: (specifier, context, next) => { if (context.parentURL?.includes('@studyin/client')) seen.push(specifier); return next(specifier, context); } });`,
        `const { indexedDbStorage } = await import('@studyin/client/indexeddb-storage');`,
        `const { createClient } = await import('@studyin/client');`,
        `const inBrowser = seen.some((specifier) => specifier.startsWith('node:'));`,
        `const { fileStorage } = await import('@studyin/client/file-storage');`,
        `console.log(seen.length > 20, inBrowser, [createClient, indexedDbStorage, fileStorage].map((each) => typeof each));`,
      ].join('\n'),
    );
    const output = `true false [ 'function', 'function', 'function' ]\n`;
    expect(await project.run('storages.js')).deep.equal({ code: 0, output });
  });

  it('tracks events and reads a dashboard as the README says', async () => {
    const overview = { streak: { currentDays: 3 }, last7Days: { minutes: 42 } };
    const server = await startScriptedServer({
      answer: ({ path }) =>
        path === 'tracking.events'
          ? { results: [{ status: 'accepted' }, { status: 'accepted' }], serverTime: new Date().toISOString() }
          : overview,
    });
    project.write(
      'readme-client-0.ts',
      (codeOf(readText(packages, 'client', 'README.md'))[0] ?? '').replace('http://127.0.0.1:4000', server.url),
    );
    const ended = await project.run('readme-client-0.ts');
    await server.close();
    expect(ended).deep.equal({ code: 0, output: '{ waiting: 0 }\n42 minutes this week, 3 days in a row\n' });
    expect(readdirSync(join(project.folder, 'study-queue'))).deep.equal([]);
    expect(server.requests.flatMap(({ calls }) => calls).map(({ path }) => path)).deep.equal([
      'tracking.events',
      'dashboard.overview',
    ]);
  });
});
