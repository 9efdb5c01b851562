import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { eventDocs } from '../../src/events/event-docs.ts';
import { eventTypes } from '../../src/events/index.ts';

describe('docs/event-tracking.md', () => {
  const page = readFileSync(new URL('../../../../docs/event-tracking.md', import.meta.url), 'utf8');

  it('is what the schemas say (else run: node scripts/write-event-docs.ts)', () => {
    expect(page).to.equal(eventDocs());
  });

  it('has a section for every type and a meaning for every field', () => {
    for (const eventType of eventTypes) expect(page).to.include(`### \`${eventType}\``);
    expect(page).not.to.match(/\|\s*\|\n/);
    expect(page).not.to.include('undefined |');
  });
});
