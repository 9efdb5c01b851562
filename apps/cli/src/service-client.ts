import { createClient } from '@studyin/client';
import type { Client } from '@studyin/client';
import { deterministicUuid } from '@studyin/domain/events';
import { renewing } from './token.ts';
import type { TokenMaker } from './token.ts';

/** Whom the API sees when the command line writes as a trusted backend. */
export const SERVICE_ID = deterministicUuid('studyin:service', 'cli');

/** A client with a service's token, good for any length of time. */
export function createServiceClient(apiUrl: string, makeToken: TokenMaker): Client {
  return createClient({ url: apiUrl, token: renewing(makeToken, { userId: SERVICE_ID, role: 'service' }) });
}
