// Writes docs/event-tracking.md: `node scripts/write-event-docs.ts`. A test fails while the page is older than the schemas.
import { writeFileSync } from 'node:fs';
import { eventDocs } from '../packages/domain/src/events/event-docs.ts';

writeFileSync(new URL('../docs/event-tracking.md', import.meta.url), eventDocs());
