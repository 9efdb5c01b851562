// The statements of one transaction on one pipelining connection: sent at once, answered in their order.
import type { Client, QueryConfig, QueryResult } from 'pg';

export type StatementSender = {
  ask(query: QueryConfig): Promise<QueryResult<object>>;
  /** Nobody waits for the answer. */
  send(query: QueryConfig): void;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
  /** Throws what the first statement threw that failed. After this nothing more is sent. */
  commit(): Promise<void>;
  /** After this nothing more is sent. */
  rollback(): Promise<void>;
  /** What went wrong before all else that went wrong. */
  firstFailure(): unknown;
};

export function createStatementSender(client: Client): StatementSender {
  let failure: { readonly error: unknown } | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const ask = (query: QueryConfig): Promise<QueryResult<object>> => {
    if (isOver) throw new Error('a statement was asked for after the end of its transaction');
    const answer = client.query<object>(query);
    // Answers come in the order of the statements, so the first to fail here is the first that failed.
    last = answer.catch((error: unknown) => {
      failure ??= { error };
    });
    return answer;
  };
  const end = (text: 'commit' | 'rollback'): Promise<QueryResult> => {
    isOver = true; // what came now would run outside of the transaction
    return client.query(text);
  };
  const firstFailure = (): unknown => failure?.error ?? new Error('the transaction was undone by its commit');
  return {
    ask,
    send: (query) => void ask(query),
    idle: async () => {
      await last;
    },
    commit: async () => {
      // A transaction with a statement that failed is undone by its commit, without an error.
      if ((await end('commit')).command !== 'COMMIT') throw firstFailure();
    },
    rollback: async () => {
      await end('rollback');
    },
    firstFailure,
  };
}
