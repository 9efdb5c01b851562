import { expect } from 'chai';
import { recordEvents } from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { homeOf } from './studyin.ts';
import type { Home } from './studyin.ts';

const learner = idOf('user', 1);
const topic = idOf('topic', 1);
const at = Date.now() - 86_400_000;

const answer = (n: number, topicId: string) => ({
  eventType: 'question_attempt',
  eventId: eventIdAt(at + n * 1_000, n),
  sessionId: idOf('session', 1),
  questionId: idOf('question', n),
  topicId,
  properties: { selectedAnswer: 'A', correctAnswer: 'A', timeToAnswerSeconds: 3 },
});

describe('studyin quarantine', function () {
  this.timeout(60_000);
  let domain: TestDomain;
  let home: Home;

  before(async () => {
    domain = await openTestDomain();
    home = homeOf(domain);
    const origin = { clientIp: null, deviceType: null };
    const inputs = [answer(1, topic), answer(2, topic), answer(3, idOf('topic', 2)), 'nonsense'];
    await recordEvents(
      domain.app,
      inputs.map((input) => ({ userId: learner, input, origin })),
    );
    await recordEvents(domain.app, [{ userId: idOf('user', 2), input: answer(4, topic), origin }]);
  });
  after(async () => {
    home.remove();
    await domain.close();
  });

  const count = async (table: string): Promise<number> => {
    const [rows] = await domain.app.database.sequelize.query(`select count(*)::int as n from ${table}`);
    return (rows as { readonly n: number }[])[0]?.n ?? 0; // as: what is selected
  };
  const ran = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { code, json, stderr } = await home.run(['quarantine', ...args, '--json']);
    expect(code, stderr).equal(0);
    return json as Record<string, unknown>; // as: each test states what the command promises
  };

  it('list shows why, where and whose, and how many there are by reason, but no value', async () => {
    const { code, stdout, stderr } = await home.run(['quarantine', 'list', '--user', learner]);
    expect(code, stderr).equal(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).match(/^ {2}received \(UTC\) +reason +type +path +learner +event +kept whole$/);
    expect(lines.find((line) => line.includes(eventIdAt(at + 1_000, 1)))).match(
      new RegExp(
        `^  [-\\d]{10} [:\\d]{8} .*unknown_topic +question_attempt +topicId +${learner} +${eventIdAt(at + 1_000, 1)} +yes$`,
      ),
    );
    expect(lines.at(-1)).equal('  4 in quarantine (unknown_topic 3, invalid 1); 3 can be replayed.');
    expect(stdout).not.includes('selectedAnswer').and.not.includes('nonsense');
  });

  it('list goes by pages, by reason and by day', async () => {
    const first = await ran('list', '--limit', '2');
    const rest = await ran('list', '--cursor', String(first['nextCursor']));
    expect([first['items'], rest['items']].flat()).length(5);
    expect(rest).property('nextCursor', null);
    const { items } = await ran('list', '--reason', 'invalid');
    expect(items).length(1).nested.property('[0]').include({ userId: learner, isReplayable: false, eventType: null });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect(await ran('list', '--since', tomorrow)).eql({ items: [], nextCursor: null, counts: [] });
    expect((await home.run(['quarantine', 'list', '--since', tomorrow])).stdout).equal('  Nothing is in quarantine.\n');
  });

  it('replay --dry-run says what would come of it, replay does it, and what nobody knows yet stays', async () => {
    const { sequelize } = domain.app.database;
    const columns = '(id, level, path, slug, name, effective_exam_weight)';
    await sequelize.query(`insert into topics ${columns} values ('${topic}', 2, 'heart', 'heart', 'Heart', 5)`);
    await sequelize.query(`update curriculum_version set version = version + 1`);
    const outcome = { tried: 4, accepted: 3, duplicate: 0, erased: 0, kept: 1 };
    expect(await ran('replay', '--dry-run')).eql({ dryRun: true, ...outcome });
    expect([await count('study_events'), await count('rejected_events')]).eql([0, 5]);
    const { code, stdout } = await home.run(['quarantine', 'replay', '--user', learner]);
    expect(code).equal(0);
    expect(stdout).includes('3 tried: 2 accepted, 0 were stored before, 1 stay');
    expect(await ran('replay')).eql({ dryRun: false, ...outcome, tried: 2, accepted: 1 });
    expect([await count('study_events'), await count('question_attempts'), await count('rejected_events')]).eql([
      3, 3, 2,
    ]);
    expect(await ran('replay', '--reason', 'unknown_material')).include({ tried: 0 });
  });

  it('refuses in one line a cursor, a reason and a day that are none', async () => {
    const refused = async (...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await home.run(['quarantine', ...args]);
      expect(code).equal(1);
      return stderr;
    };
    expect(await refused('list', '--cursor', 'x')).equal('studyin: The cursor is not one that a page ended with.\n');
    expect(await refused('replay', '--reason', 'pii')).match(
      /argument 'pii' is invalid\. Allowed choices are unknown_topic/,
    );
    expect(await refused('list', '--since', 'monday')).includes("option '--since <day>' argument 'monday' is invalid");
  });
});
