import { expect } from 'chai';
import { DomainError } from '@studyin/domain/errors';
import type { DomainErrorCode } from '@studyin/domain/errors';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { texts, toApiError, trpcCodeOf } from '../src/domain-errors.ts';
import { describeError } from '@studyin/telemetry/log';

const secret = 'value-of-somebody';

describe('errors', () => {
  it('have one code for each of the domain’s', () => {
    const codes: Record<DomainErrorCode, string> = {
      invalid: 'BAD_REQUEST',
      not_found: 'NOT_FOUND',
      forbidden: 'FORBIDDEN',
      unauthenticated: 'UNAUTHORIZED',
      conflict: 'CONFLICT',
      erased: 'NOT_FOUND',
      too_large: 'PAYLOAD_TOO_LARGE',
      too_many_requests: 'TOO_MANY_REQUESTS',
      unavailable: 'SERVICE_UNAVAILABLE',
      misconfigured: 'INTERNAL_SERVER_ERROR',
      internal: 'INTERNAL_SERVER_ERROR',
    };
    for (const [code, expected] of Object.entries(codes)) {
      expect(trpcCodeOf(code as DomainErrorCode).code, code).to.equal(expected); // as: the keys of the record
    }
  });

  it('say a constant text, whatever the original said', () => {
    const originals = [
      new DomainError('invalid', secret, { path: 'days' }),
      new DomainError('internal', secret),
      new Error(secret),
      secret,
      undefined,
      new TRPCError({ code: 'BAD_REQUEST', message: secret }),
      new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new DomainError('unavailable', secret) }),
    ];
    for (const original of originals) {
      const { code, message, details } = toApiError(original);
      expect(message).to.equal(texts[code]);
      expect(JSON.stringify(details)).to.not.include(secret);
    }
  });

  it('of an input are places and codes; a key that could be data is not repeated', () => {
    const { error } = z
      .strictObject({ days: z.number() })
      .safeParse({ days: secret, 'a key with blanks': 1, known: 1 });
    const { details } = toApiError(new TRPCError({ code: 'BAD_REQUEST', cause: error }));
    expect(details.issues).to.have.deep.members([
      { path: 'days', code: 'invalid_type' },
      { path: '?', code: 'unrecognized_keys' },
      { path: 'known', code: 'unrecognized_keys' },
    ]);
  });

  it('of an output are ours, and say nothing', () => {
    const { error } = z.strictObject({}).safeParse({ known: 1 });
    const { code, details } = toApiError(
      new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Output validation failed', cause: error }),
    );
    expect([code, details]).to.deep.equal(['INTERNAL_SERVER_ERROR', {}]);
  });

  it('are logged with their name, code and frames, and without their message', () => {
    const database = Object.assign(new Error(`invalid input syntax for type uuid: "${secret}"`), {
      code: '22P02',
      detail: secret,
    });
    const summary = describeError(new Error(secret, { cause: database }));
    expect(JSON.stringify(summary)).to.not.include(secret);
    expect(summary.cause?.code).to.equal('22P02');
    expect(summary.at[0]).to.match(/domain-errors\.test/);
  });
});
