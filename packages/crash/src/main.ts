// `pnpm test:crash`.
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: processes that are killed start again and again.
enableCompileCache();
const { runCommandLine } = await import('./run-command-line.ts');
await runCommandLine(process.argv.slice(2));
