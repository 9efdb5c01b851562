import { expect } from 'chai';
import fc from 'fast-check';
import { logNameOf, planReplay, shiftTo } from '../src/replay/plan-replay.ts';
import type { LoggedAnswer } from '../src/replay/read-answer-log.ts';
import { parseAnswerLog } from '../src/replay/read-answer-log.ts';

const WEEK_MS = 7 * 86_400_000;
const answer = (user: string, t: number, over: Partial<LoggedAnswer> = {}): LoggedAnswer => ({
  user,
  item: 'i',
  skill: 's',
  isCorrect: true,
  t,
  responseMs: 1_500,
  ...over,
});
const options = { logName: 'log', shiftMs: 0, limitUsers: null };

describe('the plan of a replay', () => {
  it('keeps the order of the file within a second, in canonical order', () => {
    const log = ['a', 'b', 'c', 'd'].map((item) => answer('u', 100, { item })).concat(answer('u', 100, { item: 'e' }));
    const { answers } = planReplay(log, options);
    expect(answers.map(({ atMs }) => atMs)).eql([100_000, 100_001, 100_002, 100_003, 100_004]);
    expect(new Set(answers.map(({ eventId }) => eventId)).size).equal(5);
    expect(answers.map(({ questionId }) => questionId)).eql(
      ['a', 'b', 'c', 'd', 'e'].map((item) => planReplay([answer('u', 100, { item })], options).answers[0]?.questionId),
    );
  });

  it('cuts sessions at pauses of more than half an hour, for each learner', () => {
    const { answers } = planReplay([answer('u', 0), answer('v', 60), answer('u', 1_800), answer('u', 3_601)], options);
    const sessions = answers.map(({ sessionId }) => sessionId);
    expect(sessions[0]).equal(sessions[2]);
    expect(new Set(sessions).size).equal(3);
  });

  it('moves a log by whole weeks, so that its last answer lies in the week up to the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 2 ** 42 }), (t, endMs) => {
        const shiftMs = shiftTo([answer('u', t), answer('v', Math.max(0, t - 5))], endMs);
        const lastMs = t * 1000 + shiftMs;
        expect(Math.abs(shiftMs % WEEK_MS)).equal(0);
        expect(lastMs).within(endMs - WEEK_MS + 1, endMs);
      }),
    );
  });

  it('gives a learner, a question and an answer the same ids whoever else is in the plan', () => {
    const log = [answer('u', 1), answer('v', 2), answer('u', 3)];
    const all = planReplay(log, options).answers;
    const some = planReplay(log, { ...options, limitUsers: 1 });
    expect(some.learners).equal(1);
    expect(some.answers).eql(all.filter(({ userId }) => userId === all[0]?.userId));
    const elsewhere = planReplay(log, { ...options, logName: 'other' }).answers;
    expect(elsewhere[0]?.userId).not.equal(all[0]?.userId);
  });

  it('knows a log by the name of its file', () => {
    expect(logNameOf('/tmp/some/answers.csv')).equal('answers');
  });
});

describe('an answer log', () => {
  it('may have its columns in any order, others beside them, and no times to answer', () => {
    const [first, second] = parseAnswerLog(
      '\ufefft,skill,note,correct,item,user,rt_ms\r\n10,s,x,1,i,u,\r\n11,s,x,0,i,u,2500\r\n',
      'f',
    );
    expect(first).eql({ user: 'u', item: 'i', skill: 's', isCorrect: true, t: 10, responseMs: null });
    expect(second).include({ isCorrect: false, responseMs: 2_500 });
    expect(() => parseAnswerLog('user,item,skill,correct,t,rt_ms\nu,i,s,1,1,soon', 'f')).throw(
      'f, line 2: rt_ms must be a number',
    );
  });
});
