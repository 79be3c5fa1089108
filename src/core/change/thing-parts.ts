/** The steps that make a thing, and that take one away again. */
import type { VmRef } from '../cmdlets/ref.js';
import type { Thing, ThingToMake } from '../machine/goal.js';
import type { Machine } from '../machine/machine.js';
import { actOfMaking, actOfRemoving } from '../network/things.js';
import { madePath } from './paths.js';
import type { Part } from './step.js';

export function makingPart(thing: ThingToMake, kind: Part['kind']): Part {
  const { title, call } = actOfMaking(thing);
  return { title, do: { call }, kind, changes: [], makes: thing };
}

/** `vm`: of its chain. Empty: it cannot be told from others. */
export function removingParts(home: Machine, vm: VmRef, thing: Thing, kind: Part['kind']): readonly Part[] {
  const act = actOfRemoving(home, thing);
  if (!act) return [];
  return [
    {
      title: act.title,
      do: { call: act.call },
      kind,
      changes: [{ path: madePath(vm, thing), from: 'there', to: 'gone' }],
    },
  ];
}
