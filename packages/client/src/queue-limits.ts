export type QueueLimits = {
  /** A batch is sent once so many acts wait; what gathered offline goes out in batches of up to 500. Default 10. */
  readonly batchItems: number;
  /** … or once they are this large; no batch is larger. In bytes of JSON. Default 200,000. */
  readonly batchBytes: number;
  /** … or so long after the first of them was stored. Default 30,000. */
  readonly batchMs: number;
  /** So many acts may wait; what comes then is refused, never what is there. Default 100,000. There is no limit of age. */
  readonly maxItems: number;
  /** The same in bytes of JSON. Default 64,000,000. */
  readonly maxBytes: number;
};

export const defaultLimits: QueueLimits = {
  batchItems: 10,
  batchBytes: 200_000,
  batchMs: 30_000,
  maxItems: 100_000,
  maxBytes: 64_000_000,
};
