/** A kind of thing that a step makes: one row says everything of it, from whether there is room to its removal. */
import type { Message } from '../../text/index.js';
import type { Guid, HostCall } from '../cmdlets/call.js';
import type { Thing, ThingKind, ThingToMake } from '../machine/goal.js';
import type { Machine, Network } from '../machine/machine.js';

export interface Act {
  readonly title: Message;
  readonly call: HostCall;
}

/** `home`: the machine that it is made in. */
export interface Row<K extends ThingKind> {
  /** Asked again just before it is made: somebody else may have been quicker. `around`: what that machine is in. null: there is room. */
  readonly problem: (home: Machine, thing: ThingToMake<K>, around: Machine | null) => Message | null;
  readonly make: (thing: ThingToMake<K>) => Act;
  /** What it is for, as the tables say of what is to be made. */
  readonly why: (thing: ThingToMake<K>) => Message;
  /** What will be made, before it has an id: for showing what undoing it will run. */
  readonly foreseen: (thing: ThingToMake<K>) => Thing<K>;
  /** The machine with that thing in it. */
  readonly add: (home: Machine, thing: ThingToMake<K>) => Machine;
  /** Ids of that kind that are there now; undefined: not known. `vm`: whose it is, where it is of a VM of that machine. */
  readonly ids: (home: Machine, vm: Guid | undefined) => readonly string[] | undefined;
  /** The one of its description whose id passes. */
  readonly find: (home: Machine, thing: ThingToMake<K>, isIt: (id: string) => boolean) => Thing<K> | undefined;
  /** Still exactly what was made: else something else has its place (another prefix, another adapter). */
  readonly isSame: (home: Machine, thing: Thing<K>) => boolean;
  /** undefined: it cannot be told from others. */
  readonly remove: (home: Machine, thing: Thing<K>) => Act | undefined;
  readonly nameOf: (thing: Thing<K>) => Message;
  /** As it is called where only its kind is known. */
  readonly kindName: Message;
}

/** Stands for an id that Windows gives later; no machine has it. */
export const UNKNOWN: Guid = '00000000-0000-0000-0000-000000000000';

export function withNetwork(home: Machine, change: (network: Network) => Partial<Network>): Machine {
  const { network } = home;
  return network ? { ...home, network: { ...network, ...change(network) } } : home;
}
