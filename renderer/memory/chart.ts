/** The chart of memory in real pixels: what was read as lines, what was not read as gaps. Pure. */
import { historyFor, joinedWithin, type MemorySample } from '../../src/core/machine/memory-history.js';
import type { Translator } from '../../src/text/index.js';

const gib = 2 ** 30;
const minute = 60_000;

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  /** Over how many minutes it goes. */
  readonly minutes: number;
  readonly levels: readonly { readonly y: number; /** GB */ readonly value: number }[];
  readonly times: readonly { readonly x: number; /** ISO 8601 */ readonly at: string }[];
  /** Lines of `d`: assigned while it may move, assigned and frozen, and what lies under the former. */
  readonly moving: readonly string[];
  readonly hot: readonly string[];
  readonly under: readonly string[];
  readonly demand: readonly string[];
  /** Readings that stand alone. */
  readonly dots: readonly { readonly x: number; readonly y: number; readonly frozen: boolean }[];
  readonly frozen: readonly Band[];
  readonly off: readonly Band[];
  /** Before it nothing was read. */
  readonly begin: { readonly x: number; /** ISO 8601 */ readonly at: string } | undefined;
}
interface Band {
  readonly x: number;
  readonly width: number;
  /** ISO 8601 of the first reading in it, where the one before was another: since when it is so. */
  readonly since: string | undefined;
  /** bytes */
  readonly memory: number | null;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  /** bytes that are in sight though nothing is held: what it starts with. */
  readonly startup: number | undefined;
}

