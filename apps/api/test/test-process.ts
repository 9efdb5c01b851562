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
  const hear = (chunk: Buffer): void => void (said += chunk.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  await waitFor(() => said.includes('\n'), { what: `a line of ${script}`, timeoutMs: 60_000 });
  return {
    said: () => said,
    end: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
