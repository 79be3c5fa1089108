/** NAT networks that runs have made inside VMs and not removed again: known also while nobody is signed in there. Pure. */
import type { Guid } from '../core/call.js';
import type { Nat } from '../core/machine.js';
import { isSound, type RunRecord } from '../core/run.js';
import { parsePath } from '../core/vm-settings.js';
import { writtenBy } from './drift.js';
import { newestFirst } from './journal.js';

export function natsMadeIn(records: readonly RunRecord[]): ReadonlyMap<Guid, readonly Nat[]> {
  const made = new Map<Guid, readonly Nat[]>();
  const oldestFirst = records.toSorted(newestFirst).reverse();
  for (const record of oldestFirst) {
    if (!isSound(record)) continue;
    for (const event of record.events) {
      const thing = event.kind === 'step' && event.state === 'done' ? event.made : undefined;
      const [vm, ...deeper] = thing?.at ?? [];
      if (thing?.what !== 'nat' || vm === undefined || deeper.length > 0) continue;
      const { id, name, prefix } = thing;
      made.set(vm, [...(made.get(vm) ?? []), { id, name, prefix }]);
    }
    for (const { path, to } of writtenBy(record)) {
      const parsed = parsePath(path);
      const { what, id } = parsed?.made ?? {};
      const nats = parsed && made.get(parsed.vm);
      if (parsed && nats && what === 'nat' && to !== 'there')
        made.set(
          parsed.vm,
          nats.filter((nat) => nat.id !== id),
        );
    }
  }
  return made;
}
