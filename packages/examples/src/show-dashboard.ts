import { createClient } from '@studyin/client';

/** A learner's last 30 days and systems as lines of text; `token` is that learner's own. */
export async function showDashboard(url: string, token: string): Promise<readonly string[]> {
  const client = createClient({ url, token });
  const { overview, mastery } = await client.dashboard.all.query();
  const { minutes, questions } = overview.last30Days;
  const systems = mastery.systems.map(({ name, mastery: score }) => `${name}: ${Math.round(score * 100)}%`);
  return [`last 30 days: ${minutes} minutes, ${questions} questions`, ...systems];
}
