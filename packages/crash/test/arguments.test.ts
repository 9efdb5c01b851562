import { expect } from 'chai';
import { crashHelp, parseCrashArguments } from '../src/arguments.ts';
import { scenes } from '../src/scenes/scenes.ts';

const parse = (...args: readonly string[]) => {
  const command = parseCrashArguments(args, scenes);
  if (command.kind === 'help') throw new Error('help was asked for');
  return {
    ...command.options,
    json: command.json,
    scenes: command.options.scenes.map(({ scene, times }) => [scene.name, times]),
  };
};
const names = scenes.map(({ name }) => name);

describe('the arguments of the crash tests', () => {
  it('play every scene, and want ten thousand items, where nothing is said', () => {
    const { scenes: played, ...options } = parse();
    expect(played).eql(scenes.map(({ name, times }) => [name, times]));
    expect(options).include({ leastAcknowledged: 10_000, seconds: 600, isShort: false, json: false });
  });

  it('play one scene as often as is said', () => {
    expect(parse('--scene', 'kill-api', '--times=3')).deep.include({ scenes: [['kill-api', 3]] });
    expect(parse('--scene=kill-api', '--scene=poison-job').scenes.map(([name]) => name)).eql([
      'kill-api',
      'poison-job',
    ]);
  });

  it('play a short test without what takes a minute', () => {
    const { scenes: played } = parse('--short', '--json');
    expect(played).eql(
      [...names].filter((name) => name !== 'freeze-worker' && name !== 'poison-job').map((name) => [name, 1]),
    );
  });

  it('are refused in one line where they cannot be', () => {
    const wrong = [
      ['--scene', 'fire'],
      ['--times', '2'],
      ['--scene', 'kill-api', '--times', '0'],
      ['--rate', 'x'],
      ['more'],
    ];
    for (const args of wrong) expect(() => parse(...args), args.join(' ')).throw(/^[^\n]+$/);
  });

  it('are explained, every scene by its name', () => {
    const help = crashHelp(scenes);
    for (const name of names) expect(help).match(new RegExp(`^  ${name} `, 'm'));
    expect(parseCrashArguments(['--help'], scenes)).eql({ kind: 'help' });
  });
});
