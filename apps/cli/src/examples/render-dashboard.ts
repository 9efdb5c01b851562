// One learner's first screen in a terminal. Pure: answers of the API in, lines out.
import type { RouterOutputs } from '@studyin/client';
import { addDays, daysBetween } from '@studyin/domain/algorithms';

export type DashboardAnswer = RouterOutputs['dashboard']['all'];
type Overview = DashboardAnswer['overview'];
type Heatmap = DashboardAnswer['heatmap'];
type System = DashboardAnswer['mastery']['systems'][number];

export type RenderOptions = { readonly colors: boolean };

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const blocks = ['·', '░', '▒', '▓', '█'] as const;
// Greens of the 256-colour palette, from hardly to fully.
const greens = [238, 22, 28, 34, 46] as const;
const BAR_WIDTH = 24;

export function renderDashboard(
  { overview, heatmap, mastery, due }: DashboardAnswer,
  options: RenderOptions,
): readonly string[] {
  return [
    ...renderOverview(overview, due.count),
    '',
    `  Activity of the last ${heatmap.days.length} days`,
    '',
    ...renderHeatmap(heatmap, options).map((line) => `    ${line}`),
    '',
    '  Mastery by system',
    '',
    ...renderSystems(mastery.systems).map((line) => `    ${line}`),
  ];
}

function renderOverview({ asOf, last30Days, allTime, streak, mastery }: Overview, due: number): readonly string[] {
  const row = (name: string, text: string): string => `    ${name.padEnd(14)}${text}`;
  return [
    `  Overview as of ${asOf ?? 'never'}`,
    '',
    row('last 30 days', windowText(last30Days)),
    row('all time', windowText(allTime)),
    row(
      'streak',
      `${streak.currentDays} days now, ${streak.longestDays} at most, last studied ${streak.lastStudyDay ?? 'never'}`,
    ),
    row(
      'mastery',
      `${percent(mastery.mean)} on average; ${mastery.topicsMastered} topics mastered, ${mastery.topicsInProgress} in progress, ${mastery.topicsWeak} weak`,
    ),
    row('reviews due', String(due)),
  ];
}

function windowText({ minutes, sessions, activeDays, questions, accuracy }: Overview['allTime']): string {
  return `${Math.round(minutes)} min in ${sessions} sessions on ${activeDays} days, ${questions} answers, ${percent(accuracy)} right`;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

/** Weeks as columns from left to right, Monday above; a month's name stands over the week with its first day. */
export function renderHeatmap(
  { days, levels }: Pick<Heatmap, 'days' | 'levels'>,
  { colors }: RenderOptions,
): readonly string[] {
  const [first] = days;
  if (first === undefined) return [];
  const levelOf = new Map(days.map((day, index) => [day, levels[index] ?? 0]));
  const monday = addDays(first, -weekdayOf(first));
  const weeks = Math.ceil((weekdayOf(first) + days.length) / 7);
  const columns = Array.from({ length: weeks }, (_, week) => addDays(monday, 7 * week));
  const rows = weekdays.map((name, weekday) => {
    const cells = columns.map((start) => cell(levelOf.get(addDays(start, weekday)), colors));
    return `${name} ${cells.join('')}`.trimEnd();
  });
  const legend = `    less ${[0, 1, 2, 3, 4].map((level) => cell(level, colors)).join('')}more`;
  return [`    ${monthLabels(columns)}`, ...rows, '', legend];
}

/** 0 for Monday. */
function weekdayOf(day: string): number {
  return ((daysBetween('2024-01-01', day) % 7) + 7) % 7; // a Monday
}

function cell(level: number | undefined, colors: boolean): string {
  if (level === undefined) return '  ';
  const block = blocks[level] ?? blocks[0];
  return colors ? `\u001b[38;5;${greens[level] ?? greens[0]}m■\u001b[0m ` : `${block} `;
}

function monthLabels(mondays: readonly string[]): string {
  const names: readonly (string | null)[] = mondays.map((monday, index) => {
    const firstOfMonth = Array.from({ length: 7 }, (_, offset) => addDays(monday, offset)).find((day) =>
      day.endsWith('-01'),
    );
    const day = firstOfMonth ?? (index === 0 ? monday : null);
    return day === null ? null : (months[Number(day.slice(5, 7)) - 1] ?? null);
  });
  return names
    .reduce<string>((line, name, index) => {
      const room = line.padEnd(2 * index);
      // A name needs two columns: the month that the window begins in gives way to the next one.
      return name === null || room.length > 2 * index || (index === 0 && typeof names[1] === 'string')
        ? room
        : room + name;
    }, '')
    .trimEnd();
}

function renderSystems(systems: readonly System[]): readonly string[] {
  const practised = systems.filter(({ questions }) => questions > 0);
  const width = Math.max(0, ...practised.map(({ name }) => name.length));
  return practised
    .toSorted((a, b) => b.examWeight - a.examWeight || (a.slug < b.slug ? -1 : 1))
    .map(({ name, mastery, topicsPractised, topicsTotal }) => {
      const full = Math.round(mastery * BAR_WIDTH);
      const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
      return `${name.padEnd(width)}  ${bar} ${percent(mastery).padStart(4)}  ${topicsPractised} of ${topicsTotal} topics`;
    });
}
