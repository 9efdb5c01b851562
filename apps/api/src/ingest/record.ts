import { recordEvents } from '@studyin/domain/services';
import type { App, RecordItem, RecordOutcome } from '@studyin/domain/services';

/** The one way into the event log. Answers after the commit, each item in the order given. */
export type Ingest = { record(items: readonly RecordItem[]): Promise<RecordOutcome> };

/** One transaction for each call. `app` has a pool of its own, so that slow readers never hold up what must be stored. */
export function createIngest(app: App): Ingest {
  return { record: (items) => recordEvents(app, items) };
}
