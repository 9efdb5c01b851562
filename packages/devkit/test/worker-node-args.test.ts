import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cliNodeArgs } from '@studyin/devkit/processes/cli-node-args';
import { workerNodeArgs } from '@studyin/devkit/processes/worker-node-args';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the options of Node.js of a worker', () => {
  it('are the same in its package, in its image, and where the command line starts it', () => {
    expect(workerNodeArgs).not.empty;
    const command = ['node', ...workerNodeArgs, 'dist/main.js'];
    const { scripts } = JSON.parse(read('apps/worker/package.json')) as {
      readonly scripts: { readonly start: string };
    };
    expect(scripts.start).equal(command.join(' '));
    expect(read('docker/worker.Dockerfile')).includes(`CMD ${JSON.stringify(command).replaceAll(',', ', ')}`);
  });

  it('and of the command line are those that pnpm studyin gives it', () => {
    expect(cliNodeArgs).not.empty;
    const list = cliNodeArgs.map((arg) => `'${arg}'`).join(', ');
    expect(read('scripts/bootstrap.mjs')).includes(`const nodeArgs = [${list}];`);
  });
});
