import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { contextIds, count, slug } from './fields.ts';

export const gameEvents = {
  xp_earned: defineEvent('xp_earned', {
    when: 'Experience points are credited.',
    fields: {
      ...contextIds,
      properties: z.strictObject({
        // The bound keeps the sum of a session within int32 for 200,000 events.
        amount: count(10_000).describe('Points credited.'),
        source: slug().optional().describe('What they are for, for example `quiz`.'),
      }),
    },
  }),
  level_up: defineEvent('level_up', {
    when: 'A new level is reached.',
    fields: { properties: z.strictObject({ level: z.int().min(1).max(10_000).describe('The level reached.') }) },
  }),
  achievement_unlocked: defineEvent('achievement_unlocked', {
    when: 'An achievement is unlocked.',
    fields: {
      ...contextIds,
      properties: z.strictObject({ achievementId: slug().describe('Key of the achievement.') }),
    },
  }),
  streak_continued: defineEvent('streak_continued', {
    when: 'The app shows that the streak has grown by a day. Streaks in dashboards are computed, not taken from it.',
    fields: { properties: z.strictObject({ streakDays: count(100_000).describe('Its length now, in days.') }) },
  }),
  streak_broken: defineEvent('streak_broken', {
    when: 'The app shows that a streak has ended.',
    fields: { properties: z.strictObject({ streakDays: count(100_000).describe('The length it had, in days.') }) },
  }),
};
