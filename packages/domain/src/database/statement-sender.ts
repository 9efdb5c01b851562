// The statements of one transaction on one pipelining connection: sent at once, answered in their order.
import type { Client, QueryConfig, QueryResult } from 'pg';
import type { OnStatement } from './statement-times.ts';

export type StatementSender = {
  /** `label`: what it is called where its time is told. */
  ask(label: string, query: QueryConfig): Promise<QueryResult<object>>;
  /** Nobody waits for the answer. */
  send(label: string, query: QueryConfig): void;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
  /** Throws what the first statement threw that failed. After this nothing more is sent. */
  commit(): Promise<void>;
  /** After this nothing more is sent. */
  rollback(): Promise<void>;
  /** What went wrong before all else that went wrong. */
  firstFailure(): unknown;
};

export function createStatementSender(client: Client, onStatement?: OnStatement): StatementSender {
  const timing = createTiming(onStatement);
  const gather = createGathering(client);
  let failure: { readonly error: unknown } | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const ask = (label: string, query: QueryConfig): Promise<QueryResult<object>> => {
    if (isOver) throw new Error('a statement was asked for after the end of its transaction');
    const answered = timing(label);
    gather();
    const answer = client.query<object>(query);
    // Answers come in the order of the statements, so the first to fail here is the first that failed.
    last = answer.then(answered, (error: unknown) => {
      answered();
      failure ??= { error };
    });
    return answer;
  };
  const end = (text: 'commit' | 'rollback'): Promise<QueryResult> => {
    isOver = true; // what came now would run outside of the transaction
    const answered = timing(`transaction.${text}`);
    gather();
    return client.query(text).finally(answered);
  };
  const firstFailure = (): unknown => failure?.error ?? new Error('the transaction was undone by its commit');
  return {
    ask,
    send: (label, query) => void ask(label, query),
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

/** What is sent in one turn goes to the server in one write: each would wake it, and take a call of the system. */
function createGathering({ connection: { stream } }: Client): () => void {
  let isGathering = false;
  return () => {
    if (isGathering) return;
    isGathering = true;
    stream.cork();
    process.nextTick(() => {
      isGathering = false;
      stream.uncork();
    });
  };
}

/** A statement takes the time since it was sent, or since the one before was answered: until then the server had that one to do. */
export function createTiming(onStatement: OnStatement | undefined): (label: string) => () => void {
  if (onStatement === undefined) return () => () => undefined;
  let answeredMs = -Infinity;
  return (label) => {
    const sentMs = performance.now();
    return () => {
      const nowMs = performance.now();
      onStatement(label, nowMs - Math.max(sentMs, answeredMs));
      answeredMs = nowMs;
    };
  };
}
