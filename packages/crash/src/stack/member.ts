// A process that is killed and started again: where it stands, and whether it ended when nobody had asked it to.
import type { Ending, StartedProcess } from '@studyin/devkit/processes/start-process';

export type Member = {
  /** `api-1`. */
  readonly name: string;
  /** The database role that it alone logs in as. */
  readonly login: string;
  /** Sends a signal that does not end it. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it, and answers how it ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ending>;
  /** Starts it again after its end. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export type MemberOptions = {
  readonly name: string;
  readonly login: string;
  readonly start: () => Promise<StartedProcess>;
  /** Told of an end that nobody asked for. */
  readonly onUnasked: (line: string) => void;
};

export async function startMember({ name, login, start, onUnasked }: MemberOptions): Promise<Member> {
  let isAsked = false;
  const watch = (started: StartedProcess): StartedProcess => {
    isAsked = false;
    void started.ended.then((ending) => {
      if (!isAsked) onUnasked(`${name} ended by itself (${describeEnding(ending)})`);
    });
    return started;
  };
  let running = watch(await start());
  return {
    name,
    login,
    signal: (signal) => running.signal(signal),
    end: (signal) => {
      isAsked = true;
      running.signal(signal);
      return running.ended;
    },
    restart: async () => {
      running = watch(await start());
    },
    stop: () => {
      isAsked = true;
      return running.stop();
    },
  };
}

export function describeEnding({ code, signal }: Ending): string {
  return signal ?? `exit code ${code ?? 'unknown'}`;
}
