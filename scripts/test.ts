// `npm test`: the checks, then the tests. The last line counts both.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TestCounts } from './mocha-reporter.ts';

const usage = `npm test [-- options] [files…]

  --checks-only   format, lint, types and unused code, no tests
  --grep TEXT     only tests whose name holds TEXT (a regular expression), no checks
  --fuzz          only the generated calls to the API, 100,000 of them (STUDYIN_FUZZ_PAYLOADS), new ones each time (STUDYIN_FUZZ_SEED)
  files           only these test files, no checks`;

const root = resolve(import.meta.dirname, '..');
const allTests = ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'];
const noCounts: TestCounts = { passed: 0, failed: 0, skipped: 0 };

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

// Longest first: two run at a time.
const checks: readonly Check[] = [
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '--cache', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'unused code', command: ['knip'] },
];

const ending = new AbortController();
for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => {
    process.exitCode = code;
    ending.abort();
  });
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run(file: string, args: readonly string[], stdio: 'pipe' | 'inherit'): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', stdio, stdio], signal: ending.signal });
    let output = '';
    child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (output += text.toString()));
    child.once('error', (error) => {
      if (!ending.signal.aborted) failed(error);
    });
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}

async function runCheck({ name, command: [tool, ...args] }: Check): Promise<TestCounts> {
  const startedAt = performance.now();
  const { code, output } = await run(join(root, 'node_modules', '.bin', tool), args, 'pipe');
  console.log(`  ${code === 0 ? '✔' : '✘'} ${name}  ${code === 0 ? 'passed' : 'FAILED'}  ${seconds(startedAt)}`);
  if (code !== 0) console.log(`\n${output.trim()}\n\n    (${[tool, ...args].join(' ')})\n`);
  return { ...noCounts, ...(code === 0 ? { passed: 1 } : { failed: 1 }) };
}

async function runChecks(): Promise<TestCounts> {
  console.log('checks');
  const waiting = [...checks];
  const drain = async (): Promise<TestCounts> => {
    const check = waiting.shift();
    if (check === undefined || ending.signal.aborted) return noCounts;
    return add(await runCheck(check), await drain());
  };
  return (await Promise.all([drain(), drain()])).reduce(add);
}

function readCounts(file: string): TestCounts | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestCounts; // written by our own reporter
  } catch {
    return null;
  }
}

async function runTests(files: readonly string[], grep: string | undefined): Promise<TestCounts> {
  console.log('tests');
  const folder = mkdtempSync(join(tmpdir(), 'studyin-test-'));
  const result = join(folder, 'result.json');
  const reporter = ['--reporter', join(root, 'scripts', 'mocha-reporter.ts'), '--reporter-option', `result=${result}`];
  const filter = grep === undefined ? [] : ['--grep', grep];
  const mocha = join(root, 'node_modules', '.bin', 'mocha');
  const { code } = await run(mocha, [...reporter, ...filter, ...files], 'inherit');
  const counts = readCounts(result);
  rmSync(folder, { recursive: true, force: true });
  if (counts === null || (code !== 0 && counts.failed === 0)) {
    console.log(`  ✘ the test runner ended with ${code} and no failed test: its own words are above`);
    return add(counts ?? noCounts, { ...noCounts, failed: 1 });
  }
  if (counts.passed + counts.failed > 0) return counts;
  console.log('  ✘ no test ran');
  return { ...counts, failed: 1 };
}

function add(a: TestCounts, b: TestCounts): TestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Settings of the long form, which the test reads from the environment; and its file. */
function chooseFuzz(): readonly string[] {
  process.env['STUDYIN_FUZZ_PAYLOADS'] ??= '100000';
  process.env['STUDYIN_FUZZ_SEED'] ??= String(Math.floor(Math.random() * 2 ** 31));
  return [join(root, 'apps/api/test/fuzz.test.ts')];
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'checks-only': { type: 'boolean' },
      fuzz: { type: 'boolean' },
      grep: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return console.log(usage);
  const startedAt = performance.now();
  const isPart = values.grep !== undefined || values.fuzz === true || positionals.length > 0;
  // A file is named from where the user stands; npm and pnpm say in INIT_CWD where that is.
  const named = positionals.map((file) => resolve(process.env['INIT_CWD'] ?? process.cwd(), file));
  const files = values.fuzz === true ? chooseFuzz() : named;
  const ofChecks = isPart ? noCounts : await runChecks();
  const withTests = values['checks-only'] !== true && !ending.signal.aborted;
  const ofTests = withTests ? await runTests(isPart && files.length > 0 ? files : allTests, values.grep) : noCounts;
  const { passed, failed, skipped } = add(ofChecks, ofTests);
  process.exitCode ??= failed > 0 ? 1 : 0;
  console.log(`took ${seconds(startedAt)}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

await main();
