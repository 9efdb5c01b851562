import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { deviceTypes } from './device-type.ts';
import { noProperties } from './fields.ts';

export const sessionEvents = {
  session_start: defineEvent('session_start', {
    when: 'The learner opens the app or a page of it, and no session is running.',
    fields: {
      properties: z
        .strictObject({
          deviceType: z.enum(deviceTypes).optional().describe('Class of device; `web` is a browser on a computer.'),
        })
        .default({}),
    },
  }),
  session_end: defineEvent('session_end', {
    when: 'The learner signs out or closes the app. Without it the session ends with its last event.',
    fields: {
      properties: z
        .strictObject({
          endReason: z.enum(['learner', 'idle', 'closed']).optional().describe('What ended it.'),
        })
        .default({}),
    },
  }),
  session_pause: defineEvent('session_pause', {
    when: 'The learner pauses, or the app goes to the background. No active time counts until the next event.',
    fields: {
      properties: z
        .strictObject({
          pauseReason: z.enum(['learner', 'idle', 'hidden']).optional().describe('What paused it.'),
        })
        .default({}),
    },
  }),
  session_resume: defineEvent('session_resume', {
    when: 'The learner comes back after a pause.',
    fields: { properties: noProperties() },
  }),
};
