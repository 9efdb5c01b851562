import type { LoadedHistory } from '@studyin/domain/services';
import type { DomainErrorCode } from '@studyin/domain/errors';
import type { Generation, PlannedHistory } from './generation.ts';

/** What a process of `generate` is asked to do. */
export type PartTask =
  | { readonly kind: 'load'; readonly generation: Generation; readonly histories: readonly PlannedHistory[] }
  | { readonly kind: 'derive'; readonly groups: readonly (readonly string[])[] };

/** `done`: events that are there now, or learners that are up to date. */
export type PartResult = { readonly done: number; readonly loaded: LoadedHistory };

export type PartAnswer =
  | { readonly ok: true; readonly result: PartResult }
  | { readonly ok: false; readonly code: DomainErrorCode; readonly message: string };