/** `now`: milliseconds since 1970; the right end. */
export function chartOf(samples: readonly MemorySample[], now: number, { width, height, startup }: Frame): Chart {
  const plot = { left: 34, right: Math.max(35, width - 10), top: 8, bottom: height - 24 };
  const shown = samples.filter(({ at }) => at > now - historyFor && at <= now);
  const minutes = spanOf(shown, now);
  const from = now - minutes * minute;
  const amounts = shown.flatMap(({ assigned, demand }) => [assigned ?? 0, demand ?? 0]);
  const most = Math.max(0, ...amounts);
  const { top, step } = scaleOf(most > 0 ? most : (startup ?? 0));
  const x = (at: number): number => round(plot.left + ((at - from) / (now - from)) * (plot.right - plot.left));
  const y = (bytes: number): number => round(plot.bottom - (bytes / top) * (plot.bottom - plot.top));

  const stretches = cut(shown, (a, b) => isJoined(a, b) && isHeld(a) === isHeld(b));
  const held = stretches.filter(([first]) => first !== undefined && isHeld(first));
  const line = (points: readonly MemorySample[], of: (sample: MemorySample) => number | null): string =>
    points.map((one, index) => `${index === 0 ? 'M' : 'L'}${x(one.at)} ${y(of(one) ?? 0)}`).join('');
  const assigned = ({ assigned: bytes }: MemorySample): number | null => bytes;
  const parts = held.flatMap((stretch) => bySort(stretch));
  const moving = parts.filter(({ frozen }) => !frozen).map(({ points }) => points);

  return {
    width,
    height,
    plot,
    minutes,
    levels: Array.from({ length: Math.round(top / step) + 1 }, (_, n) => ({ y: y(n * step), value: (n * step) / gib })),
    times: timesOf(from, now, (plot.right - plot.left) / minutes).map((at) => ({
      x: x(at),
      at: new Date(at).toISOString(),
    })),
    moving: moving.map((points) => line(points, assigned)),
    under: moving.map(
      (points) =>
        `${line(points, assigned)}L${x(points.at(-1)?.at ?? from)} ${plot.bottom}L${x(points[0]?.at ?? from)} ${plot.bottom}Z`,
    ),
    hot: parts.filter(({ frozen }) => frozen).map(({ points }) => line(points, assigned)),
    demand: held
      .flatMap((stretch) => cut(stretch, (a, b) => (a.demand === null) === (b.demand === null)))
      .filter((stretch) => stretch.length > 1 && stretch[0]?.demand !== null)
      .map((stretch) => line(stretch, ({ demand }) => demand)),
    dots: held.flatMap(([one, ...others]) =>
      one && others.length === 0 ? [{ x: x(one.at), y: y(one.assigned ?? 0), frozen: isFrozen(one) }] : [],
    ),
    frozen: bandsOf(shown, x, isFrozen),
    off: bandsOf(shown, x, (one) => !isHeld(one)),
    begin: shown[0] && { x: x(shown[0].at), at: new Date(shown[0].at).toISOString() },
  };
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;
/** Where nothing tells, it is drawn as what may move. */
const isFrozen = ({ frozen }: MemorySample): boolean => frozen === true;
const isHeld = ({ assigned }: MemorySample): boolean => assigned !== null;
const isJoined = (a: MemorySample, b: MemorySample): boolean => b.at - a.at <= joinedWithin;

/** The shortest of a few spans in which all that was read has room. */
export function spanOf(samples: readonly MemorySample[], now: number): number {
  const [first] = samples;
  const held = first ? (now - first.at) / minute : 0;
  return [1, 2, 5, 10, 20].find((span) => span >= held) ?? historyFor / minute;
}

const steps = [1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

/** From 0 in at most four steps to a little above the highest. */
function scaleOf(most: number): { readonly top: number; readonly step: number } {
  const wanted = Math.max(most, gib / 2) * 1.04;
  const step = gib * (steps.find((one) => one * 4 * gib >= wanted) ?? 4096);
  return { top: Math.ceil(wanted / step) * step, step };
}

/** Whole minutes, no closer than their labels are wide. */
function timesOf(from: number, to: number, pixelsPerMinute: number): readonly number[] {
  const every = ([1, 2, 5, 10].find((one) => one * pixelsPerMinute >= 72) ?? 10) * minute;
  const times: number[] = [];
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) times.push(at);
  return times;
}

/** Cut wherever two neighbours do not belong together. */
function cut(
  samples: readonly MemorySample[],
  belong: (a: MemorySample, b: MemorySample) => boolean,
): readonly (readonly MemorySample[])[] {
  const stretches: MemorySample[][] = [];
  for (const sample of samples) {
    const stretch = stretches.at(-1);
    const before = stretch?.at(-1);
    if (stretch && before && belong(before, sample)) stretch.push(sample);
    else stretches.push([sample]);
  }
  return stretches;
}

interface Part {
  readonly frozen: boolean;
  readonly points: readonly MemorySample[];
}

/** One line in two colours: each part begins where the one before ended, so that it does not break where it freezes. */
function bySort(stretch: readonly MemorySample[]): readonly Part[] {
  const runs = cut(stretch, (a, b) => isFrozen(a) === isFrozen(b));
  return runs
    .map((run, index): Part => {
      const frozen = run[0] !== undefined && isFrozen(run[0]);
      // What lies between two readings of different sorts is drawn as not frozen: it may have moved until the second.
      const before = frozen ? undefined : runs[index - 1]?.at(-1);
      const after = frozen ? undefined : runs[index + 1]?.[0];
      return { frozen, points: [...(before ? [before] : []), ...run, ...(after ? [after] : [])] };
    })
    .filter(({ points }) => points.length > 1);
}

function bandsOf(
  samples: readonly MemorySample[],
  x: (at: number) => number,
  isIn: (sample: MemorySample) => boolean,
): readonly Band[] {
  const stretches = cut(samples, (a, b) => isJoined(a, b) && isIn(a) === isIn(b));
  return stretches.flatMap((stretch, index): Band[] => {
    const [first] = stretch;
    const last = stretch.at(-1);
    if (!first || !last || !isIn(first)) return [];
    const before = stretches[index - 1]?.at(-1);
    // Where nothing told before, it may have been so for long.
    const isSeen = before !== undefined && isJoined(before, first) && before.frozen !== null;
    return [
      {
        x: x(first.at),
        width: round(Math.max(2, x(last.at) - x(first.at))),
        since: isSeen ? new Date(first.at).toISOString() : undefined,
        memory: last.assigned,
      },
    ];
  });
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
  readonly words: string;
}

/** What the frozen time is, written in its band where it fits; what does not fit stands in the sentence above. */
export function bandLabel(t: Translator, { frozen, hot, demand, plot }: Chart): Label | undefined {
  const band = frozen.at(-1);
  if (!band || band.memory === null || hot.length === 0) return undefined;
  const memory = band.memory;
  const sentences = [
    band.since === undefined ? t('memory.bandLong', { memory }) : t('memory.bandSince', { memory, at: band.since }),
    t('memory.band', { memory }),
  ];
  const words = sentences.find((one) => widthOf(one) + 24 <= band.width);
  if (words === undefined) return undefined;
  const low = Math.max(...[...hot, ...demand].flatMap((d) => [...d.matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y))));
  // At the bottom, unless a line is there.
  const y = low > plot.bottom - 30 ? plot.top + 18 : plot.bottom - 12;
  return { x: band.x + 12, y, anchor: 'start', words };
}

/** About: bold letters of 11 pixels. Those of Chinese are as wide as they are high. */
const widthOf = (words: string): number => words.length * 6.4 + (words.match(/[\u2e80-\uffef]/g)?.length ?? 0) * 5.1;
