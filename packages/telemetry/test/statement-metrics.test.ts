import { expect } from 'chai';
import { Registry } from 'prom-client';
import { watchStatements } from '@studyin/telemetry/statement-metrics';
import { tellAll } from '@studyin/telemetry/tracing';

describe('slow statements', () => {
  const watched = () => {
    const registry = new Registry();
    const lines: object[] = [];
    return { registry, lines, onStatement: watchStatements(registry, { warn: (line) => lines.push(line) }) };
  };

  it('are logged by name from over a second on, and no sooner', () => {
    const { lines, onStatement } = watched();
    onStatement('event.insert', 1_000);
    onStatement('gap.list', 1_000.6);
    expect(lines).to.deep.equal([{ event: 'statement.slow', statement: 'gap.list', elapsedMs: 1_001 }]);
  });

  it('are counted by name, and over five seconds once more for the alert', async () => {
    const { registry, onStatement } = watched();
    expect(await registry.metrics()).to.include('studyin_very_slow_statements_total 0');
    for (const elapsedMs of [10, 1_200, 5_000, 5_001]) onStatement('event.insert', elapsedMs);
    const text = await registry.metrics();
    expect(text).to.include('studyin_slow_statements_total{statement="event.insert"} 3');
    expect(text).to.include('studyin_very_slow_statements_total 1');
  });
});

describe('telling several of a statement', () => {
  it('asks nobody where there is nobody, and else all in order', () => {
    const heard: string[] = [];
    const first = (name: string): void => void heard.push(`first ${name}`);
    const second = (name: string): void => void heard.push(`second ${name}`);
    expect(tellAll(undefined, undefined)).to.equal(undefined);
    expect(tellAll(undefined, first)).to.equal(first);
    tellAll(first, second)?.('a.b', 1);
    expect(heard).to.deep.equal(['first a.b', 'second a.b']);
  });
});
