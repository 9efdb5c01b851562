// Run by file-storage.test.ts where no file can become large: stores acts, removes some when it fails, and says what it found.
import { fileStorage } from '@studyin/client/file-storage';
import { waitingAct } from './acts.ts';

const [folder = ''] = process.argv.slice(2);
const storage = fileStorage({ folder });
const stored: string[] = [];
let failures = 0;
for (let n = 0; n < 200; n += 1) {
  const act = waitingAct(`act-${n}`);
  try {
    await storage.add([act]);
    stored.push(act.key);
  } catch {
    failures += 1;
    await storage.remove(stored.splice(0, 20));
  }
}
await storage.release();
const found = (await fileStorage({ folder }).claim()).map(({ key }) => key);
console.log(JSON.stringify({ failures, stored, found }));
process.exit();
