import { expect } from 'chai';
import fc from 'fast-check';
import { isPersonalKey, isPersonalText, parseEvent } from '../../src/events/index.ts';
import { attemptItem, customItem, sessionId } from './items.ts';

const timeOf = (run: () => void): number => {
  const startedAt = performance.now();
  run();
  return performance.now() - startedAt;
};

const pathOf = (input: unknown) => {
  const result = parseEvent(input);
  return result.ok ? 'accepted' : `${result.reason} ${result.path}`;
};

const personalKeys =
  `email Email E-MAIL e_mail userEmail user.email emailAddress name NAME firstName last_name fullname username
  surname nickName dob DOB d.o.b dateOfBirth date_of_birth birthday phone phoneNumber PHONE mobile_phone tel ssn
  socialSecurityNumber address ipAddress clientIp ip password apiKey access_token sessionId session_id userAgent iban
  creditCard card_number ｅｍａｉｌ e\u200bmail email2 passport`.split(/\s+/);

const soundKeys =
  `deck cards flashcards cardCount score topic chapter tokens promptTokens clip tip ships ratio birthWeight childbirth
  cellBiology isMobile level durationSeconds label title description unnamed hotel telling`.split(/\s+/);

const personalTexts = [
  'jane@example.org',
  'write to jane.doe+x@mail.example.co.uk please',
  'jane%40example.org',
  'ｊａｎｅ＠example.org',
  '+49 170 1234567',
  '(555) 123-4567',
  '555-1234-567',
  '555‑123‑4567',
  '4155550100',
  '٠١٢٣٤٥٦٧٨٩',
  '4111 1111 1111 1111',
  '4111111111111111',
  '123-45-6789',
  'DE89 3704 0044 0532 0130 00',
  '192.168.1.17',
  'from 10.0.0.1:443.',
  '2001:db8::1',
  '[2001:db8:0:1:2:3:4:5]:8080',
  '::ffff:10.1.2.3',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.sig',
  'Bearer abcdefghijklmnop',
  'sk_live_abcdefghijklmnop1234',
  'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  'AKIAIOSFODNN7EXAMPLE',
  'dGhpcyBpcyBhIHNlY3JldCB0b2tlbiE5',
  'd41d8cd98f00b204e9800998ecf8427e',
  'Mozilla/5.0 (X11; Linux x86_64)',
];

const soundTexts = [
  '',
  'A',
  'renal-1',
  'pdf',
  'introduction-to-cardiology-part-2-lesson-3-of-12',
  'Nephrologie 🫘',
  '2024-11-08',
  '2024-11-08T10:00:00.123Z',
  '11111111-2222-4333-8444-555555555555',
  '10:30:00',
  'v1.2.3',
  '3.5',
  '120/80 mmHg',
  'ratio 3:2',
  'std::vector',
  'HeartFailureAndCardiomyopathies',
];

describe('the guard against personal data', () => {
  for (const key of personalKeys) {
    it(`refuses the key ${key}`, () => {
      expect(isPersonalKey(key)).to.equal(true);
      expect(pathOf(customItem({ cards: 1, [key]: 'x' }))).to.match(/^pii properties\./);
      expect(pathOf(customItem({ learner: { [key]: 'x' } }))).to.match(/^pii properties\.learner\./);
    });
  }

  for (const key of soundKeys) {
    it(`lets the key ${key} pass`, () => {
      expect(isPersonalKey(key)).to.equal(false);
      expect(pathOf(customItem({ [key]: 1 }))).to.equal('accepted');
    });
  }

  for (const text of personalTexts) {
    it(`refuses the value ${text}`, () => {
      expect(isPersonalText(text)).to.equal(true);
      const result = parseEvent(customItem({ note: text }));
      expect(result).to.include({ ok: false, reason: 'pii', path: 'properties.note' });
      expect(JSON.stringify(result)).not.to.include(text);
      expect(pathOf(customItem({ [text]: 1 }))).to.equal('pii properties.*');
    });
  }

  for (const text of soundTexts) {
    it(`lets the value ${text === '' ? '(empty)' : text} pass`, () => {
      expect(pathOf(customItem({ note: text }))).to.equal('accepted');
    });
  }

  it('refuses numbers that are phone or card numbers', () => {
    for (const value of [2_025_550_123, 4_155_550_100, 4_111_111_111_111_111]) {
      expect(pathOf(customItem({ value }))).to.equal('pii properties.value');
    }
    for (const value of [0, -1, 0.5, 86_400, 1_731_060_000, -1_731_060_000]) {
      expect(pathOf(customItem({ value }))).to.equal('accepted');
    }
  });

  it('refuses the wire id of the session or the learner inside a property', () => {
    const userId = 'aaaaaaaa-2222-4333-8444-555555555555';
    expect(pathOf(customItem({ ref: `s:${sessionId.toUpperCase()}` }))).to.equal('pii properties.ref');
    expect(pathOf(customItem({ ref: userId }, { userId }))).to.equal('pii properties.ref');
    expect(pathOf(customItem({ ref: userId }))).to.equal('accepted');
  });

  it('finds an e-mail address or a phone number inside any text', () => {
    const address = fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[a-z]{1,8}$/));
    fc.assert(
      fc.property(fc.string(), address, fc.string(), (before, [local, host], after) => {
        expect(isPersonalText(`${before} ${local}@${host}.org ${after}`)).to.equal(true);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,20}$/), fc.stringMatching(/^\d{7,15}$/), (before, digits) => {
        expect(isPersonalText(`${before} ${digits}`)).to.equal(true);
      }),
    );
  });

  it('leaves the properties of the other types to their schemas', () => {
    expect(pathOf(attemptItem({}, { email: 'x' }))).to.equal('invalid properties.email');
    expect(pathOf(attemptItem({}, { selectedAnswer: '12345678' }))).to.equal('accepted');
  });

  it('is done with the worst text of 1 KB in a few milliseconds', () => {
    const worst = [
      'a@',
      '.',
      ':',
      '1.',
      'eyJ-',
      'a:',
      '1 ',
      '0-',
      'bearer ',
      ' ',
      'A1a',
      '((1',
      '\u200b',
      '2024-01-01T',
    ]
      .map((part) => part.repeat(1024).slice(0, 1024))
      .flatMap((text) => [text, `${text.slice(1)}x`, `x${text.slice(1)}`]);
    // The best of five: the machine may stand still in one of them.
    const bestMs = Math.min(...Array.from({ length: 5 }, () => timeOf(() => worst.forEach(isPersonalText))));
    expect(bestMs / worst.length).to.be.below(5);
  });
});
