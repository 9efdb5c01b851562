// A process of the product, and all that it says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '@studyin/testkit/wait-for';

export type TestProcess = {
  /** Standard output and standard error so far. */
  said(): string;
  /** Ends it in order. */
  end(): Promise<void>;
};

/** Starts a script and waits for its first line. */
export async function startProcess(
  script: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<TestProcess> {
  const child = spawn(process.execPath, ['--conditions=@studyin/source', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor(() => said.includes('\n'), { what: `a line of ${script}` });
  return {
    said: () => said,
    end: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
