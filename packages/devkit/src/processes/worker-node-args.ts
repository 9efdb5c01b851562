/**
 * What a worker's Node.js is started with, wherever it is started. Most of what an update makes lives as long as its transaction: a
 * young generation that holds a group keeps it from the old one, which may grow by half before it is collected. With a young
 * generation of 4 MB and the default growth, deriving many learners takes 60 MB more and is no faster. One thread collects the young
 * one: PostgreSQL works on the same cores.
 */
export const workerNodeArgs: readonly string[] = [
  '--max-semi-space-size=12',
  '--heap-growing-percent=50',
  '--no-parallel-scavenge',
];
