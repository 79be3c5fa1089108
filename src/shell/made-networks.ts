/** NAT networks that runs have made inside VMs and not removed again: known also while nobody is signed in there. Pure. */
import { keyOf, keyOfVm, type PathKey } from '../core/machine/tree.js';
import type { Nat } from '../core/machine/machine.js';
import { isSound, type RunRecord } from '../core/run/run.js';
import { parsePath } from '../core/change/paths.js';
import { writtenBy } from './drift.js';
import { newestFirst } from './journal.js';

export function natsMadeIn(records: readonly RunRecord[]): ReadonlyMap<PathKey, readonly Nat[]> {
  const made = new Map<PathKey, readonly Nat[]>();
  const oldestFirst = records.toSorted(newestFirst).reverse();
  for (const record of oldestFirst) {
    if (!isSound(record)) continue;
    for (const event of record.events) {
      const thing = event.kind === 'step' && event.state === 'done' ? event.made : undefined;
      if (thing?.what !== 'nat') continue;
      const { id, name, prefix } = thing;
      const machine = keyOf(thing.at);
      made.set(machine, [...(made.get(machine) ?? []), { id, name, prefix }]);
    }
    for (const { path, to, chain } of writtenBy(record)) {
      const parsed = parsePath(path);
      const { what, id } = parsed?.made ?? {};
      const machine = keyOfVm(chain);
      const nats = made.get(machine);
      if (nats && what === 'nat' && to !== 'there')
        made.set(
          machine,
          nats.filter((nat) => nat.id !== id),
        );
    }
  }
  return made;
}
