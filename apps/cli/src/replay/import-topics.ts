import type { Client } from '@studyin/client';
import { deterministicUuid } from '@studyin/domain/events';
import type { Output } from '../output.ts';
import type { PlannedTopic } from './plan-replay.ts';

// Far below the body limit of 256 KB: a topic has some 300 bytes.
const TOPICS_A_CALL = 300;
const parentId = deterministicUuid('studyin:replay:parent', 'replay');
const parent = { id: parentId, parentId: null, level: 1, slug: 'replay', name: 'Replay' };

/** Makes the topics of a log under one system, "Replay". Idempotent. */
export async function importReplayTopics(
  client: Client,
  topics: readonly PlannedTopic[],
  { logName, output }: { readonly logName: string; readonly output: Output },
): Promise<void> {
  const stage = output.stage('topics');
  let changed = 0;
  for (let start = 0; start < topics.length; start += TOPICS_A_CALL) {
    const some = topics.slice(start, start + TOPICS_A_CALL).map(({ id, skill }) => ({
      id,
      parentId,
      level: 2,
      slug: `replay-${id}`,
      name: `${logName}: skill ${skill}`.slice(0, 200),
    }));
    const imported = await client.curriculum.import.mutate({
      topics: [parent, ...some],
      relationships: [],
      questions: [],
      materials: [],
    });
    changed += imported.topics;
  }
  stage.done(`${topics.length} topics, ${changed} made or changed`);
}
