import { resolve } from 'node:path';
import { expect } from 'chai';
import { benchHelp, parseBenchArguments } from '../src/arguments.ts';
import { benches } from '../src/benches/benches.ts';

const parse = (...args: string[]) => parseBenchArguments(args, benches);

describe('the arguments of pnpm bench', () => {
  it('are a name, and its defaults where nothing else is said', () => {
    for (const bench of benches) {
      expect(parse(bench.name)).to.deep.equal({ kind: 'run', bench, options: bench.defaults, json: false, keep: null });
    }
  });

  it('set rounds, seconds and size', () => {
    const options = { rounds: 3, seconds: 0.5, size: 20 };
    const command = parse('ingest-batch', '--rounds', '3', '--seconds=0.5', '--size', '20', '--json');
    expect(command).to.deep.include({ kind: 'run', options, json: true });
  });

  it('name the folder where filled databases are kept, from where the command is run', () => {
    expect(parse('growth', '--keep', 'kept/here')).to.include({ keep: resolve('kept/here') });
  });

  it('ask for help, also where nothing is said', () => {
    expect(parse()).to.deep.equal({ kind: 'help' });
    expect(parse('nightly', '--help')).to.deep.equal({ kind: 'help' });
    for (const { name, summary } of benches) expect(benchHelp(benches)).to.include(name).and.to.include(summary);
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown name', ['ingest'], /There is no bench ingest; there are ingest-batch, /],
    ['two names', ['memory', 'nightly'], /One bench at a time; nightly is too much/],
    ['an unknown option', ['memory', '--fast'], /--fast/],
    ['a size that is no number', ['memory', '--size', 'big'], /--size must be a number from 1 to 100000000, not "big"/],
    ['no seconds at all', ['memory', '--seconds', '0'], /--seconds must be a number from 0.01 to 120/],
    ['more rounds than anybody waits for', ['memory', '--rounds', '100'], /--rounds must be a number from 1 to 99/],
    ['half a round', ['memory', '--rounds', '1.5'], /--rounds must be a whole number/],
    ['a folder without a name', ['growth', '--keep', ''], /--keep must name a folder/],
    ['an empty value', ['memory', '--size', ''], /--size must be a number/],
  ];
  for (const [what, args, message] of wrong) {
    it(`refuse ${what}`, () => {
      expect(() => parse(...args)).to.throw(message);
    });
  }
});
