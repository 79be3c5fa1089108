/** NAT networks that runs have made inside VMs and not removed again: known also while nobody is signed in there. */
import type { VmRef } from '../cmdlets/ref.js';
import type { Nat } from '../machine/machine.js';
import { isSound, newestFirst, type RunRecord } from './record.js';
import { parsePath } from '../change/paths.js';
import { stepsOf, verifiedIn } from './progress.js';

export function natsMadeIn(records: readonly RunRecord[]): ReadonlyMap<VmRef, readonly Nat[]> {
  const made = new Map<VmRef, readonly Nat[]>();
  const oldestFirst = records.toSorted(newestFirst).reverse();
  for (const record of oldestFirst) {
    if (!isSound(record)) continue;
    for (const { state, made: thing, chain } of stepsOf(record)) {
      if (state !== 'done' || thing?.what !== 'nat' || thing.at !== chain.vm) continue;
      const { id, name, prefix } = thing;
      const machine = chain.vm;
      made.set(machine, [...(made.get(machine) ?? []), { id, name, prefix }]);
    }
    for (const { path, to, chain } of verifiedIn(record)) {
      const parsed = parsePath(path);
      const { what, id, isAround } = parsed?.made ?? {};
      const machine = chain.vm;
      const nats = made.get(machine);
      if (nats && what === 'nat' && !isAround && to !== 'there')
        made.set(
          machine,
          nats.filter((nat) => nat.id !== id),
        );
    }
  }
  return made;
}
