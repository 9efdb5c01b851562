import { expect } from 'chai';
import { splitByReads } from '../src/benches/recorded-reads.ts';
import type { RecordedUnit } from '../src/benches/nightly-recording.ts';

const unit = (name: string): RecordedUnit => [{ name, text: `select '${name}'`, values: [] }];

describe('recorded reads', () => {
  it('begin with the watermark, and have all statements that find the answer, and no other', () => {
    const names = [
      'health.check',
      'dashboard.learner_watermark',
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
});
