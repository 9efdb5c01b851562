import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { findTopic, listTopicRecords } from '../stores/topic-store.ts';
import type { TopicDetail, TopicRecord } from '../stores/topic-store.ts';

/** The whole outline, parents before their children. */
export function listTopics(app: Pick<App, 'database'>): Promise<readonly TopicRecord[]> {
  return listTopicRecords(app.database.reader);
}

/** One topic with its parent, children, relationships and materials. Throws `not_found`. */
export async function getTopic(app: Pick<App, 'database'>, idOrSlug: string): Promise<TopicDetail> {
  const topic = await findTopic(app.database.reader, idOrSlug.toLowerCase());
  if (topic === null) throw new DomainError('not_found', `There is no topic "${idOrSlug}".`);
  return topic;
}
