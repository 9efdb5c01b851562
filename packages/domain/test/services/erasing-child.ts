// Erases a learner in a process of its own and kills that process, with SIGKILL, inside its n-th transaction: when all of it is done
// and the commit has not come. Arguments: URL, learner, n. It ends by itself where there are fewer.
import { enableCompileCache } from 'node:module';

enableCompileCache(); // it is started some twenty times
const { connectEraser } = await import('@studyin/domain/database');
const { eraseLearner } = await import('../../src/services/erase-learner.ts');
const { testKeys } = await import('@studyin/testkit/test-domain');

const [url = '', userId = '', fatal = ''] = process.argv.slice(2);
const database = connectEraser({ url, role: 'studyin_runtime', applicationName: 'studyin-erasing-child' });
let transactions = 0;
const mortal: typeof database = {
  ...database,
  transaction: (fn) =>
    database.transaction(async (tx) => {
      const result = await fn(tx);
      if ((transactions += 1) === Number(fatal)) process.kill(process.pid, 'SIGKILL');
      return result;
    }),
};
await eraseLearner({ database: mortal, keys: testKeys }, { userId, actor: null, reason: null });
await database.close();
