import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';

const script = join('packages', 'client', 'scripts', 'copy-router-types.ts');
const soundRouter = `export declare const appRouter: import("@trpc/server").TRPCBuiltRouter<{
    ctx: import("./context.ts").Context;
}>;
export type AppRouter = typeof appRouter;
`;

describe('copying the types of the router', () => {
  let workspace: string;

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), text);
  };
  const dist = (file = ''): string => join(workspace, 'packages', 'client', 'dist', file);
  const copy = () => spawnSync(process.execPath, [join(workspace, script)], { encoding: 'utf8' });

  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'studyin-router-'));
    const real = resolve(import.meta.dirname, '..', '..', '..', script);
    cpSync(real, join(workspace, script));
    write('packages/client/src/index.ts', '');
    write('packages/client/build/index.d.ts', `import type { AppRouter } from '@studyin/api/router';\n`);
    write('packages/client/build/index.js', `import superjson from 'superjson';\n`);
    write('apps/api/dist/router.d.ts', soundRouter);
  });
  afterEach(() => rmSync(workspace, { recursive: true }));

  it('leaves the context of the server behind', () => {
    expect(copy()).include({ status: 0, stderr: '' });
    expect(readFileSync(dist('router.d.ts'), 'utf8')).equal(
      soundRouter.replace('import("./context.ts").Context', 'object'),
    );
  });

  it('lets the client import the copy, also the second time', () => {
    for (let time = 1; time <= 2; time += 1) {
      expect(copy()).include({ status: 0 });
      expect(readFileSync(dist('index.d.ts'), 'utf8')).equal(`import type { AppRouter } from './router.js';\n`);
    }
  });

  it('removes what has no source any more', () => {
    write('packages/client/build/former.js', '');
    write('packages/client/build/former.d.ts', '');
    expect(copy()).include({ status: 0 });
    expect(readdirSync(dist())).members(['index.d.ts', 'index.js', 'router.d.ts']);
  });

  for (const [what, text] of [
    ['of a private package', `import type { Id } from "@studyin/domain/events";\n${soundRouter}`],
    ['of a file of the API', soundRouter.replace('./context.ts").Context', './schemas/learner.ts").Settings')],
    ['of another library', `export * from 'zod';\n${soundRouter}`],
    ['by reference', `/// <reference types="node" />\n${soundRouter}`],
  ] as const) {
    it(`fails on an import ${what}`, () => {
      write('apps/api/dist/router.d.ts', text);
      const { status, stderr } = copy();
      expect(status).equal(1);
      expect(stderr).match(/router\.d\.ts imports (@studyin\/domain\/events|\.\/schemas\/learner\.ts|zod|node);/);
    });
  }

  it('fails on an import of the client that a consumer does not have', () => {
    write('packages/client/build/index.js', `import { z } from 'zod';\n`);
    expect(copy().stderr).contain('dist/index.js imports zod');
  });

  it('fails on code of Node, which a browser does not have', () => {
    write('packages/client/build/index.js', `import { randomBytes } from 'node:crypto';\n`);
    expect(copy().stderr).contain('dist/index.js imports node:crypto');
  });

  it('takes the folder for Node along, whose code may use Node', () => {
    write('packages/client/src/node/files.ts', '');
    write('packages/client/build/node/files.js', `import 'node:fs';\n`);
    write('packages/client/build/node/files.d.ts', `import type { AppRouter } from '@studyin/api/router';\n`);
    expect(copy()).include({ status: 0, stderr: '' });
    expect(readdirSync(dist('node'))).members(['files.d.ts', 'files.js']);
    expect(readFileSync(dist('node/files.d.ts'), 'utf8')).contain(`from '../router.js'`);
  });

  it('fails where other code reaches into it', () => {
    write('packages/client/build/index.js', `export { files } from './node/files.js';\n`);
    expect(copy().stderr).contain('dist/index.js imports ./node/files.js');
  });
});
