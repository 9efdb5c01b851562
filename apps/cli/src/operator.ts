import { DomainError } from '@studyin/domain/errors';
import { isContactText, isStorableText } from '@studyin/domain/events';
import type { Accessor, ErasureActor } from '@studyin/domain/services';

export type Operator = { readonly actor: ErasureActor; readonly reason: string };

// Whoever may run commands on the database has no id in the product.
const OPERATOR_ID = '00000000-0000-0000-0000-000000000000';

/** The operator as the access log knows them. Throws `invalid` where no reason is stated. */
export function operatorOf(reason: string | null): Operator {
  const stated = (reason ?? '').trim();
  if (stated.length < 3 || stated.length > 200 || !isStorableText(stated) || isContactText(stated)) {
    const form = 'in 3 to 200 characters and without anybody’s address';
    throw new DomainError('invalid', `Say why, with --reason, ${form}: it is kept in the access log.`);
  }
  return { actor: { userId: OPERATOR_ID, role: 'operator', requestId: null }, reason: stated };
}

/** The operator doing something, as the access log keeps it. Throws `invalid` where no reason is stated. */
export function accessorOf(action: string, reason: string | null): Accessor {
  const { actor, reason: stated } = operatorOf(reason);
  return { actor, action, reason: stated, requestId: null };
}
