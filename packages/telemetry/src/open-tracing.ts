import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Link, Span, SpanContext, Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { withoutTexts } from './span-texts.ts';
import type { BatchTracer, SpanAttributes, SpanOf, Tracing, TracingOptions } from './tracing.ts';

const STOP_MS = 2_000;

/** Sets OpenTelemetry up for this process, and sends its spans. */
export function openTracing({ url, percent, service }: TracingOptions & { readonly url: string }): Tracing {
  const exporter = withoutTexts(new OTLPTraceExporter({ url }));
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(percent / 100) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // Trace ids only: baggage that a caller sends would be stored with jobs.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer('studyin');
  return {
    isOn: true,
    span: (of, work) => runInSpan(startSpan(tracer, of), work),
    onStatement: (name, elapsedMs) => {
      const endTime = Date.now();
      tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: endTime - elapsedMs }).end(endTime);
    },
    batchTracer: (name) => createBatchTracer(tracer, name),
    stop: async () => {
      const tooLate = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), tooLate]);
    },
  };
}

type Started = { readonly span: Span; readonly parent: Context };

function startSpan(tracer: Tracer, { name, kind, traceParent = null }: SpanOf): Started {
  const parent =
    traceParent === null ? context.active() : propagation.extract(ROOT_CONTEXT, { traceparent: traceParent });
  const spanKind = kind === 'server' ? SpanKind.SERVER : SpanKind.INTERNAL;
  return { span: tracer.startSpan(name, { kind: spanKind }, parent), parent };
}

async function runInSpan<T>(
  { span, parent }: Started,
  work: (note: (attributes: SpanAttributes) => void) => Promise<T>,
): Promise<T> {
  try {
    return await context.with(trace.setSpan(parent, span), () =>
      work((attributes) => void span.setAttributes(attributes)),
    );
  } catch (error) {
    span.setAttribute('error.type', nameOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function createBatchTracer<Item extends object>(tracer: Tracer, name: string): BatchTracer<Item> {
  const origins = new WeakMap<Item, SpanContext>();
  return {
    remember: (items) => {
      const origin = trace.getActiveSpan()?.spanContext();
      if (origin !== undefined) for (const item of items) origins.set(item, origin);
    },
    run: (items, work) => {
      const callers = new Map<string, Link>();
      for (const item of items) {
        const origin = origins.get(item);
        if (origin !== undefined) callers.set(origin.spanId, { context: origin });
      }
      const [first, ...others] = callers.values();
      // The lane runs in the context of whoever woke it, who has nothing to do with this batch.
      const isOnly = first !== undefined && others.length === 0;
      const parent = isOnly ? trace.setSpanContext(ROOT_CONTEXT, first.context) : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { links: isOnly ? [] : [...callers.values()] }, parent);
      span.setAttribute('items', items.length);
      return runInSpan({ span, parent }, work);
    },
  };
}
