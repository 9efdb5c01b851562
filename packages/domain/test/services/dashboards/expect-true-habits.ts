import { expect } from 'chai';
import { getEfficiency } from '../../../src/services/get-efficiency.ts';
import { getMaterialProgress } from '../../../src/services/get-material-progress.ts';
import { getPatterns } from '../../../src/services/get-patterns.ts';
import type { Patterns } from '../../../src/services/get-patterns.ts';
import type { Asked } from './expect-true-days.ts';
import { dayAway, daysOf, minutes, sessionsOf, share, total, wallClock, zonesOf } from './recount.ts';
import type { FactAnswer, FactEvent, RecountedDay, RecountedSession } from './recount.ts';

const DAYS = 90;
const HOME = 'UTC';

/** Efficiency, patterns and reading, against the facts. */
export async function expectTrueHabits(asked: Asked): Promise<void> {
  await expectTrueEfficiency(asked);
  await expectTruePatterns(asked);
  await expectTrueReading(asked);
}

async function expectTrueEfficiency({ app, userId, today, facts }: Asked): Promise<void> {
  const from = dayAway(today, 1 - DAYS);
  const shown = await getEfficiency(app, { userId, today, days: DAYS });
  const days = daysOf(facts).filter(({ day }) => day >= from);
  const sessions = sessionsOf(facts).filter(({ day }) => day >= from);
  const answers = facts.answers.filter(({ day }) => day >= from);
  const active = total(days.map((day) => day.activeSeconds));
  const all = total(days.map((day) => day.totalSeconds));
  expect(shown).to.include({
    fromDay: from,
    activeMinutes: minutes(active),
    totalMinutes: minutes(all),
    activeShare: share(active, all),
    sessions: sessions.length,
    answers: answers.length,
  });
  const lengths = sessions.map(({ totalMs }) => Math.round(totalMs / 1000));
  expect(shown.sessionMinutes?.median ?? null).to.equal(lengths.length < 5 ? null : minutes(median(lengths)));
  expect(shown.answerSeconds?.median ?? null).to.equal(
    answers.length < 10 ? null : median(answers.map(({ seconds }) => seconds)),
  );
  if (active >= 1800) expect(shown.answersPerActiveHour).to.be.closeTo(answers.length / (active / 3600), 1e-9);
  else expect(shown.answersPerActiveHour).to.equal(null);
  const zones = zonesOf(facts);
  for (const hour of shown.hours.hours) {
    const own = answers.filter(({ atMs, sessionId }) => wallClock(atMs, zones.get(sessionId) ?? HOME).hour === hour);
    expect(shown.hours.answers[hour], `answers at ${hour}`).to.equal(own.length);
    expect(shown.hours.correct[hour]).to.equal(own.filter(({ isCorrect }) => isCorrect).length);
    const isEnough = own.length >= 30 && new Set(own.map(({ day }) => day)).size >= 5;
    expect(shown.hours.accuracy[hour] !== null, `accuracy at ${hour}`).to.equal(isEnough);
  }
}

async function expectTruePatterns({ app, userId, today, facts }: Asked): Promise<void> {
  const from = dayAway(today, 1 - DAYS);
  const shown = await getPatterns(app, { userId, today, days: DAYS });
  const sessions = sessionsOf(facts);
  const period: Period = {
    from,
    today,
    days: daysOf(facts),
    starts: sessions.filter(({ day }) => day >= from),
    answers: facts.answers.filter(({ day }) => day >= from),
    zones: zonesOf(facts),
  };
  expectTrueConsistency(shown, period);
  expectTrueWeek(shown, period);
  expectTrueMinutes(shown, period, sessions);
  const inPeriod = new Set(period.starts.map(({ id }) => id));
  const reading = facts.events.filter(({ sessionId }) => inPeriod.has(sessionId)).filter(isReading);
  expect(total(shown.materialKinds.minutes)).to.be.closeTo(total(reading.map(readSeconds)) / 60, 0.1);
  expect(total(shown.materialKinds.materials)).to.equal(new Set(reading.map(({ materialId }) => materialId)).size);
}

type Period = {
  readonly from: string;
  readonly today: string;
  readonly days: readonly RecountedDay[];
  readonly starts: readonly RecountedSession[];
  readonly answers: readonly FactAnswer[];
  readonly zones: ReadonlyMap<string, string>;
};

