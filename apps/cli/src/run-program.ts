import { DomainError } from '@studyin/domain/errors';
import { readEnv } from './config.ts';
import { InterruptedError } from './interruption.ts';
import { createProgram } from './program.ts';

/** Runs a command to its end and sets the exit code. Whatever fails is one line on standard error. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    await createProgram(readEnv()).parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof InterruptedError)) process.stderr.write(`studyin: ${lineOf(error)}\n`);
  }
}

function exitCodeOf(error: unknown): number {
  return error instanceof InterruptedError ? error.exitCode : 1;
}

function lineOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.replaceAll(/\s*\n\s*/g, ' ');
}
