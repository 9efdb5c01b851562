import { expect } from 'chai';
import fc from 'fast-check';
import {
  computeKnowledgeGaps,
  computeResolvedGaps,
  explainGap,
  gapSeverity,
  recentFailures,
  recentFailuresByTopic,
  type GapInput,
  type GapProgress,
  type GapTopic,
  type KnowledgeGap,
  type RecentAttempt,
} from '@studyin/domain/algorithms';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 2);

const topic = (topicId: string, changes: Partial<GapTopic> = {}): GapTopic => ({
  topicId,
  examWeight: 4,
  blocksCount: 0,
  estimatedStudyHours: 10,
  questionsCount: 20,
  prerequisiteIds: [],
  materialIds: [],
  ...changes,
});

const practised = (topicId: string, changes: Partial<GapProgress> = {}): GapProgress => ({
  topicId,
  masteryScore: 0.4,
  evidence: 'enough',
  attempts: 10,
  correct: 8,
  firstAttempts: 20,
  ...changes,
});

const attempt = (ageMs: number, isCorrect: boolean, topicId = 'a'): RecentAttempt => ({
  id: `id-${String(ageMs).padStart(12, '0')}`,
  atMs: NOW - ageMs,
  topicId,
  isCorrect,
});

function gapsOf(input: Partial<GapInput>): readonly KnowledgeGap[] {
  const nothing: GapInput = {
    topics: [],
    progress: [],
    recentFailures: new Map(),
    completedMaterialIds: new Set(),
  };
  return computeKnowledgeGaps({ ...nothing, ...input });
}

function gapOf(input: Partial<GapInput>): KnowledgeGap {
  const [gap] = gapsOf(input);
  if (gap === undefined) throw new Error('no gap');
  return gap;
}

const textsOf = (gap: KnowledgeGap) => Object.fromEntries(gap.reasons.map(({ code, text }) => [code, text]));

