import { expect } from 'chai';
import { renderHeatmap } from '../src/examples/render-dashboard.ts';
import { createOutput, progressBar } from '../src/output.ts';
import { addDays } from '@studyin/domain/algorithms';

const stream = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, columns: 80, write: (text: string) => written.push(text) > 0, written };
};

describe('what a command says', () => {
  it('goes to standard output, and with --json to standard error, which leaves standard output to the result', () => {
    for (const json of [false, true]) {
      const [stdout, stderr] = [stream(false), stream(false)];
      const output = createOutput({ json }, { stdout, stderr });
      output.line('for people');
      output.result({ answer: 42 });
      expect(stdout.written).eql(json ? ['{"answer":42}\n'] : ['for people\n']);
      expect(stderr.written).eql(json ? ['for people\n'] : []);
    }
  });

  it('is plain lines where there is no terminal', () => {
    const stdout = stream(false);
    const stage = createOutput({ json: false }, { stdout, stderr: stream(false) }).stage('sending');
    stage.progress(1, 2, 'events');
    stage.done('all sent');
    expect(stdout.written).length(2);
    expect(stdout.written[1]).match(/^ {2}✔ sending +all sent {2}0\.0 s\n$/);
    expect(stdout.written.join('')).not.includes('\u001b').and.not.includes('\r');
  });

  it('is a bar that is drawn over on a terminal', () => {
    const stdout = stream(true);
    const stage = createOutput({ json: false }, { stdout, stderr: stream(true) }).stage('sending');
    stage.done('all sent');
    expect(stdout.written.slice(1, 2)).eql(['\r\u001b[2K']);
    expect(progressBar(1, 2)).match(/^█{15}░{15} {2}50%$/);
    expect(progressBar(0, 0)).match(/100%$/);
  });
});

describe('the calendar of a heatmap', () => {
  it('has a column for each week, Monday above, and names months over their first day', () => {
    const days = Array.from({ length: 14 }, (_, n) => addDays('2026-02-25', n)); // a Wednesday
    const levels = days.map((_, n) => (n % 5) as 0 | 1 | 2 | 3 | 4);
    expect(renderHeatmap({ days, levels }, { colors: false })).eql([
      '    Mar',
      'Mon   · ▒',
      'Tue   ░ ▓',
      'Wed · ▒',
      'Thu ░ ▓',
      'Fri ▒ █',
      'Sat ▓ ·',
      'Sun █ ░',
      '',
      '    less · ░ ▒ ▓ █ more',
    ]);
  });

  it('is empty without days, and coloured where colours may be used', () => {
    expect(renderHeatmap({ days: [], levels: [] }, { colors: false })).eql([]);
    expect(renderHeatmap({ days: ['2026-02-25'], levels: [4] }, { colors: true })[3]).includes(
      '\u001b[38;5;46m■\u001b[0m',
    );
  });
});
