/**
 * What the command line's Node.js is started with, by `pnpm studyin`: a small young generation. With the default of 16 MB an import
 * of very many short-lived rows takes 120 MB more at its height, and is no faster.
 */
export const cliNodeArgs: readonly string[] = ['--max-semi-space-size=4'];
