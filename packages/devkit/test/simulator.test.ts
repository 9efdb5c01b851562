import { expect } from 'chai';
import { auc } from '@studyin/domain/algorithms';
import { eventTimeMs, parseEvent } from '@studyin/domain/events';
import type { EventInput } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';
import { createRandom } from '../src/simulator/random.ts';
import { simulateLearner, simulatedLearner } from '../src/simulator/simulate-learner.ts';
import type { SimulationOptions } from '../src/simulator/simulate-learner.ts';
import { studyTopicsOf } from '../src/simulator/study-topics.ts';
import { createZonedClock } from '../src/simulator/zoned-time.ts';

const topics = studyTopicsOf(defaultCurriculum());
const options: SimulationOptions = { topics, seed: 1, end: '2026-03-15', days: 90 };
const eventsOf = (over: Partial<SimulationOptions>, index: number): readonly EventInput[] =>
  [...simulateLearner({ ...options, ...over }, index)].flatMap(({ events }) => events);
const idOf = ({ eventId }: EventInput): string => eventId ?? '';

describe('the simulator', function () {
  this.timeout(20_000);
  const learners = Array.from({ length: 40 }, (_, index) => index);

  it('gives the same events for the same seed and end, and other learners for others', () => {
    expect(eventsOf({}, 3)).eql(eventsOf({}, 3));
    const first = (over: Partial<SimulationOptions>) => eventsOf(over, 3)[0]?.userId;
    const users = [first({}), first({ seed: 2 }), first({ end: '2026-03-16' }), first({ days: 60 })];
    expect(new Set(users).size).equal(4);
  });

  it('sends only events that the catalogue takes', () => {
    for (const index of learners) {
      for (const event of eventsOf({}, index)) expect(parseEvent(event), JSON.stringify(event)).property('ok', true);
    }
  });

  it('keeps to the days asked for, and ends before the last of them has ended in UTC', () => {
    for (const index of learners.slice(0, 20)) {
      const days = [...simulateLearner(options, index)];
      expect(days).length(90);
      expect(days.at(-1)).property('studyDay', '2026-03-15');
      const times = days.flatMap(({ events }) => events.map((event) => eventTimeMs(idOf(event))));
      expect(Math.max(...times)).lessThan(Date.parse('2026-03-16'));
      expect(Math.min(...times)).greaterThan(Date.parse('2025-12-15') - 86_400_000);
    }
  });

  it('sends at most 150,000 events for 250 learners and 90 days, of every family', () => {
    const all = Array.from({ length: 250 }, (_, index) => eventsOf({}, index));
    const total = all.reduce((sum, events) => sum + events.length, 0);
    expect(total).within(60_000, 150_000);
    expect(Math.min(...all.map((events) => events.length))).greaterThan(0);
    const types = new Set(all.flat().map(({ eventType }) => eventType));
    expect([...types]).include.members([
      'session_start',
      'session_pause',
      'session_resume',
      'session_end',
      'material_open',
      'material_read',
      'material_complete',
      'material_bookmark',
      'question_view',
      'question_attempt',
      'question_review',
      'quiz_start',
      'quiz_complete',
      'ai_question_asked',
      'ai_response_received',
      'ai_feedback_positive',
      'ai_hint_requested',
      'xp_earned',
      'streak_continued',
      'search_performed',
      'topic_explored',
    ]);
  });

  it('has some events twice and some days late, and no id for two of them', () => {
    const days = learners.flatMap((index) => [...simulateLearner(options, index)]);
    const events = days.flatMap(({ events: arrived }) => arrived);
    const distinct = new Map(events.map((event) => [idOf(event), JSON.stringify(event)]));
    expect(distinct.size).lessThan(events.length);
    for (const event of events) expect(distinct.get(idOf(event))).equal(JSON.stringify(event));
    const late = days.filter(({ studyDay, events: arrived }) =>
      arrived.some((event) => eventTimeMs(idOf(event)) < Date.parse(studyDay) - 86_400_000),
    );
    expect(late.length).greaterThan(0);
  });

  it('lets those answer right more often who truly can', () => {
    const answers = learners.flatMap((index) => {
      const learner = simulatedLearner(options, index);
      return eventsOf({}, index).flatMap((event) => {
        if (event.eventType !== 'question_attempt' || event.topicId === undefined) return [];
        const topic = topics.find(({ id }) => id === event.topicId);
        const key = topic?.questions.find(({ id }) => id === event.questionId)?.correctAnswer;
        return [{ score: learner.abilityOf(event.topicId), isCorrect: event.properties.selectedAnswer === key }];
      });
    });
    expect(answers.length).greaterThan(2_000);
    expect(auc(answers)).within(0.6, 0.9);
  });

  it('has chance that is even and can be repeated', () => {
    const [one, same, other] = [createRandom('a'), createRandom('a'), createRandom('b')];
    const draws = Array.from({ length: 5_000 }, () => one.next());
    expect(draws).eql(Array.from({ length: 5_000 }, () => same.next()));
    expect(draws[0]).not.equal(other.next());
    expect(draws.reduce((sum, x) => sum + x, 0) / draws.length).closeTo(0.5, 0.02);
    const normal = Array.from({ length: 5_000 }, () => one.normal(3, 2));
    expect(normal.reduce((sum, x) => sum + x, 0) / normal.length).closeTo(3, 0.1);
  });

  it('knows the instant of a wall clock in summer, in winter and beside a change of clocks', () => {
    const at = createZonedClock();
    const iso = (day: string, minute: number, zone: string) => new Date(at(day, minute, zone)).toISOString();
    expect(iso('2026-07-01', 12 * 60, 'Europe/Berlin')).equal('2026-07-01T10:00:00.000Z');
    expect(iso('2026-01-01', 12 * 60, 'America/New_York')).equal('2026-01-01T17:00:00.000Z');
    expect(iso('2026-01-01', 60, 'Asia/Kolkata')).equal('2025-12-31T19:30:00.000Z');
    expect(iso('2026-03-29', 3 * 60, 'Europe/Berlin')).equal('2026-03-29T01:00:00.000Z');
    expect(iso('2026-06-01', 0, 'UTC')).equal('2026-06-01T00:00:00.000Z');
  });
});
