/** What a real Windows has answered beside what the simulator answers to the same: each difference is one line. */
import type { Recording } from './recording.js';

type Call = Recording['calls'][number];
const keyOf = ({ step, cmdlet }: Call): string => `${step}: ${cmdlet}`;
/** What .NET gives every exception that has none (0x8013….) says nothing. */
const codeOf = (hresult: number | null): string =>
  hresult === null || hresult >>> 16 === 0x8013 ? '' : ` 0x${(hresult >>> 0).toString(16)}`;
const errorText = ({ id, category, hresult, kind, property }: Call['errors'][number]): string =>
  `${id} (${category})${codeOf(hresult)}, to the app ${kind}${property === undefined ? '' : `, of ${property}`}`;

export function differences(real: Recording, simulated: Recording): readonly string[] {
  const ours = new Map(simulated.calls.map((call) => [keyOf(call), call]));
  const theirs = new Map(real.calls.map((call) => [keyOf(call), call]));
  return [
    ...[...theirs].flatMap(([key, call]) => {
      const own = ours.get(key);
      return own ? ofCall(key, call, own) : [`${key}: not asked of the simulator`];
    }),
    ...[...ours.keys()].filter((key) => !theirs.has(key)).map((key) => `${key}: not asked of Windows`),
    ...Object.entries(real.found).flatMap(([what, value]) =>
      simulated.found[what] === value ? [] : [`${what}: ${value}, simulated ${simulated.found[what] ?? 'not known'}`],
    ),
  ];
}

function ofCall(key: string, real: Call, own: Call): readonly string[] {
  const properties = [...new Set([...Object.keys(real.reads), ...Object.keys(own.reads)])];
  return [
    ...unlike(`${key}: ends as`, real.outcomes, own.outcomes),
    ...unlike(`${key}: errors`, real.errors.map(errorText), own.errors.map(errorText)),
    // Of what is read only what the simulator never gives counts: which of the members a PC has now is chance.
    ...properties.flatMap((property) => {
      const known = own.reads[property] ?? [];
      const more = (real.reads[property] ?? []).filter((kind) => !known.includes(kind));
      return more.length === 0
        ? []
        : [`${key}: ${property} is ${more.join(', ')}, simulated ${known.join(', ') || 'nothing'}`];
    }),
  ];
}

function unlike(what: string, real: readonly string[], own: readonly string[]): readonly string[] {
  const [said, simulated] = [real, own].map((list) => list.toSorted().join('; ') || 'none');
  return said === simulated ? [] : [`${what} ${said}, simulated ${simulated}`];
}

/** What its times decide (docs/live.md). */
export function decisions({ seconds: { start, lane, tick, snapshot } }: Recording): readonly string[] {
  const isSlow = (seconds: number | undefined, most: number, slow: string, fine: string): string =>
    seconds === undefined ? 'not measured' : `${String(seconds)} s, ${seconds > most ? slow : fine}`;
  return [
    `start: ${isSlow(start, 30, 'longer than the app waits', 'within what the app waits')}`,
    `modules of a lane: ${isSlow(lane, 1, 'a lane must be ready before the first change', 'lanes stay as they are')}`,
    `tick: ${isSlow(tick, (snapshot ?? 0) / 2, 'no cheaper than half a snapshot', 'cheap beside a snapshot')}`,
  ];
}