function expectTrueConsistency({ consistency }: Patterns, { days, from, today }: Period): void {
  const within = days.filter(({ day }) => day >= from);
  const [oldest = '9', newest = ''] = [days[0]?.day, days.at(-1)?.day];
  const last = newest > today ? newest : today;
  const calendar: boolean[] = [];
  for (let day = oldest > from ? oldest : from; day <= last; day = dayAway(day, 1)) {
    calendar.push(within.some((one) => one.day === day && one.isStreakDay));
  }
  if (calendar.at(-1) === false) calendar.pop();
  const activeDays = calendar.filter(Boolean).length;
  const activeShare = share(activeDays, calendar.length);
  expect(consistency).to.deep.include({ days: calendar.length, activeDays, activeShare });
  expect(consistency.goalDays).to.equal(within.filter(({ activeSeconds }) => activeSeconds >= 1800).length);
}

function expectTrueWeek({ week }: Patterns, { starts, answers, zones }: Period): void {
  const cellOf = (atMs: number, sessionId: string): string => {
    const { weekday, hour } = wallClock(atMs, zones.get(sessionId) ?? HOME);
    return `${weekday} ${hour}`;
  };
  for (const [n, weekday] of week.weekdays.entries()) {
    const cell = `${weekday} ${week.hours[n]}`;
    const own = answers.filter(({ atMs, sessionId }) => cellOf(atMs, sessionId) === cell);
    const begun = starts.filter(({ id, events }) => cellOf(events[0]?.atMs ?? 0, id) === cell);
    const row = [week.sessions[n], week.answers[n], week.correct[n]];
    expect(row, cell).to.deep.equal([begun.length, own.length, own.filter(({ isCorrect }) => isCorrect).length]);
  }
  expect(total(week.sessions)).to.equal(starts.length);
  expect(total(week.answers)).to.equal(answers.length);
}

function expectTrueMinutes(
  { minutes: columns }: Patterns,
  { answers }: Period,
  sessions: readonly RecountedSession[],
): void {
  const startOf = new Map(sessions.map(({ id, events }) => [id, events[0]?.atMs ?? 0]));
  for (const [n, minute] of columns.fromMinutes.entries()) {
    const own = answers.filter(({ atMs, sessionId }) => {
      const into = (atMs - (startOf.get(sessionId) ?? 0)) / 60_000;
      return into >= minute && (minute === 60 || into < minute + 5);
    });
    expect(columns.answers[n], `answers from minute ${minute}`).to.equal(own.length);
    expect(columns.correct[n]).to.equal(own.filter(({ isCorrect }) => isCorrect).length);
  }
}

async function expectTrueReading({ app, userId, facts }: Asked): Promise<void> {
  const { materials } = await getMaterialProgress(app, { userId, limit: 200 });
  const reading = facts.events.filter(isReading);
  expect(materials.map(({ materialId }) => materialId)).to.have.members([
    ...new Set(reading.map(({ materialId }) => materialId)),
  ]);
  for (const material of materials) {
    const own = reading.filter(({ materialId }) => materialId === material.materialId);
    const whole = own.filter(({ chunkId }) => chunkId === null);
    const completed = whole.filter(isCompletion);
    const count = (type: string): number => own.filter((event) => event.type === type).length;
    // A sum of fractions of a second, rounded to a tenth of a minute.
    expect(material.minutes).to.be.closeTo(total(own.map(readSeconds)) / 60, 0.05 + 1e-9);
    expect(material, material.materialId).to.deep.include({
      startedAt: new Date(own[0]?.atMs ?? NaN).toISOString(),
      lastReadAt: new Date(own.at(-1)?.atMs ?? NaN).toISOString(),
      isComplete: completed.length > 0,
      completedAt: completed[0] === undefined ? null : new Date(completed[0].atMs).toISOString(),
      scrollDepthPercent: Math.max(0, ...whole.map(depthOf)),
      chunksRead: new Set(own.flatMap(({ chunkId }) => chunkId ?? [])).size,
      chunksCompleted: new Set(own.filter(isCompletion).flatMap(({ chunkId }) => chunkId ?? [])).size,
      revisits: Math.max(0, count('material_open') - 1),
      highlights: count('material_highlight'),
      notes: count('material_note'),
      isBookmarked: count('material_bookmark') > 0,
    });
  }
}

const isReading = ({ type, materialId }: FactEvent): boolean => type.startsWith('material_') && materialId !== null;
const depthOf = ({ type, properties }: FactEvent): number =>
  type === 'material_read' ? Number(properties['scrollDepthPercent'] ?? 0) : 0;
const isCompletion = (event: FactEvent): boolean => event.type === 'material_complete' || depthOf(event) >= 90;
const readSeconds = ({ type, properties }: FactEvent): number =>
  type === 'material_read' ? Number(properties['durationSeconds'] ?? 0) : 0;

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN, sorted[Math.floor(sorted.length / 2)] ?? NaN];
  return low + (high - low) / 2;
}
