/** The steps that let host ports lead to a VM, or no longer. */
import type { AddressWant, PortWant } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import { NOT_FORWARDED, targetText } from '../network/mappings.js';
import { resolvePorts } from '../network/ports.js';
import { actOfRemoving } from '../network/things.js';
import { portPath } from './paths.js';
import type { Part } from './step.js';
import { makingPart } from './thing-parts.js';

export function portParts(
  around: Machine,
  vm: Vm,
  ports: readonly PortWant[],
  address: AddressWant | undefined,
): readonly Part[] {
  const { missing, gone } = resolvePorts(around, vm, ports, address);
  return [
    // What is given up may be asked for by another VM.
    ...gone.flatMap((thing): readonly Part[] => {
      const act = actOfRemoving(around, thing);
      const change = { path: portPath(vm.id, thing), from: targetText(thing), to: NOT_FORWARDED };
      return act ? [{ title: act.title, do: { call: act.call }, kind: 'setting', changes: [change] }] : [];
    }),
    ...missing.map((thing) => makingPart(thing, 'setting')),
  ];
}
