import { expect } from 'chai';
import { createNameSearch, parseEvent } from '../../src/events/index.ts';
import type { NameSearch } from '../../src/events/index.ts';
import { attemptItem, customItem } from './items.ts';

function searchOf(names: readonly string[], handles: readonly string[] = []): NameSearch {
  const search = createNameSearch({ names, handles });
  if (search === null) throw new Error('nothing to look for');
  return search;
}

const josephine = searchOf(['Joséphine M. Canarybird', 'Josie'], ['jo.canary7']);
const pathOf = (input: unknown, names: NameSearch | null = josephine): string => {
  const result = parseEvent(input, names);
  return result.ok ? 'accepted' : `${result.reason} ${result.path}`;
};

const texts = [
  'Josephine',
  'a note by josephine',
  'JOSÉPHINE',
  'Jose\u0301phine',
  'Jo\u200bse\u00adphine',
  'Ｊｏｓｉｅ',
  'canarybird/notes',
  'notes_of_josie',
  'JosephineCanarybird',
  'Canarybird, Josephine',
  'jo.canary7',
  'jocanary7',
];
const harmless = ['', 'M', 'jo', 'bird', 'josephines', 'canary yellow', 'Jos', 'phine', 'renal-1', '7'];

const codes = [
  'Josephine-Canarybird',
  'josephine_canarybird',
  'josephineCanarybird2',
  'CanarybirdJoséphine',
  'canarybird.josephine.m',
  'deck_of_josephine_m_canarybird',
  'jo.canary7',
  'JO_CANARY7',
];

describe('the search for the caller’s names', () => {
  for (const text of texts) {
    it(`finds ${text} in a text`, () => {
      expect(josephine.isInText(text)).to.equal(true);
      expect(pathOf(customItem({ note: text }))).to.equal('pii properties.note');
      expect(JSON.stringify(parseEvent(customItem({ note: text }), josephine))).to.not.include(text);
      expect(pathOf(customItem({ note: text }), null)).to.equal('accepted');
    });
  }

  for (const code of codes) {
    it(`finds ${code} in a code, a key and the name of an event`, () => {
      expect(josephine.isInCode(code)).to.equal(true);
      expect(pathOf(attemptItem({}, { selectedAnswer: code }))).to.equal('pii properties.selectedAnswer');
      expect(pathOf(customItem({ [code]: 1 }))).to.equal('pii properties.*');
      expect(pathOf(attemptItem({}, { [code]: 1 }))).to.equal('invalid properties.*');
      if (/^[a-z_]+$/.test(code)) expect(pathOf(customItem({}, { name: code }))).to.equal('pii name');
    });
  }

  it('leaves other texts and codes alone', () => {
    for (const text of harmless) expect(pathOf(customItem({ note: text })), text).to.equal('accepted');
    expect(pathOf(customItem({ cards: 1 }, { name: 'deck_shared' }))).to.equal('accepted');
  });

  it('takes a code or key that is one word of a name: it may be the word for a thing', () => {
    const graves = searchOf(['Max Graves', 'Max', 'Graves'], ['max']);
    for (const selectedAnswer of ['graves', 'max', 'B', 'A-max']) {
      expect(pathOf(attemptItem({}, { selectedAnswer }), graves), selectedAnswer).to.equal('accepted');
    }
    expect(pathOf(customItem({ max: 10, min: 1 }, { name: 'max_changed' }), graves)).to.equal('accepted');
    expect(pathOf(attemptItem({}, { selectedAnswer: 'Max-Graves' }), graves)).to.equal('pii properties.selectedAnswer');
  });

  it('knows short names of two words only as a whole, and no initials', () => {
    const short = searchOf(['Li Wu', 'A. B.']);
    expect(['li wu', 'Wu, Li', 'LiWu'].map((code) => short.isInCode(code))).to.deep.equal([true, true, true]);
    expect(pathOf(attemptItem({}, { LiWu: 1 }), short)).to.equal('invalid properties.*');
    expect(['deliwurst', 'ab', 'A', 'li', 'wu'].map((code) => short.isInCode(code))).to.deep.equal(
      Array.from({ length: 5 }, () => false),
    );
  });

  it('finds names of scripts without gaps between words', () => {
    const han = searchOf(['王小明']);
    expect([han.isInText('来自王小明的笔记'), han.isInCode('王小明'), han.isInText('小明星')]).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(searchOf(['김철수']).isInText('김철수는 안다')).to.equal(true);
  });

  it('folds letters that are no accented ones, and passes over particles of names and digits', () => {
    const names = searchOf(['Søren van der Weiß', 'Łucja'], ['user.1234567']);
    for (const text of ['soren', 'WEISS', 'weiß', 'lucja']) expect(names.isInText(text), text).to.equal(true);
    for (const text of ['van', 'der', '1234567']) expect(names.isInText(text), text).to.equal(false);
  });

  it('is none where nothing of a name is known', () => {
    for (const names of [[], [''], [' '], ['--'], ['A.']]) {
      expect(createNameSearch({ names, handles: ['', '42'] })).to.equal(null);
    }
  });
});
