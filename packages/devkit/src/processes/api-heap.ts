/**
 * How much memory an API may take for its objects. Without a bound V8 lets the heap grow to several times of what is in use before it
 * cleans up. Room for the answers kept in memory and for a full queue of the ingest; the Dockerfile says the same.
 */
export const apiHeap: readonly string[] = ['--max-old-space-size=192', '--max-semi-space-size=8'];
