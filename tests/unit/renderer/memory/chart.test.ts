import { describe, expect, it } from 'vitest';
import { bandLabel, chartOf } from '../../../../renderer/memory/chart.js';
import { gistOf, historyRows } from '../../../../renderer/memory/gist.js';
import type { MemorySample } from '../../../../src/core/machine/memory-history.js';
import { translator } from '../../../../src/text/index.js';

const GB = 2 ** 30;
const t = translator('en', { timeZone: 'UTC' });
const end = Date.parse('2026-11-24T14:31:00Z');
const size = { width: 844, height: 172, startup: 2 * GB };
/** Seconds before the end. */
const sampleAt = (before: number, but: Partial<MemorySample> = {}): MemorySample => ({
  at: end - before * 1000,
  assigned: 16 * GB,
  demand: null,
  frozen: false,
  ...but,
});
const every = (from: number, to: number, step: number, but: Partial<MemorySample> = {}): readonly MemorySample[] =>
  Array.from({ length: Math.floor((from - to) / step) + 1 }, (_, n) => sampleAt(from - n * step, but));
const chart = (samples: readonly MemorySample[]) => chartOf(samples, end, size);
const pointsOf = (d: string): readonly (readonly [number, number])[] =>
  [...d.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('the chart of memory', () => {
  it('spans as few minutes as hold all that was read, half an hour at most', () => {
    expect(chart([]).minutes).toBe(1);
    expect(chart(every(40, 0, 2)).minutes).toBe(1);
    expect(chart(every(100, 0, 2)).minutes).toBe(2);
    expect(chart(every(9 * 60, 0, 10)).minutes).toBe(10);
    expect(chart(every(25 * 60, 0, 10)).minutes).toBe(30);
    expect(chart(every(60 * 60, 0, 10)).minutes).toBe(30);
  });

  it('begins at 0 and has room above, with plain numbers of GB', () => {
    const values = (most: number) => chart([sampleAt(0, { assigned: most })]).levels.map(({ value }) => value);
    expect(values(19.1 * GB)).toEqual([0, 8, 16, 24]);
    expect(values(3.4 * GB)).toEqual([0, 1, 2, 3, 4]);
    expect(values(0.5 * GB)).toEqual([0, 0.25, 0.5, 0.75]);
    expect(values(600 * GB)).toEqual([0, 256, 512, 768]);
    // Off: what it will start with is in sight.
    expect(chart([sampleAt(0, { assigned: null })]).levels.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
  });

  it('draws in the pixels it is given, the newest reading at the right end', () => {
    const { moving, plot } = chart(every(60, 0, 2));
    const points = pointsOf(moving[0] ?? '');
    expect(points).toHaveLength(31);
    expect(points.at(-1)?.[0]).toBe(plot.right);
    expect(points[0]?.[0]).toBe(plot.left);
    for (const [x, y] of points) {
      expect(x).toBeGreaterThanOrEqual(plot.left);
      expect(x).toBeLessThanOrEqual(plot.right);
      expect(y).toBeGreaterThanOrEqual(plot.top);
      expect(y).toBeLessThanOrEqual(plot.bottom);
    }
  });

  it('has whole minutes on its axis, no closer than their labels are wide', () => {
    for (const minutes of [1, 2, 5, 10, 20, 29]) {
      const { times } = chart(every(minutes * 60 - 1, 0, 5));
      expect(times.every(({ at }) => at.endsWith(':00.000Z'))).toBe(true);
      for (const [n, { x }] of times.entries()) if (n > 0) expect(x - (times[n - 1]?.x ?? 0)).toBeGreaterThan(70);
    }
  });

  it('leaves a gap where nothing was read, and draws no line through an off-period', () => {
    const hidden = chart([...every(600, 400, 2), ...every(200, 0, 2)]);
    expect(hidden.moving).toHaveLength(2);
    const off = chart([...every(120, 80, 2), ...every(78, 60, 2, { assigned: null }), ...every(58, 0, 2)]);
    expect(off.moving).toHaveLength(2);
    expect(off.off).toHaveLength(1);
    expect(off.moving.flatMap(pointsOf).every(([, y]) => y < off.plot.bottom)).toBe(true);
  });

  it('shows readings that stand alone as dots, not as lines', () => {
    const lonely = chart([sampleAt(1200), sampleAt(600), sampleAt(0, { frozen: true })]);
    expect(lonely.moving).toEqual([]);
    expect(lonely.dots.map(({ frozen }) => frozen)).toEqual([false, false, true]);
  });

  it('bands the frozen time from the reading that first said so, without a break in the line', () => {
    const { moving, hot, frozen } = chart([...every(120, 62, 2), ...every(60, 0, 2, { frozen: true })]);
    expect(frozen).toHaveLength(1);
    expect(frozen[0]?.since).toBe('2026-11-24T14:30:00.000Z');
    const last = pointsOf(moving[0] ?? '').at(-1);
    expect(last).toEqual(pointsOf(hot[0] ?? '')[0]);
    expect(last?.[0]).toBe(frozen[0]?.x);
  });

  it('does not say since when it is frozen where that was not seen', () => {
    expect(chart(every(60, 0, 2, { frozen: true })).frozen[0]?.since).toBeUndefined();
    const unknown = chart([sampleAt(62, { frozen: null }), ...every(60, 0, 2, { frozen: true })]);
    expect(unknown.frozen[0]?.since).toBeUndefined();
    const gap = chart([sampleAt(500), ...every(60, 0, 2, { frozen: true })]);
    expect(gap.frozen[0]?.since).toBeUndefined();
  });

  it('draws what is wanted only where it was told', () => {
    const { demand } = chart([...every(100, 52, 2), ...every(50, 30, 2, { demand: 9 * GB }), ...every(28, 0, 2)]);
    expect(demand).toHaveLength(1);
    expect(pointsOf(demand[0] ?? '')).toHaveLength(11);
  });

  it('writes in the band what fits, and nothing where nothing fits', () => {
    const wide = chart([...every(600, 402, 2), ...every(400, 0, 2, { frozen: true })]);
    expect(bandLabel(t, wide)?.words).toMatch(/^Locked at 16\sGB since 14:24$/);
    const narrow = chart([...every(600, 62, 2), ...every(60, 0, 2, { frozen: true })]);
    expect(bandLabel(t, narrow)).toBeUndefined();
    expect(bandLabel(t, chart(every(60, 0, 2)))).toBeUndefined();
  });

  it('takes any width, also none to speak of', () => {
    for (const width of [0, 20, 60, 4000]) {
      const made = chartOf(every(60, 0, 2), end, { width, height: 172, startup: undefined });
      expect(made.moving.join(), String(width)).not.toMatch(/NaN|Infinity/);
    }
  });
});

describe('the chart for those who cannot see it', () => {
  const plain = (samples: readonly MemorySample[]): string => gistOf(t, samples).replaceAll('\u00a0', ' ');

  it('says its gist', () => {
    expect(plain([])).toBe(t('memory.nothingYet'));
    expect(plain(every(60, 0, 2, { frozen: true, demand: 18 * GB }))).toBe(
      'Assigned: 16 GB throughout. Locked throughout. Wanted by the guest: 18 GB at the end, 18 GB at most.',
    );
    expect(plain([...every(120, 62, 2, { assigned: 12 * GB }), ...every(60, 0, 2, { frozen: true })])).toBe(
      'Assigned: from 12 GB to 16 GB, 16 GB at the end. Locked since 14:30.',
    );
    expect(plain([sampleAt(2, { frozen: null }), sampleAt(0, { frozen: true })])).toContain(t('memory.gistFrozenNow'));
    expect(plain([sampleAt(60), sampleAt(0, { assigned: null })])).toContain(t('memory.gistOff'));
    expect(plain([sampleAt(0, { assigned: null })])).toBe(t('memory.gistOff'));
  });

  it('has one row a minute, the newest first, each with its state in words', () => {
    const rows = historyRows([
      ...every(180, 122, 2),
      sampleAt(100, { assigned: null }),
      sampleAt(50, { frozen: null }),
      ...every(2, 0, 2, { frozen: true, demand: 18 * GB }),
    ]);
    expect(rows.map(({ at }) => at.slice(11, 16))).toEqual(['14:31', '14:30', '14:29', '14:28']);
    expect(rows.map(({ state }) => state)).toEqual(['frozen', 'frozen', 'off', 'moving']);
    expect(rows[0]).toMatchObject({ assigned: 16 * GB, demand: 18 * GB });
  });
});
