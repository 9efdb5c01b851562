import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { appendUnit, beginRecording, readRecording, splitBySteps } from '../src/benches/nightly-recording.ts';
import type { RecordedUnit } from '../src/benches/nightly-recording.ts';

const unit = (name: string, ...values: unknown[]): RecordedUnit => [{ name, text: `select '${name}'`, values }];

describe('a recording of statements', () => {
  const folder = mkdtempSync(join(tmpdir(), 'studyin-recording-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is read as it was written, whatever its values are', () => {
    const file = join(folder, 'one');
    const units = [unit('a', 1, null, 'x'), unit('b', [1, [null]], new Date(0)), unit('c')];
    beginRecording(file);
    for (const one of units) appendUnit(file, one);
    expect(readRecording(file)).to.deep.equal(units);
  });

  it('is replayed step by step: no transaction overtakes the begin of a step', () => {
    const looks = unit('batch.lock_runs');
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => unit(name)) as [
      RecordedUnit,
      RecordedUnit,
      RecordedUnit,
      RecordedUnit,
    ]; // as: four in, four out
    expect(splitBySteps([a, looks, b, c, looks, d])).to.deep.equal([[a], [looks, b, c], [looks, d]]);
  });
});
