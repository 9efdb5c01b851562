// Erases a learner in a process of its own and kills that process, with SIGKILL, inside the transaction of one table: when its rows
// are gone and the commit has not come. Arguments: URL, learner, table.
import { connect } from '@studyin/domain/database';
import { eraseLearner } from '@studyin/domain/services';
import { testKeys } from '@studyin/testkit/test-domain';

const [url = '', userId = '', fatalTable = ''] = process.argv.slice(2);
const database = connect({ url, role: 'studyin_eraser', poolSize: 1, applicationName: 'studyin-erasing-child' });
const die = (table: string, rows: number | null): void => {
  if (table === fatalTable && rows !== null) process.kill(process.pid, 'SIGKILL');
};
await eraseLearner({ database, keys: testKeys }, { userId, actor: null, reason: null }, { onStep: die });
await database.close();
