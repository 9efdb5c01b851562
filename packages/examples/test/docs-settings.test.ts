// The settings of the operations page against what the processes read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { envToConfig as apiConfig } from '@studyin/api/config';
import { envToConfig as cliConfig } from '@studyin/cli/config';
import { envToConfig as workerConfig } from '@studyin/worker/config';
import { getPage, partOf, root, rowsOf } from './pages.ts';

type Env = Readonly<Record<string, string>>;

const key = 'k'.repeat(32);
const required = {
  DATABASE_URL: 'postgres://login@127.0.0.1:5432/studyin',
  STUDYIN_SESSION_KEY: key,
  STUDYIN_SUBJECT_KEY: key,
};
const processes = {
  API: { folder: 'api', read: (env: Env): object => apiConfig({ ...required, STUDYIN_TOKEN_SECRET: key, ...env }) },
  worker: { folder: 'worker', read: (env: Env): object => workerConfig({ ...required, ...env }) },
  // What is handed on to the processes as it is says nothing about defaults.
  CLI: { folder: 'cli', read: (env: Env): object => ({ ...cliConfig(env), env: null }) },
} as const;

const settings = rowsOf(partOf(getPage('docs/operations.md'), 'settings')).map(
  ([name = '', byDefault = '', by = '']) => ({
    name,
    byDefault,
    usedBy: by.split(', '),
  }),
);

/** The keys of the one schema that stands in a process's config.ts, with those that it takes over. */
function namesIn(folder: string): readonly string[] {
  const source = readFileSync(join(root, 'apps', folder, 'src/config.ts'), 'utf8');
  const own = keysAfter(source, 'const settings = z.object({');
  if (!source.includes('\n  ...ruleSettings,')) return own;
  const rules = readFileSync(join(root, 'packages/settings/src/rules.ts'), 'utf8');
  return [...own, ...keysAfter(rules, 'const ruleSettings = {')];
}

function keysAfter(source: string, beginning: string): readonly string[] {
  const [, fields = ''] = source.split(beginning);
  return [...fields.slice(0, fields.indexOf('\n}')).matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name);
}

describe('the settings of the operations page', () => {
  for (const [process, { folder, read }] of Object.entries(processes)) {
    it(`are all that the ${process} reads, and no others`, () => {
      const described = settings.filter(({ usedBy }) => usedBy.includes(process)).map(({ name }) => name);
      expect([...described].sort()).to.deep.equal([...namesIn(folder)].sort());
    });

    it(`show the defaults of the ${process}`, () => {
      const defaults = settings.filter(({ usedBy, byDefault }) => usedBy.includes(process) && isValue(byDefault));
      const bare = read({});
      for (const { name, byDefault } of defaults) {
        const given = read({ [name]: byDefault });
        expect(withoutMarks(given), name).to.deep.equal(withoutMarks(bare));
      }
    });
  }

  it('say which are required', () => {
    const needed = settings.filter(({ byDefault }) => byDefault === 'required by API and worker');
    expect(needed.map(({ name }) => name).sort()).to.deep.equal(Object.keys(required).sort());
    expect(() => workerConfig({})).to.throw(/DATABASE_URL is not set; STUDYIN_SESSION_KEY is not set/);
  });

  it('are those of .env.example', () => {
    const example = readFileSync(join(root, '.env.example'), 'utf8');
    const given = [...example.matchAll(/^(?:# )?([A-Z_]{4,})=(.*)$/gm)].map(([, name = '', value = '']) => ({
      name,
      value,
    }));
    expect(given.map(({ name }) => name).sort()).to.deep.equal(settings.map(({ name }) => name).sort());
    for (const { name, byDefault } of settings.filter((setting) => isValue(setting.byDefault))) {
      expect(given.find((line) => line.name === name)?.value, name).to.equal(byDefault);
    }
  });
});

function isValue(byDefault: string): boolean {
  return byDefault !== 'none' && !byDefault.startsWith('required');
}

/** Whether a port was asked for is no part of its value. */
function withoutMarks(config: object): unknown {
  return JSON.parse(JSON.stringify(config, (name, value: unknown) => (name === 'isPortDefault' ? undefined : value)));
}
