import { expect } from 'chai';
import { openApp } from '@studyin/examples/open-app';
import { trackSessionStart } from '@studyin/domain/services';
import { eventIdAt, idOf, silentLog, testKeys } from '@studyin/testkit/test-domain';
import { useTestDatabase } from '@studyin/testkit/test-database';

describe('the app of the README', () => {
  const database = useTestDatabase();

  it('tracks an event as the runtime role', async () => {
    const app = await openApp(database().url, testKeys, silentLog);
    try {
      const input = {
        userId: idOf('user', 1),
        event: {
          eventType: 'session_start',
          eventId: eventIdAt(Date.now()),
          sessionId: idOf('session', 1),
          properties: { deviceType: 'web' },
        },
      } as const;
      const { session } = await app.database.transaction((tx) => trackSessionStart(app, tx, input));
      expect(session.questionsAttempted).to.equal(0);
      expect(session.id).to.not.equal(input.event.sessionId);
    } finally {
      await app.jobs.boss.stop({ graceful: false });
      await app.database.close();
    }
  });
});
