/** What runs have made of VMs that only shows inside them, or while they run: known also while nobody is signed in there. */
import type { VmRef } from '../cmdlets/ref.js';
import type { Made, Nat } from '../machine/machine.js';
import { isSound, newestFirst, type RunRecord } from './record.js';
import { parsePath } from '../change/paths.js';
import { stepsOf, verifiedIn } from './progress.js';

/** Records: in any order. */
export function madeIn(records: readonly RunRecord[]): Made {
  const oldestFirst = records.toSorted(newestFirst).reverse().filter(isSound);
  return { nats: natsIn(oldestFirst), addresses: addressesIn(oldestFirst) };
}

/** Where ports led: a NAT network hands out no addresses, so that a VM keeps its own until a port of another leads there. */
function addressesIn(oldestFirst: readonly RunRecord[]): Made['addresses'] {
  const owners = new Map<string, VmRef>();
  for (const { state, made: thing, chain } of oldestFirst.flatMap(stepsOf)) {
    if (state !== 'done' || thing?.what !== 'mapping') continue;
    for (const [address, vm] of owners) if (vm === chain.vm) owners.delete(address);
    owners.set(thing.address, chain.vm);
  }
  return new Map([...owners].map(([address, vm]) => [vm, [address]]));
}

/** Those inside that were not removed again. */
function natsIn(oldestFirst: readonly RunRecord[]): Made['nats'] {
  const made = new Map<VmRef, readonly Nat[]>();
  for (const record of oldestFirst) {
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
