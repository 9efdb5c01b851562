import { expect } from 'chai';
import fc from 'fast-check';
import { openText, sealText } from '../../src/services/sealed-text.ts';
import type { Place } from '../../src/services/sealed-text.ts';

const key = 'subject-key-of-these-tests-00000001';
const place: Place = ['cohorts.name', '11111111-2222-4333-8444-55555555555a'];

describe('a sealed text', () => {
  it('opens in its row, whatever it says, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const sealed = sealText(key, text, place);
        expect(openText(key, sealed, place)).to.equal(text);
        expect(sealed).to.match(/^v1\.[\w-]+$/);
      }),
    );
    const sealed = sealText(key, 'Group of Josephine', place);
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).to.not.include('Josephine');
    expect(openText(key, sealed, [place[0], (place[1] ?? '').toUpperCase()])).to.equal('Group of Josephine');
  });

  it('is never sealed the same twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => sealText(key, 'Year 2', place))).size).to.equal(100);
  });

  it('does not open in another row or column, under another key, or changed', () => {
    const sealed = sealText(key, 'Year 2', place);
    const other = sealed.at(-5) === 'A' ? 'B' : 'A';
    const changed = `${sealed.slice(0, -5)}${other}${sealed.slice(-4)}`;
    expect([
      openText(key, sealed, ['cohorts.name', '21111111-2222-4333-8444-55555555555a']),
      openText(key, sealed, ['access_log.reason', ...place.slice(1)]),
      openText(`${key}2`, sealed, place),
      openText(key, changed, place),
    ]).to.deep.equal([null, null, null, null]);
  });

  it('is told from one of before there were seals, which is given as it is', () => {
    for (const text of ['', 'Year 2', 'v1.', 'v1.2 of the exam', 'v1.a-slug-of-a-cohort']) {
      expect(openText(key, text, place)).to.equal(text);
    }
  });
});
