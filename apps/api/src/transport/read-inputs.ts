// The inputs of calls out of their envelope, as tRPC reads them: only when a procedure asks, so that somebody without a token
// learns nothing of what is wrong with their body.
import { TRPCError } from '@trpc/server';
import superjson from 'superjson';
import type { Body } from './read-body.ts';

type Envelope = Parameters<typeof superjson.deserialize>[0];

/** Answers the input of a call by its place. Throws a TRPCError for an envelope that cannot be read, the same for each call. */
export type InputReader = (index: number) => unknown;

export function createInputReader(
  body: Body,
  { isBatch, calls }: { readonly isBatch: boolean; readonly calls: number },
): InputReader {
  let read: readonly unknown[] | null = null;
  return (index) => {
    try {
      read ??= isBatch ? batchInputs(jsonOf(body), calls) : singleInput(jsonOf(body));
    } catch (error) {
      if (error instanceof TRPCError) throw error;
      throw new TRPCError({ code: 'BAD_REQUEST', cause: error });
    }
    return read[index];
  };
}

/** Undefined where there is no text. */
function jsonOf(body: Body): unknown {
  if ('tooLarge' in body) throw new TRPCError({ code: 'PAYLOAD_TOO_LARGE' });
  return 'text' in body && body.text !== '' ? JSON.parse(body.text) : undefined;
}

function singleInput(json: unknown): readonly unknown[] {
  // as: what is no envelope makes superjson throw, or read an undefined input
  return json === undefined ? [] : [superjson.deserialize(json as Envelope)];
}

function batchInputs(json: unknown, calls: number): readonly unknown[] {
  if (json === undefined) return [];
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'the inputs of a batch are an object' });
  }
  const inputs: Readonly<Record<string, unknown>> = { ...json };
  return Array.from({ length: calls }, (_, index) => {
    const input = inputs[index];
    return input === undefined ? undefined : superjson.deserialize(input as Envelope); // as: see singleInput
  });
}