describe('knowledge gaps', () => {
  it('tell of a practised topic what it lacks', () => {
    const { explanation, reasons, ...gap } = gapOf({
      topics: [topic('a', { examWeight: 8.25, blocksCount: 4, materialIds: ['m1', 'm2', 'm3', 'm4', 'm5'] })],
      progress: [practised('a', { masteryScore: 0.25, attempts: 8, correct: 3, firstAttempts: 5 })],
      recentFailures: recentFailuresByTopic(
        [attempt(1, false), attempt(2, true), attempt(3, false), attempt(31 * DAY, false)],
        NOW,
      ),
      completedMaterialIds: new Set(['m2']),
    });
    expect(gap).deep.equal({
      topicId: 'a',
      severity: 'critical',
      gapScore: 0.75,
      priorityScore: explanation.score,
      attempts: 8,
      accuracy: 0.375,
      recentFailureRate: 2 / 3,
      untriedShare: 0.75,
      examWeight: 8.25,
      blocksCount: 4,
      isReady: true,
      blockedBy: [],
      path: [],
      estimatedHours: 7.5,
      recommendedMaterials: ['m1', 'm3', 'm4'],
      calculationVersion: 2,
    });
    expect(reasons).deep.equal([
      { code: 'low_mastery', text: 'Mastery is 25%, mastered from 80%.' },
      { code: 'low_accuracy', text: '3 of 8 answers right (38%).' },
      { code: 'recent_failures', text: '2 of the last 3 answers wrong.' },
      { code: 'untried_questions', text: '15 of its 20 questions not tried yet.' },
      { code: 'exam_weight', text: 'Exam weight 8.3 of 10.' },
      { code: 'blocks_topics', text: '4 topics build on it.' },
    ]);
  });

  it('once resolved keep their numbers, and leave nothing to do', () => {
    const input: GapInput = {
      topics: [topic('c'), topic('b', { prerequisiteIds: ['d'], materialIds: ['m1'], examWeight: 6 }), topic('a')],
      progress: [practised('b', { masteryScore: 0.9, firstAttempts: 15 }), practised('a', { masteryScore: 0.8 })],
      recentFailures: recentFailuresByTopic([attempt(1, false, 'b'), attempt(2, true, 'b')], NOW),
      completedMaterialIds: new Set(),
    };
    expect(computeKnowledgeGaps(input).map(({ topicId }) => topicId)).deep.equal(['c']);
    const [first, second, ...rest] = computeResolvedGaps(input);
    expect([first?.topicId, rest]).deep.equal(['a', []]);
    const { explanation, ...resolved } = second ?? gapOf(input);
    expect(resolved).deep.equal({
      topicId: 'b',
      severity: 'low',
      gapScore: 1 - 0.9,
      priorityScore: explanation.score,
      attempts: 10,
      accuracy: 0.8,
      recentFailureRate: 0.5,
      untriedShare: 0.25,
      examWeight: 6,
      blocksCount: 0,
      isReady: true,
      blockedBy: [],
      path: [],
      estimatedHours: 0,
      recommendedMaterials: [],
      reasons: [],
      calculationVersion: 2,
    });
  });

  it('tell of an untried topic that it is one', () => {
    const gap = gapOf({ topics: [topic('a', { examWeight: 5, blocksCount: 1 })] });
    expect(gap).include({ severity: 'high', gapScore: 1, attempts: 0, accuracy: null, recentFailureRate: null });
    expect(gap).include({ untriedShare: 1, estimatedHours: 10 });
    expect(gap.reasons).deep.equal([
      { code: 'untried', text: 'Not one of its 20 questions tried yet.' },
      { code: 'exam_weight', text: 'Exam weight 5 of 10.' },
      { code: 'blocks_topics', text: '1 topic builds on it.' },
    ]);
  });

  it('say so when there are too few answers to be sure', () => {
    const gap = gapOf({
      topics: [topic('a', { questionsCount: 1 })],
      progress: [practised('a', { evidence: 'not_enough_data', attempts: 1, correct: 1, firstAttempts: 1 })],
    });
    expect(textsOf(gap)).deep.equal({
      low_mastery: 'Mastery is 40%, mastered from 80%.',
      few_answers: 'Only 1 question tried: too few to be sure.',
    });
  });

  it('round a mastery down, so that none below 80% is said to have it', () => {
    const gap = gapOf({ topics: [topic('a')], progress: [practised('a', { masteryScore: 0.7999 })] });
    expect(textsOf(gap)['low_mastery']).equal('Mastery is 79%, mastered from 80%.');
  });

  it('leave out what is at 0.8 or above', () => {
    const topics = ['a', 'b', 'c'].map((id) => topic(id));
    const progress = [0.8, 0.79, 1].map((masteryScore, index) => practised('abc'[index] ?? '', { masteryScore }));
    expect(gapsOf({ topics, progress }).map((gap) => gap.topicId)).deep.equal(['b']);
  });

  it('are ready to learn, or blocked by the prerequisites below 0.6 or untried', () => {
    const [ready, blocked] = ['ready', 'blocked'].map((id) =>
      gapOf({
        topics: [topic(id, { prerequisiteIds: id === 'ready' ? ['met'] : ['untried', 'met', 'weak'] })],
        progress: [practised('met', { masteryScore: 0.6 }), practised('weak', { masteryScore: 0.59 })],
      }),
    );
    expect(ready).deep.include({ isReady: true, blockedBy: [] });
    expect(blocked).deep.include({ isReady: false, blockedBy: ['untried', 'weak'], path: ['untried', 'weak'] });
    expect(blocked?.reasons.at(-1)).deep.equal({ code: 'blocked', text: '2 topics should come first.' });
  });

  it('take 6 minutes a question where the curriculum names no hours, and nothing where it knows no questions', () => {
    const hoursOf = (changes: Partial<GapTopic>) =>
      gapOf({
        topics: [topic('a', { estimatedStudyHours: null, ...changes })],
        progress: [practised('a', { masteryScore: 0.5 })],
      }).estimatedHours;
    expect(hoursOf({ questionsCount: 40 })).closeTo(2, 1e-12);
    expect(hoursOf({ questionsCount: 0 })).equal(null);
    expect(hoursOf({ questionsCount: 0, estimatedStudyHours: 3 })).equal(1.5);
  });

  it('count no question as untried that the curriculum does not know or has dropped', () => {
    const untriedOf = (questionsCount: number, progress: readonly GapProgress[]) =>
      gapOf({ topics: [topic('a', { questionsCount })], progress }).untriedShare;
    expect(untriedOf(0, [])).equal(1);
    expect(untriedOf(0, [practised('a')])).equal(0);
    expect(untriedOf(3, [practised('a', { firstAttempts: 5 })])).equal(0);
  });

  it('come by the version that was asked for', () => {
    const facts = { masteryScore: null, examWeight: 4, blocksCount: 0, untriedShare: 1, recentFailureRate: null };
    for (const version of [1, 2] as const) {
      const gap = gapOf({ version, topics: [topic('a')] });
      expect(gap.calculationVersion).equal(version);
      expect(gap.explanation).deep.equal(explainGap(facts, version));
      expect(gap.priorityScore).equal(gap.explanation.score);
    }
  });

  it('are at most 50, the most urgent first, ties by topic id', () => {
    const topics = Array.from({ length: 60 }, (_, index) =>
      topic(`t${String(index).padStart(2, '0')}`, { examWeight: index % 3 }),
    );
    const ids = gapsOf({ topics: topics.toReversed() }).map((gap) => gap.topicId);
    const byWeight = [2, 1, 0].flatMap((weight) => topics.filter(({ examWeight }) => examWeight === weight));
    expect(ids).deep.equal(byWeight.slice(0, 50).map(({ topicId }) => topicId));
  });

  it('refuse a topic given twice', () => {
    expect(() => gapsOf({ topics: [topic('a'), topic('a')] })).throw(RangeError, 'twice');
    expect(() => gapsOf({ progress: [practised('a'), practised('a')] })).throw(RangeError, 'twice');
  });

  it('do not depend on the order of what they are computed from', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const topicsArbitrary = fc.tuple(
      ...ids.map((id) => fc.record({ examWeight: fc.integer({ min: 0, max: 3 }) }).map((one) => topic(id, one))),
    );
    const progressArbitrary = fc
      .subarray(ids)
      .chain((some) =>
        fc.tuple(
          ...some.map((id) =>
            fc.double({ min: 0, max: 1, noNaN: true }).map((masteryScore) => practised(id, { masteryScore })),
          ),
        ),
      );
    const attemptsArbitrary = fc
      .uniqueArray(fc.nat({ max: 40 * 24 }), { maxLength: 60 })
      .map((hours) => hours.map((hour) => attempt(hour * 3_600_000, hour % 3 !== 0, ids[hour % 4])));
    const shuffled = <T>(rows: readonly T[]) => fc.shuffledSubarray([...rows], { minLength: rows.length });
    fc.assert(
      fc.property(
        fc.tuple(topicsArbitrary, progressArbitrary, attemptsArbitrary).chain(([topics, progress, attempts]) =>
          fc.tuple(
            fc.constant({ topics, progress, recentFailures: recentFailuresByTopic(attempts, NOW) }),
            fc.record({
              topics: shuffled(topics),
              progress: shuffled(progress),
              recentFailures: shuffled(attempts).map((own) => recentFailuresByTopic(own, NOW)),
            }),
          ),
        ),
        ([inOrder, inAnother]) => {
          expect(gapsOf(inAnother)).deep.equal(gapsOf(inOrder));
        },
      ),
    );
  });
});

