/** What was read of a VM's memory over the last half hour. Only readings: what lies between two is not known. */
import type { Vm } from './machine.js';
import { isSaved, isTransitional, plainState } from './vm-state.js';

export interface MemorySample {
  /** Milliseconds since 1970, when it was read. */
  readonly at: number;
  /** bytes; null: it held none, being off or saved. */
  readonly assigned: number | null;
  /** bytes that the guest would like; null: not told. */
  readonly demand: number | null;
  /** A hypervisor ran inside, certainly or probably; null: nothing told. */
  readonly frozen: boolean | null;
}

const minute = 60_000;
/** Older readings are let go. */
export const historyFor = 30 * minute;
/** Newer than this, every reading is kept; older, one in so many milliseconds: a pixel of the chart is wider than that. */
const everyReadingFor = 3 * minute;
const thinnedTo = 10_000;
/** Two readings further apart than the slowest tick say nothing about the time between them. */
export const joinedWithin = 90_000;

/** undefined: what it holds could not be read, or is about to change. */
export function memorySample(vm: Vm): MemorySample | undefined {
  const { state } = vm;
  if (state === undefined || isTransitional(state)) return undefined;
  const at = Date.parse(vm.readAt);
  if (plainState(state) === 'Off' || isSaved(state)) return { at, assigned: null, demand: null, frozen: false };
  const { assigned } = vm.memory;
  if (assigned === undefined) return undefined;
  const frozen = vm.inside === 'unknown' ? null : vm.inside !== 'no';
  // 0: Windows has not measured it.
  return { at, assigned, demand: vm.memory.demand || null, frozen };
}

/** With one reading more, as few as are worth keeping. */
export function withSample(samples: readonly MemorySample[], sample: MemorySample): readonly MemorySample[] {
  const kept: MemorySample[] = [];
  for (const [index, one] of samples.entries()) {
    if (one.at <= sample.at - historyFor) continue;
    const before = kept.at(-1);
    const isOld = one.at <= sample.at - everyReadingFor;
    // The edges of a gap and of frozen time stay where they were read.
    const next = samples[index + 1] ?? sample;
    const isEdge = !before || !isLike(before, one) || !isLike(one, next) || next.at - one.at > joinedWithin;
    if (isOld && !isEdge && one.at - before.at < thinnedTo) continue;
    kept.push(one);
  }
  return [...kept, sample];
}

const isLike = (a: MemorySample, b: MemorySample): boolean =>
  a.frozen === b.frozen && (a.assigned === null) === (b.assigned === null);
