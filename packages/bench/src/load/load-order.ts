// What a bench asks of the load generator, a process of its own, and what it hears back.

export type LoadOrder = (AttemptCalls | ReadCalls) & {
  /** So many are prepared; the round ends when they are sent, or when the time is over. */
  readonly calls: number;
  readonly connections: number;
  readonly seconds: number;
  /** Null: each connection sends as soon as it has its answer. */
  readonly callsPerSecond: number | null;
};

/** Answers of learners, made from a seed. */
export type AttemptCalls = {
  /** Of the procedure or route. */
  readonly url: string;
  readonly seed: string;
  /** One for each learner. */
  readonly tokens: readonly string[];
  /** 1: one `tracking.questionAttempt`; more: that many in one `tracking.events`. */
  readonly attemptsACall: number;
};

/** Reads, one after the other and from the first again. */
export type ReadCalls = {
  /** Of the server. */
  readonly url: string;
  readonly reads: readonly Read[];
};

export type Read = {
  /** With its query. */
  readonly path: string;
  readonly token: string;
};

export type LoadResult = {
  /** From the first byte sent to the last answer. */
  readonly seconds: number;
  readonly calls: number;
  /** Answers that were stored, or were stored before. */
  readonly attempts: number;
  /** Calls whose answer was not as it must be, and the first of those answers. */
  readonly faults: number;
  readonly firstFault: string | null;
  /** Of a call; with a fixed rate from the moment at which it was due. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Processor time of the generator. */
  readonly cpuSeconds: number;
};

export type ToGenerator =
  { readonly kind: 'prepare'; readonly order: LoadOrder } | { readonly kind: 'go' } | { readonly kind: 'end' };

export type FromGenerator =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly message: string };
