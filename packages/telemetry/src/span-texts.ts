// Libraries write the message of an error into their spans, and a database quotes the offending value in it.
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** An exporter that sends spans without the texts and stacks of errors; their types stay. */
export function withoutTexts(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(withoutText), done),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

function withoutText(span: ReadableSpan): ReadableSpan {
  if (span.events.length === 0 && span.status.code !== SpanStatusCode.ERROR) return span;
  const { name, kind, parentSpanContext, startTime, endTime, attributes, links, duration, ended } = span;
  const { resource, instrumentationScope, droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
  const kept = { name, kind, startTime, endTime, attributes, links, duration, ended, resource, instrumentationScope };
  return {
    ...kept,
    droppedAttributesCount,
    droppedEventsCount,
    droppedLinksCount,
    ...(parentSpanContext === undefined ? {} : { parentSpanContext }),
    spanContext: () => span.spanContext(),
    status: { code: span.status.code },
    events: span.events.map(({ name: event, time, attributes: given }) => ({
      name: event,
      time,
      attributes: { 'exception.type': given?.['exception.type'] ?? 'unknown' },
    })),
  };
}
