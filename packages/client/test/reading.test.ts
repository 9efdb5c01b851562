import { expect } from 'chai';
import { startReading } from '../src/reading.ts';
import type { Reading, ReadingBeat } from '../src/reading.ts';
import { waitFor } from '@studyin/testkit/wait-for';

describe('reading a material', () => {
  let atMs: number;
  let beats: ReadingBeat[];
  let reading: Reading | null;

  const start = (beatMs = 30_000): Reading => {
    const track = (beat: ReadingBeat) => {
      beats.push(beat);
      return { stored: Promise.resolve() };
    };
    reading = startReading({ track, beatMs, now: () => atMs });
    return reading;
  };
  beforeEach(() => {
    atMs = 5000;
    beats = [];
    reading = null;
  });
  afterEach(() => reading?.end());

  it('says at its end how long it was, and how far', () => {
    const { scrolledTo, end } = start();
    for (const percent of [10, 60, 40]) scrolledTo(percent);
    atMs += 12_345;
    end();
    expect(beats).deep.equal([{ durationSeconds: 12.345, scrollDepthPercent: 60 }]);
  });

  it('says nothing of a depth that nobody told, and takes none that is none', () => {
    const { scrolledTo, end } = start();
    scrolledTo(NaN);
    scrolledTo(-1);
    end();
    expect(beats).deep.equal([{ durationSeconds: 0 }]);
  });

  it('gives a beat every so often, each for the time since the last', async () => {
    start(5);
    atMs += 4;
    await waitFor(() => beats.length >= 2, { what: 'two beats', intervalMs: 1 });
    expect(beats.slice(0, 2)).deep.equal([{ durationSeconds: 0.004 }, { durationSeconds: 0 }]);
  });

  it('does not count a pause, and tells what was before it at once', () => {
    const { pause, resume, end } = start();
    atMs += 1000;
    pause();
    pause();
    expect(beats).deep.equal([{ durationSeconds: 1 }]);
    atMs += 20_000;
    resume();
    resume();
    atMs += 2000;
    end();
    expect(beats.map(({ durationSeconds }) => durationSeconds)).deep.equal([1, 2]);
  });

  it('does not take a night with the lid closed for reading', () => {
    const { end } = start();
    atMs += 8 * 3_600_000;
    end();
    expect(beats).deep.equal([{ durationSeconds: 60 }]);
  });

  it('ends once', () => {
    const { end, pause, resume } = start();
    const ended = end();
    resume();
    pause();
    expect(end()).equal(ended);
    expect(beats).length(1);
  });
});
