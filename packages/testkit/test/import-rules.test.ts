// Who may import whom: each rule of .oxlintrc.json is shown failing once, beside an import that it lets pass.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../../..');
const domain = 'packages/domain/src';

type Rule = 'no-restricted-imports' | 'no-restricted-globals' | 'no-restricted-properties';

interface Case {
  readonly room: string;
  readonly forbidden: readonly string[];
  readonly allowed: readonly string[];
  readonly rule?: Rule;
}

const importsOf = (...from: readonly string[]) => from.map((name) => `import { a } from '${name}';`);
const startsAppsAsProcesses: Omit<Case, 'room'> = {
  forbidden: [
    `import { startApi } from '@studyin/api/start-api';`,
    `import { startWorker } from '@studyin/worker/start-worker';`,
    `import { a } from '../../../../apps/worker/src/start-worker.ts';`,
    `import { a } from '@studyin/testkit/wait-for';`,
  ],
  allowed: [`import { a } from '@studyin/domain/services';`, `import pg from 'pg';`],
};

const cases: Readonly<Record<string, Case>> = {
  'algorithms import nothing but their own room': {
    room: `${domain}/algorithms`,
    forbidden: [
      `import { z } from 'zod';`,
      `import { FSRSAlgorithm } from 'ts-fsrs';`,
      `import { randomUUID } from 'node:crypto';`,
      `import { parseEvent } from '../events/index.ts';`,
      `import type { Tx } from '../database/index.ts';`,
      `export { DomainError } from '../errors.ts';`,
    ],
    allowed: [`import { addDays } from './study-day.ts';`],
  },
  'algorithms know no clock, process, log or network': {
    room: `${domain}/algorithms`,
    rule: 'no-restricted-globals',
    forbidden: [
      'export const a = new Date();',
      'export const a = Date.now();',
      'export const a = globalThis.Date.now();',
      'export const a = performance.now();',
      'export const a = process.hrtime();',
      'export const a = crypto.randomUUID();',
      'console.log(1);',
      `void fetch('http://localhost');`,
      'setTimeout(() => 1, 1);',
    ],
    allowed: ['export const dayOf = (date: string): string => date.slice(0, 10);'],
  },
  'algorithms draw no random numbers': {
    room: `${domain}/algorithms`,
    rule: 'no-restricted-properties',
    forbidden: ['export const a = Math.random();', 'const { random } = Math;\nexport { random };'],
    allowed: ['export const a = Math.exp(1);'],
  },
  'events import algorithms, and no room that touches the database': {
    room: `${domain}/events`,
    forbidden: [
      ...['models', 'database', 'stores', 'jobs', 'services'].map((room) => `import { a } from '../${room}/index.ts';`),
      `import type { App } from '../app.ts';`,
      `import express from 'express';`,
      `import pg from 'pg';`,
      `import { a } from '@studyin/domain/services';`,
    ],
    allowed: [
      `import { addDays } from '../algorithms/index.ts';`,
      `import { z } from 'zod';`,
      `import { a } from '../errors.ts';`,
    ],
  },
  'models import sequelize and their own room': {
    room: `${domain}/models`,
    forbidden: [
      `import { connect } from '../database/index.ts';`,
      `import pg from 'pg';`,
      `import { z } from 'zod';`,
      `import { readFileSync } from 'node:fs';`,
    ],
    allowed: [`import { Model } from 'sequelize';`, `import { Learner } from './learner.ts';`],
  },
  'the database imports models, and no room above it': {
    room: `${domain}/database`,
    forbidden: [
      ...['algorithms', 'events', 'stores', 'jobs', 'services'].map(
        (room) => `import { a } from '../${room}/index.ts';`,
      ),
      `import { initTRPC } from '@trpc/server';`,
    ],
    allowed: [`import { Learner } from '../models/index.ts';`, `import { Client } from 'pg';`],
  },
  'stores import database and models, and make no connection': {
    room: `${domain}/stores`,
    forbidden: [
      ...['events', 'jobs', 'services'].map((room) => `import { a } from '../${room}/index.ts';`),
      `import { Client } from 'pg';`,
      `import { Sequelize } from 'sequelize';`,
      `import { connect } from '../database/index.ts';`,
      `import { connect } from '../database/connect.ts';`,
      `import express from 'express';`,
    ],
    allowed: [
      `import { statement } from '../database/index.ts';`,
      `import type { Tx } from '../database/index.ts';`,
      `import { Learner } from '../models/index.ts';`,
    ],
  },
  'jobs import the database, and no use case': {
    room: `${domain}/jobs`,
    forbidden: [
      ...['algorithms', 'events', 'models', 'stores', 'services'].map(
        (room) => `import { a } from '../${room}/index.ts';`,
      ),
      `import { Sequelize } from 'sequelize';`,
    ],
    allowed: [`import type { Tx } from '../database/index.ts';`, `import { PgBoss } from 'pg-boss';`],
  },
  'services know no HTTP, no models and no connection': {
    room: `${domain}/services`,
    forbidden: [
      `import express from 'express';`,
      `import { TRPCError } from '@trpc/server';`,
      `import process from 'node:process';`,
      `import { Learner } from '../models/index.ts';`,
      `import { Learner } from '../../models/index.ts';`,
      `import { Sequelize } from 'sequelize';`,
      `import { PgBoss } from 'pg-boss';`,
      `import { connect } from '../database/index.ts';`,
      `const later = () => import('../models/index.ts');\nexport { later };`,
      `import { api } from '@studyin/api/router';`,
    ],
    allowed: [
      `import { foldAnswers } from '../algorithms/index.ts';`,
      `import { parseEvent } from '../events/index.ts';`,
      `import { insertEvents } from '../stores/event-store.ts';`,
      `import { enqueue } from '../jobs/index.ts';`,
      `import type { Tx } from '../database/index.ts';`,
      `import { DomainError } from '../errors.ts';`,
    ],
  },
  'services never read the process': {
    room: `${domain}/services`,
    rule: 'no-restricted-globals',
    forbidden: ['export const a = process.pid;', 'export const a = globalThis.process.pid;'],
    allowed: ['export const a = (app: { clock: () => Date }): Date => app.clock();'],
  },
  'the client imports the type of the router, nothing else': {
    room: 'packages/client/src',
    forbidden: [
      `import { appRouter } from '@studyin/api/router';`,
      `import type { Config } from '@studyin/api/config';`,
      `import type { Event } from '@studyin/domain/events';`,
      `import { a } from '../../../apps/api/src/router.ts';`,
    ],
    allowed: [`import type { AppRouter } from '@studyin/api/router';`, ...importsOf('@trpc/client')],
  },
  'the devkit imports domain and client': {
    room: 'packages/devkit/src',
    forbidden: importsOf('@studyin/api/server', '@studyin/testkit/wait-for'),
    allowed: importsOf('@studyin/domain/events', '@studyin/client'),
  },
  'the testkit imports domain and devkit': {
    room: 'packages/testkit/src',
    forbidden: importsOf('@studyin/api/server', '@studyin/client'),
    allowed: importsOf('@studyin/domain/database', '@studyin/devkit/a'),
  },
  'settings import the domain, and no process': {
    room: 'packages/settings/src',
    forbidden: importsOf('@studyin/api/a', '@studyin/telemetry/a', '@studyin/domain/models', 'pg'),
    allowed: importsOf('@studyin/domain/services'),
  },
  'telemetry imports domain and settings, and no process': {
    room: 'packages/telemetry/src',
    forbidden: importsOf('@studyin/api/a', '@studyin/worker/a', '@studyin/domain/models', 'pg'),
    allowed: importsOf('@studyin/domain/services', '@studyin/settings/fields'),
  },
  'benchmarks import domain and devkit, and no app': { room: 'packages/bench/src/benches', ...startsAppsAsProcesses },
  'crash tests import domain and devkit, and no app': { room: 'packages/crash/src/scenes', ...startsAppsAsProcesses },
  'the API knows no models, no stores and no driver': {
    room: 'apps/api/src/routers',
    forbidden: [
      `import { Learner } from '@studyin/domain/models';`,
      `import { a } from '@studyin/domain/stores';`,
      `import { a } from '../../../../packages/domain/src/stores/event-store.ts';`,
      `import pg from 'pg';`,
      `import { Sequelize } from 'sequelize';`,
      `import { a } from '@studyin/devkit/embedded-database';`,
      `import { a } from '@studyin/testkit/wait-for';`,
    ],
    allowed: [`import { a } from '@studyin/domain/services';`, `import { connect } from '@studyin/domain/database';`],
  },
  'the worker imports the domain': {
    room: 'apps/worker/src',
    forbidden: [
      `import { a } from '@studyin/api/config';`,
      `import { a } from '@studyin/client';`,
      `import pg from 'pg';`,
    ],
    allowed: [`import { a } from '@studyin/domain/jobs';`],
  },
  'the command line imports domain, client and devkit': {
    room: 'apps/cli/src',
    forbidden: [`import { a } from '@studyin/api/server';`, `import { a } from '@studyin/testkit/wait-for';`],
    allowed: [
      `import { a } from '@studyin/domain/services';`,
      `import { a } from '@studyin/client';`,
      `import { a } from '@studyin/devkit/embedded-database';`,
    ],
  },
  'tests import the testkit, and other packages by their names': {
    room: 'apps/api/test',
    forbidden: [`import { a } from '../../../packages/domain/src/stores/event-store.ts';`],
    allowed: ['@studyin/testkit/wait-for', '../src/server.ts'].map((from) => `import { a } from '${from}';`),
  },
};

