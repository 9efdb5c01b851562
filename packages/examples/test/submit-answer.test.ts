import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { questionRoutes } from '@studyin/examples/submit-answer';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';

describe('the endpoint of the README', () => {
  it('stores the answer with its event and session, and says whether it was right', async () => {
    const domain = await openTestDomain();
    const server = express().use(questionRoutes(domain.app)).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { sequelize } = domain.app.database;
      await sequelize.query(
        `insert into topics (id, level, path, slug, name, effective_exam_weight) values ($1, 2, 'heart', 'heart', 'Heart', 5)`,
        { bind: [idOf('topic', 1)] },
      );
      await sequelize.query(`update curriculum_version set version = 1`);
      const { port } = server.address() as AddressInfo; // as: listens on TCP
      const answered = await fetch(
        `http://127.0.0.1:${String(port)}/learners/${idOf('user', 1)}/questions/${idOf('question', 1)}/submit`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            sessionId: idOf('session', 1),
            topicId: idOf('topic', 1),
            answer: 'B',
            correctAnswer: 'B',
            seconds: 31,
          }),
        },
      );
      expect(await answered.json()).eql({ isCorrect: true });
      const [rows] = await sequelize.query(
        `select e.event_type, a.is_correct, s.questions_attempted, (select count(*)::int from pgboss.job where name = 'update-learner') as jobs
        from study_events e join question_attempts a using (user_id, id) join study_sessions s on s.id = e.session_id`,
      );
      expect(rows).eql([{ event_type: 'question_attempt', is_correct: true, questions_attempted: 1, jobs: 1 }]);
    } finally {
      server.close();
      await once(server, 'close');
      await domain.close();
    }
  });
});
