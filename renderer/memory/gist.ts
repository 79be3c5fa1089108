/** The chart for those who cannot see it: its gist in a few sentences, and its readings as rows. Pure. */
import { joinedWithin, type MemorySample } from '../../src/core/machine/memory-history.js';
import type { Translator } from '../../src/text/index.js';

export function gistOf(t: Translator, samples: readonly MemorySample[]): string {
  const held = samples.flatMap(({ assigned }) => assigned ?? []);
  const demands = samples.flatMap(({ demand }) => demand ?? []);
  const last = samples.at(-1);
  const least = Math.min(...held);
  const most = Math.max(...held);
  return [
    ...(held.length === 0
      ? [t(last ? 'memory.gistOff' : 'memory.nothingYet')]
      : least === most
        ? [t('memory.gistSteady', { memory: least })]
        : [t('memory.gistRange', { least, most, now: held.at(-1) ?? most })]),
    ...(last && last.assigned === null && held.length > 0 ? [t('memory.gistOff')] : []),
    ...(last?.frozen ? [frozenFor(t, samples)] : []),
    ...(demands.length === 0 ? [] : [t('memory.gistWanted', { now: demands.at(-1) ?? 0, most: Math.max(...demands) })]),
  ].join(t('wizard.between'));
}

function frozenFor(t: Translator, samples: readonly MemorySample[]): string {
  const before = samples.findLastIndex(({ frozen }) => frozen !== true);
  const first = samples[before + 1];
  const last = samples[before];
  if (last?.frozen === null) return t('memory.gistFrozenNow');
  return last && first && first.at - last.at <= joinedWithin
    ? t('memory.gistFrozenSince', { at: new Date(first.at).toISOString() })
    : t('memory.gistFrozen');
}

/** `19.1`, without the unit. */
export const inGigabytes = (t: Translator, bytes: number): string =>
  (bytes / 2 ** 30).toLocaleString(t.language, { maximumFractionDigits: 2 });

export interface HistoryRow {
  /** ISO 8601 */
  readonly at: string;
  readonly assigned: number | null;
  readonly demand: number | null;
  readonly state: 'frozen' | 'off' | 'moving' | 'unknown';
}

/** One reading a minute, its last; the newest first. */
export function historyRows(samples: readonly MemorySample[]): readonly HistoryRow[] {
  const byMinute = new Map(samples.map((sample) => [Math.floor(sample.at / 60_000), sample]));
  return [...byMinute.values()].toReversed().map(({ at, assigned, demand, frozen }) => ({
    at: new Date(at).toISOString(),
    assigned,
    demand,
    state: assigned === null ? 'off' : frozen === null ? 'unknown' : frozen ? 'frozen' : 'moving',
  }));
}
