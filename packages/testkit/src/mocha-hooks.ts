// Mocha's `require`: loaded by the main process and by every parallel worker. Named as mocha wants them.
import { dropForgottenDatabases } from './test-database.ts';
import { testRun } from './test-run.ts';
import { closeTestRun } from './test-server.ts';

// Before the workers start, so that they inherit it.
testRun();

export async function mochaGlobalTeardown(): Promise<void> {
  await closeTestRun();
}

export const mochaHooks = {
  async afterAll(): Promise<void> {
    await dropForgottenDatabases();
  },
};