describe('the severity of a gap', () => {
  const table: readonly (readonly [number | null, number | null, number, string])[] = [
    [0.49, 0.29, 0, 'critical'],
    [0.5, 0.29, 10, 'high'],
    [0.49, 0.3, 10, 'high'],
    [0.59, 0.49, 0, 'high'],
    [0.6, 0.1, 0, 'medium'],
    [0.1, 0.5, 0, 'medium'],
    [0.69, 0.69, 0, 'medium'],
    [0.7, 0.1, 10, 'low'],
    [0.1, 0.7, 10, 'low'],
    [null, null, 5, 'high'],
    [null, null, 4.9, 'medium'],
  ];
  for (const [accuracy, masteryScore, examWeight, severity] of table) {
    it(`at accuracy ${accuracy}, mastery ${masteryScore} and weight ${examWeight} is ${severity}`, () => {
      expect(gapSeverity({ accuracy, masteryScore, examWeight })).equal(severity);
    });
  }
});

describe('recent failures', () => {
  it('are none without an attempt of the last 30 days', () => {
    const none = { attempts: 0, wrong: 0, rate: null };
    expect(recentFailures([], NOW)).deep.equal(none);
    expect(recentFailures([attempt(30 * DAY + 1, false), attempt(-1, false)], NOW)).deep.equal(none);
    expect(recentFailures([attempt(30 * DAY, false), attempt(0, true)], NOW)).deep.equal({
      attempts: 2,
      wrong: 1,
      rate: 0.5,
    });
  });

  it('are those among the last 20 attempts', () => {
    const attempts = Array.from({ length: 30 }, (_, index) => attempt(index, index >= 15));
    expect(recentFailures(attempts, NOW)).deep.equal({ attempts: 20, wrong: 15, rate: 0.75 });
  });
});