// One file, by its name: a line for each import.
const libraryFile = {
  file: `${domain}/algorithms/fsrs-6.ts`,
  allowed: [`import { FSRSAlgorithm } from 'ts-fsrs';`, `import { addDays } from './study-day.ts';`],
  forbidden: [
    `import { createEmptyCard } from 'ts-fsrs';`,
    `import * as everything from 'ts-fsrs';`,
    `import { a } from 'ts-fsrs/dist/index.mjs';`,
    `import { b } from 'ts-fs';`,
    `import { z } from 'zod';`,
    `import { randomUUID } from 'node:crypto';`,
    `import { parseEvent } from '../events/index.ts';`,
  ],
};

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

function lint(folder: string): ReadonlyMap<string, readonly Diagnostic[]> {
  const oxlint = join(root, 'node_modules', '.bin', 'oxlint');
  const { stdout } = spawnSync(oxlint, ['--format=json'], { cwd: folder, encoding: 'utf8', maxBuffer: 64_000_000 });
  const report = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }; // oxlint's own format
  return Map.groupBy(report.diagnostics, ({ filename }) => filename);
}

describe('the import rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'studyin-lint-'));
  let found: ReadonlyMap<string, readonly Diagnostic[]>;

  const restrictionsOf = (file: string): readonly Diagnostic[] =>
    (found.get(file) ?? []).filter(({ code }) => code.includes('no-restricted-'));

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  };

  before(() => {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    Object.values(cases).forEach(({ room, forbidden, allowed }, number) => {
      forbidden.forEach((text, index) => write(`${room}/case-${number}-forbidden-${index}.ts`, text));
      allowed.forEach((text, index) => write(`${room}/case-${number}-allowed-${index}.ts`, text));
    });
    write(libraryFile.file, [...libraryFile.allowed, ...libraryFile.forbidden].join('\n'));
    found = lint(folder);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  Object.entries(cases).forEach(([name, { room, forbidden, allowed, rule = 'no-restricted-imports' }], number) => {
    const codesOf = (kind: string, index: number): readonly string[] =>
      restrictionsOf(`${room}/case-${number}-${kind}-${index}.ts`).map(({ code }) => code);

    it(name, () => {
      forbidden.forEach((text, index) => {
        expect(codesOf('forbidden', index), text).to.include(`eslint(${rule})`);
      });
      allowed.forEach((text, index) => {
        expect(codesOf('allowed', index), text).to.deep.equal([]);
      });
    });
  });

  it('one file of the algorithms imports a library, and of it one class', () => {
    const { file, allowed, forbidden } = libraryFile;
    const lines = new Set(restrictionsOf(file).map(({ labels }) => labels[0]?.span.line));
    const expected = forbidden.map((_, index) => allowed.length + index + 1);
    expect([...lines]).to.have.members(expected);
  });
});
