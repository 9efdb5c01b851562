import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect } from 'chai';
import { withoutTexts } from '../src/span-texts.ts';

describe('the spans that are sent', () => {
  it('hold what an error was, and neither its text nor its stack', async () => {
    const memory = new InMemorySpanExporter();
    const provider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter: withoutTexts(memory) })],
    });
    const span = provider.getTracer('test').startSpan('complete update-learner', { attributes: { kept: 7 } });
    span.recordException(new RangeError('needle-4711 is not a uuid'));
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'needle-4711 is not a uuid' });
    span.end();
    provider.getTracer('test').startSpan('sound').end();
    await provider.forceFlush();
    const [failed, sound] = memory.getFinishedSpans();
    expect(JSON.stringify([failed?.events, failed?.status, failed?.attributes]))
      .to.not.include('needle')
      .and.not.include(' at ');
    expect(failed?.events[0]).to.deep.include({ name: 'exception', attributes: { 'exception.type': 'RangeError' } });
    expect(failed?.status).to.deep.equal({ code: SpanStatusCode.ERROR });
    expect(failed).to.include({ name: 'complete update-learner' });
    expect(failed?.attributes).to.deep.equal({ kept: 7 });
    expect(failed?.spanContext().spanId).to.equal(span.spanContext().spanId);
    expect(sound?.name).to.equal('sound');
  });
});
