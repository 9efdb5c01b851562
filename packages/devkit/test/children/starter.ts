// Starts a child, says its number, and waits to be killed.
import { join } from 'node:path';
import { startProcess } from '@studyin/devkit/processes/start-process';

const script = join(import.meta.dirname, 'patient.ts');
const child = await startProcess({ name: 'patient', script, env: {}, readyEvent: 'patient.ready' });
process.stdout.write(`${child.pid}\n`);
