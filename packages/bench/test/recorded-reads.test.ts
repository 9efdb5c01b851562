import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { appendUnit, beginRecording } from '../src/benches/nightly-recording.ts';
import type { RecordedUnit } from '../src/benches/nightly-recording.ts';
import { recordReads, rowsIn, splitByReads } from '../src/benches/recorded-reads.ts';

const unit = (name: string): RecordedUnit => [{ name, text: `select '${name}'`, values: [] }];

describe('recorded reads', () => {
  it('begin with the watermark, and have all statements that find the answer, and no other', () => {
    const names = [
      'health.check',
      'dashboard.own_watermark',
      'dashboard.metrics',
      'dashboard.learner_watermark',
      'dashboard.mastery_weakest',
      'queue.count',
      'dashboard.systems',
    ];
    expect(splitByReads(names.map(unit)).map((read) => read.map(({ name }) => name))).to.deep.equal([
      ['dashboard.metrics'],
      ['dashboard.mastery_weakest', 'dashboard.systems'],
    ]);
  });

  it('are counted by the rows that the limit answered, of one statement or of several', () => {
    const answered = (json: unknown): string => JSON.stringify({ result: { data: { json } } });
    expect([[{ n: 1 }, { n: 2 }], [[{ n: 1 }], []], [[], []], []].map((rows) => rowsIn(answered(rows)))).to.deep.equal([
      2, 1, 0, 0,
    ]);
  });

  it('are recorded without what a server read before the first, as it warmed up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'studyin-recorded-reads-'));
    const file = join(folder, 'recording');
    const record = (...names: readonly string[]): void => names.map(unit).forEach((one) => appendUnit(file, one));
    const server = createServer(({ url = '' }, response) => {
      record('dashboard.learner_watermark', `dashboard.${url.slice(1)}`);
      response.end(`answer to ${url}`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // not a string: it listens on TCP
    try {
      beginRecording(file);
      record('dashboard.learner_watermark', 'dashboard.metrics', 'dashboard.learner_watermark');
      const reads = ['/overview', '/heatmap'].map((path) => ({ path, token: 'a.b.c' }));
      const recorded = await recordReads(`http://127.0.0.1:${port}`, reads, file);
      expect(recorded.map(({ path, statements }) => [path, ...statements.map(({ name }) => name)])).to.deep.equal([
        ['/overview', 'dashboard.overview'],
        ['/heatmap', 'dashboard.heatmap'],
      ]);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
