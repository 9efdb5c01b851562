export { createClient, type Client, type ClientOptions, type Token } from './create-client.ts';
export { newEventId } from './event-id.ts';
export { NoAnswerError } from './no-answer-error.ts';
export { sendBatch, type BatchOutcome, type SendBatchOptions } from './send-batch.ts';
export { sendEvents, type SendEventsOptions, type SendProgress } from './send-events.ts';
export type { EventInput, EventResult, RouterInputs, RouterOutputs } from './wire-types.ts';
