/**
 * What a worker's Node.js is started with, wherever it is started: a small young generation. With the default of 16 MB a night of
 * many short-lived rows takes 120 MB more at its height, and is no faster.
 */
export const workerNodeArgs: readonly string[] = ['--max-semi-space-size=4'];
