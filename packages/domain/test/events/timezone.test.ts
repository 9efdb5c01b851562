import { expect } from 'chai';
import { isTimezone } from '../../src/events/index.ts';
import { tzdataLinks } from '../../src/events/timezone.ts';

describe('isTimezone', () => {
  it('knows every zone of this runtime, and UTC', () => {
    for (const zone of [...Intl.supportedValuesOf('timeZone'), 'UTC', 'GMT']) expect(isTimezone(zone)).to.equal(true);
  });

  it('names no link that Intl does not accept', () => {
    for (const timeZone of tzdataLinks) {
      expect(() => new Intl.DateTimeFormat('en', { timeZone }), timeZone).not.to.throw();
    }
  });

  it('does not know offsets, other spellings or names of no zone', () => {
    for (const text of ['+01:00', 'utc', 'Europe/berlin', 'Europe/Berlin ', 'Foo/Bar', 'toString']) {
      expect(isTimezone(text)).to.equal(false);
    }
  });
});
