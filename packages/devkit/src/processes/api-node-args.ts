/**
 * What an API's Node.js is started with, wherever it is started: a bound for the heap, without which V8 lets it grow to several times
 * of what is in use before it cleans up. Room for the answers kept in memory and for a full queue of the ingest. And what a call makes is
 * never taken for long-lived: see docs/adr/0023.
 */
export const apiNodeArgs: readonly string[] = [
  '--max-old-space-size=192',
  '--max-semi-space-size=24',
  '--no-parallel-scavenge',
  '--no-allocation-site-pretenuring',
];
