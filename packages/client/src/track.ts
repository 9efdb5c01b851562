// The acts by name. Each becomes an item of `tracking.events`, as the API makes it of the call of the same name.
import type { Tracked } from './capture-act.ts';
import type { TrackedEvent } from './queue-storage.ts';
import { startReading } from './reading.ts';
import type { Reading } from './reading.ts';
import type { RouterInputs } from './wire-types.ts';

type Act<Name extends 'questionAttempt' | 'materialInteraction' | 'sessionStart' | 'sessionPause'> = Omit<
  RouterInputs['tracking'][Name],
  'eventId'
>;
export type ReadingPlace = Omit<Act<'materialInteraction'>, 'durationSeconds' | 'scrollDepthPercent'>;

/**
 * Each returns at once. Its time is the time of the call; where the device has a time zone and the act names none, the act gets it.
 * Throws only for what is no JSON.
 */
export type Track = {
  /** An event of any type of the catalogue. */
  event(event: TrackedEvent): Tracked;
  questionAttempt(act: Act<'questionAttempt'>): Tracked;
  /** One beat of reading; `reading` makes them by itself. */
  materialInteraction(act: Act<'materialInteraction'>): Tracked;
  /** The learner begins to read or watch a material: a beat every 30 seconds, until it is ended or the client is closed. */
  reading(place: ReadingPlace): Reading;
  sessionStart(act: Act<'sessionStart'>): Tracked;
  sessionPause(act: Act<'sessionPause'>): Tracked;
  sessionResume(act: Act<'sessionPause'>): Tracked;
  sessionEnd(act: Act<'sessionPause'>): Tracked;
};

export function createTrack(event: Track['event']): { readonly track: Track; readonly endReadings: () => void } {
  const readings = new Set<Reading>();
  const materialInteraction: Track['materialInteraction'] = ({ durationSeconds, scrollDepthPercent, ...fields }) =>
    event({ eventType: 'material_read', ...fields, properties: { durationSeconds, scrollDepthPercent } });
  const track: Track = {
    event,
    questionAttempt: ({ userId, sessionId, timezone, questionId, topicId, ...properties }) =>
      event({ eventType: 'question_attempt', userId, sessionId, timezone, questionId, topicId, properties }),
    materialInteraction,
    reading: (place) => {
      const reading = startReading({ track: (beat) => materialInteraction({ ...place, ...beat }) });
      const end = (): Tracked => {
        readings.delete(reading);
        return reading.end();
      };
      readings.add(reading);
      return { ...reading, end };
    },
    sessionStart: ({ deviceType, ...fields }) =>
      event({ eventType: 'session_start', ...fields, properties: { deviceType } }),
    sessionPause: (act) => event({ eventType: 'session_pause', ...act }),
    sessionResume: (act) => event({ eventType: 'session_resume', ...act }),
    sessionEnd: (act) => event({ eventType: 'session_end', ...act }),
  };
  return {
    track,
    endReadings: () => {
      for (const reading of readings) reading.end();
      readings.clear();
    },
  };
}
