import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyFor, memorySample, withSample, type MemorySample } from '../../../src/core/machine/memory-history.js';
import { vmOf } from './worlds.js';

const GB = 2 ** 30;
const begin = Date.parse('2026-11-24T08:00:00.000Z');
const sampleAt = (seconds: number, but: Partial<MemorySample> = {}): MemorySample => ({
  at: begin + seconds * 1000,
  assigned: 4 * GB,
  demand: 3 * GB,
  frozen: false,
  ...but,
});
const kept = (samples: readonly MemorySample[]): readonly MemorySample[] =>
  samples.reduce<readonly MemorySample[]>((before, sample) => withSample(before, sample), []);

describe('a reading of memory', () => {
  const running = vmOf(1, { state: 'Running', memory: { ...vmOf(1).memory, assigned: 4 * GB, demand: 3 * GB } });

  it('holds what Windows said, and when', () => {
    expect(memorySample(running)).toEqual({ at: begin, assigned: 4 * GB, demand: 3 * GB, frozen: false });
    expect(memorySample({ ...running, inside: 'probably' })?.frozen).toBe(true);
    expect(memorySample({ ...running, inside: 'certainly' })?.frozen).toBe(true);
  });

  it('does not call "not known" "not frozen", nor a demand of 0 a demand', () => {
    expect(memorySample({ ...running, inside: 'unknown' })?.frozen).toBeNull();
    expect(memorySample({ ...running, memory: { ...running.memory, demand: 0 } })?.demand).toBeNull();
    expect(memorySample({ ...running, memory: { ...running.memory, demand: undefined } })?.demand).toBeNull();
  });

  it('of a VM that is off or saved holds none; of one in between, or that could not be read, there is none', () => {
    expect(memorySample({ ...running, state: 'Off' })).toEqual({
      at: begin,
      assigned: null,
      demand: null,
      frozen: false,
    });
    expect(memorySample({ ...running, state: 'Saved' })?.assigned).toBeNull();
    expect(memorySample({ ...running, state: 'Stopping' })).toBeUndefined();
    expect(memorySample({ ...running, state: undefined })).toBeUndefined();
    expect(memorySample({ ...running, memory: { ...running.memory, assigned: undefined } })).toBeUndefined();
  });
});

describe('the history of memory', () => {
  it('lets go of what is older than half an hour', () => {
    const samples = kept(Array.from({ length: 40 }, (_, minute) => sampleAt(minute * 60)));
    expect(samples[0]?.at).toBe(begin + 10 * 60_000);
    expect(samples.at(-1)?.at).toBe(begin + 39 * 60_000);
  });

  it('keeps every reading of the last minutes and thins the rest: it never grows without end', () => {
    const samples = kept(Array.from({ length: 3600 }, (_, tick) => sampleAt(tick * 2)));
    expect(samples.length).toBeLessThan(300);
    const newest = samples.slice(-60);
    expect(newest.every(({ at }, index) => index === 0 || at - (newest[index - 1]?.at ?? 0) === 2000)).toBe(true);
    const gaps = samples.map(({ at }, index) => at - (samples[index - 1]?.at ?? at));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000);
  });

  it('keeps when it froze, when it went off, and both ends of a time in which nothing was read', () => {
    const samples = kept([
      ...Array.from({ length: 30 }, (_, tick) => sampleAt(tick * 2)),
      ...Array.from({ length: 30 }, (_, tick) => sampleAt(60 + tick * 2, { frozen: true })),
      ...Array.from({ length: 30 }, (_, tick) => sampleAt(500 + tick * 2, { frozen: true })),
      ...Array.from({ length: 30 }, (_, tick) => sampleAt(560 + tick * 2, { assigned: null })),
      ...Array.from({ length: 200 }, (_, tick) => sampleAt(620 + tick * 2)),
    ]);
    const seconds = samples.map(({ at }) => (at - begin) / 1000);
    for (const edge of [0, 58, 60, 118, 500, 558, 560, 618, 620]) expect(seconds).toContain(edge);
  });

  it('only ever holds readings that were made, in their order', () => {
    const reading = fc.record({ gap: fc.integer({ min: 1, max: 400 }), frozen: fc.constantFrom(true, false, null) });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 200 }), (readings) => {
        let at = 0;
        const made = readings.map(({ gap, frozen }) => sampleAt((at += gap), { frozen }));
        const held = kept(made);
        expect(made.filter((one) => held.includes(one))).toEqual(held);
        expect(held.at(-1)).toBe(made.at(-1));
        const last = held.at(-1)?.at ?? 0;
        expect(held.every((one) => one.at > last - historyFor)).toBe(true);
      }),
    );
  });
});
