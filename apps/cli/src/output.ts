// What a command says. For people on standard output, or on standard error where standard output is for the JSON.
import type { WriteStream } from 'node:tty';

export type Stage = {
  /** Shows how far it is; `what` names the things counted. */
  progress(done: number, total: number, what: string): void;
  /** Ends the stage with what came of it. */
  done(detail: string): void;
};

export type Output = {
  /** A line for people. */
  line(text?: string): void;
  /** Begins a stage: a bar that grows on a terminal, a line now and then elsewhere. One at a time. */
  stage(name: string): Stage;
  /** The result for programs: with --json the last line of standard output, else nothing. */
  result(value: object): void;
  /** Whether colours may be used. */
  readonly colors: boolean;
  readonly columns: number;
};

type Streams = {
  readonly stdout: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>;
  readonly stderr: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>;
};

export type OutputOptions = { readonly json: boolean; readonly noColor?: boolean };

const NAME_WIDTH = 22;
const BAR_WIDTH = 30;
const QUIET_MS = 5_000;
const FRAME_MS = 100;

export function createOutput({ json, noColor = false }: OutputOptions, { stdout, stderr }: Streams = process): Output {
  const stream = json ? stderr : stdout;
  const isTerminal = stream.isTTY;
  const write = (text: string): void => void stream.write(text);
  // A bar that stands is erased before a line is written, and drawn again by its next progress.
  let hasBar = false;
  const eraseBar = (): void => {
    if (hasBar) write('\r\u001b[2K');
    hasBar = false;
  };
  const line = (text = ''): void => {
    eraseBar();
    write(`${text}\n`);
  };
  const draw = (text: string): void => {
    eraseBar();
    write(text);
    hasBar = true;
  };
  return {
    line,
    stage: (name) =>
      createStage(name, isTerminal ? { line, draw, everyMs: FRAME_MS } : { line, draw: line, everyMs: QUIET_MS }),
    result: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    colors: isTerminal && !noColor,
    columns: isTerminal ? stream.columns : 100,
  };
}

type StageStream = {
  readonly line: (text: string) => void;
  readonly draw: (text: string) => void;
  readonly everyMs: number;
};

function createStage(name: string, { line, draw, everyMs }: StageStream): Stage {
  const started = performance.now();
  const label = name.padEnd(NAME_WIDTH);
  let shownAt = started;
  draw(`  … ${label}`);
  return {
    progress: (done, total, what) => {
      const now = performance.now();
      if (now - shownAt < everyMs) return;
      shownAt = now;
      draw(`  … ${label}${progressBar(done, total)} ${count(done)}/${count(total)} ${what}`);
    },
    done: (detail) => line(`  ✔ ${label}${detail}  ${((performance.now() - started) / 1000).toFixed(1)} s`),
  };
}

/** `███████░░░  70%` */
export function progressBar(done: number, total: number): string {
  const share = total <= 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(share * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)}%`;
}

/** `12,345` */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}
