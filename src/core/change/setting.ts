/** A row of the table of settings: how it is written, and how the others see it. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { HostCall } from '../cmdlets/call.js';
import type { ChangePath, OwnSetting, PlannedWant, VmWant } from '../machine/goal.js';
import type { HostFacts, Machine, Vm } from '../machine/machine.js';
import { pathOf, type ParsedPath } from './paths.js';
import type { Value } from './step.js';

/** What of a path, beside its property, says which value is meant. */
export type Which = Omit<ParsedPath, 'property'>;
interface Act {
  readonly title: Message;
  readonly call: HostCall;
}
interface Asked {
  readonly path: ChangePath;
  readonly to: Value;
}

interface Common {
  readonly name: Message | ((which: Which) => Message);
  /** `at-times`: what is changed, and what the VM does, decide (memoryNeedsOff). */
  readonly needsOff: boolean | 'at-times';
  /** It cannot be undone: why, as it is said before; true: nobody has to be told. */
  readonly oneWay: boolean | Message;
}
/** A row as the others see it: any value may come, from a journal too. */
export interface Setting extends Common {
  /** `around`: the machine that the VM is in, where the value is of that. */
  readonly read: (vm: Vm, which: Which, around?: Machine) => Value | undefined;
  /** A copy of the VM with this value: what a plan will have made of it. */
  readonly set: (vm: Vm, value: Value, which: Which) => Vm;
  /** The wish for this value. */
  readonly want: (value: Value, which: Which) => PlannedWant;
  /** What a wish asks of it. */
  readonly asked: (want: VmWant, vm: Vm, host: HostFacts) => readonly Asked[];
  /** The step that writes it. undefined: it takes more than one call, or none. */
  readonly write: (at: MachineRef, to: Value, which: Which) => Act | undefined;
  readonly say: (value: Value) => Message;
}
/** A row as it is written: values of its own type only. */
export interface Typed<V extends Value> extends Common {
  readonly is: (value: Value) => value is V;
  readonly read: (vm: Vm, which: Which, around?: Machine) => V | undefined;
  readonly set?: (vm: Vm, value: V, which: Which) => Vm;
  readonly want?: (value: V, which: Which) => PlannedWant;
  readonly write?: (at: MachineRef, to: V, which: Which) => Act | undefined;
  readonly say: (value: V) => Message;
}

export const row = <V extends Value>(typed: Typed<V>, asked: Setting['asked'] = () => []): Setting => ({
  ...typed,
  asked,
  set: (vm, value, which) => (typed.set && typed.is(value) ? typed.set(vm, value, which) : vm),
  want: (value, which) => (typed.want && typed.is(value) ? typed.want(value, which) : {}),
  write: (at, to, which) => (typed.write && typed.is(to) ? typed.write(at, to, which) : undefined),
  say: (value) => (typed.is(value) ? typed.say(value) : text(String(value))),
});

/** A value of the VM itself. */
export const own = <V extends Value>(
  property: OwnSetting,
  asked: (want: VmWant, vm: Vm, host: HostFacts) => V | undefined,
  typed: Typed<V>,
): Setting =>
  row(typed, (want, vm, host) => {
    const to = asked(want, vm, host);
    return to === undefined ? [] : [{ path: pathOf(vm.id, property), to }];
  });

export const text = (value: string): Message => ({ key: 'plan.valueText', params: { value } });
