// Traces by OpenTelemetry, switched on by a setting. Off, none of its SDK is loaded and every function here only calls on.
import type { OnStatement } from '@studyin/domain/database';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export type SpanOf = {
  /** Of a small set, for example a procedure: never an id. */
  readonly name: string;
  readonly kind: 'server' | 'internal';
  /** A W3C `traceparent` that the span goes on from; else the span that is active. */
  readonly traceParent?: string | null;
};

export type BatchTracer<Item extends object> = {
  /** Remembers the active span as the one these items came from. */
  remember(items: readonly Item[]): void;
  /** Runs `work` in a span of its own: a child of the one span the items came from, or linked to all of them. */
  run<T>(items: readonly Item[], work: () => Promise<T>): Promise<T>;
};

export type Tracing = {
  readonly isOn: boolean;
  /** Runs `work` in a span; what it notes becomes attributes, what it throws an error without its text. */
  span<T>(of: SpanOf, work: (note: (attributes: SpanAttributes) => void) => Promise<T>): Promise<T>;
  /** Adds a span for a statement that has ended just now. */
  readonly onStatement: OnStatement | undefined;
  batchTracer<Item extends object>(name: string): BatchTracer<Item>;
  /** Sends what is left, in at most two seconds. */
  stop(): Promise<void>;
};

export type TracingOptions = {
  /** Where spans are sent by OTLP over HTTP, for example http://127.0.0.1:4318/v1/traces; null: tracing is off. */
  readonly url: string | null;
  /** How many of a hundred traces that begin here are kept; those that began elsewhere are kept as they were there. */
  readonly percent: number;
  /** `service.name` of the spans. */
  readonly service: string;
};

const nothing = (): void => undefined;

export const noTracing: Tracing = {
  isOn: false,
  span: (_of, work) => work(nothing),
  onStatement: undefined,
  batchTracer: () => ({ remember: nothing, run: (_items, work) => work() }),
  stop: () => Promise.resolve(),
};

/** Once for a process: context and propagation of OpenTelemetry are its globals. */
export async function startTracing({ url, percent, service }: TracingOptions): Promise<Tracing> {
  if (url === null) return noTracing;
  const { openTracing } = await import('./open-tracing.ts');
  return openTracing({ url, percent, service });
}

/** Tells all of them, in order; undefined where there is nobody to tell. */
export function tellAll(...listeners: readonly (OnStatement | undefined)[]): OnStatement | undefined {
  const given = listeners.filter((listener) => listener !== undefined);
  const [first, ...rest] = given;
  if (first === undefined || rest.length === 0) return first;
  return (name, elapsedMs) => {
    for (const listener of given) listener(name, elapsedMs);
  };
}
