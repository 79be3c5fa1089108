/** Things that a step makes in a machine: what is the same for all kinds. Each kind has its row in a file of its own. */
import type { Message } from '../../text/index.js';
import type { Guid } from '../cmdlets/call.js';
import type { Thing, ThingKind, ThingToMake } from '../machine/goal.js';
import type { Machine } from '../machine/machine.js';
import { ofAddress } from './thing-address.js';
import { ofCheckpoint } from './thing-checkpoint.js';
import { ofDisk } from './thing-disk.js';
import { ofMapping } from './thing-mapping.js';
import { ofNat } from './thing-nat.js';
import type { Act, Row } from './thing-row.js';
import { ofSwitch } from './thing-switch.js';
import { ofVm } from './thing-vm.js';

/** In the order in which they are made. */
const things: { readonly [K in ThingKind]: Row<K> } = {
  disk: ofDisk,
  vm: ofVm,
  checkpoint: ofCheckpoint,
  switch: ofSwitch,
  address: ofAddress,
  nat: ofNat,
  mapping: ofMapping,
};

/** A person's way back, not a part of the change: an undo leaves it, unless it is ticked. Nothing but its VM is read for it. */
export const isCheckpoint = ({ what }: Pick<Thing, 'what'>): boolean => what === 'checkpoint';

export const isThingKind = (text: string | undefined): text is ThingKind =>
  text !== undefined && Object.hasOwn(things, text);

/** What was made last goes first: each only while it is exactly what was made. */
export const removalOrder: readonly ThingKind[] = Object.keys(things).filter(isThingKind).toReversed();

export const problemOfMaking = <K extends ThingKind>(
  around: Machine | null,
  home: Machine,
  thing: ThingToMake<K>,
): Message | null => things[thing.what].problem(home, thing, around);

export const actOfMaking = <K extends ThingKind>(thing: ThingToMake<K>): Act => things[thing.what].make(thing);

export const whyOfMaking = <K extends ThingKind>(thing: ThingToMake<K>): Message => things[thing.what].why(thing);

export const foreseen = <K extends ThingKind>(thing: ThingToMake<K>): Thing<K> => things[thing.what].foreseen(thing);

export const withThing = <K extends ThingKind>(home: Machine, thing: ThingToMake<K>): Machine =>
  things[thing.what].add(home, thing);

/** `vm`: whose it is, where it is of a VM. */
interface OfKind {
  readonly what: ThingKind;
  readonly vm?: Guid;
}

/** Ids of that kind that are there now: what is made is told from what was there before. undefined: not known. */
export const idsOf = (home: Machine, thing: OfKind): readonly string[] | undefined =>
  things[thing.what].ids(home, thing.vm);

/** What was made, by what Windows gave it. undefined: it is not there. */
export const madeBy = <K extends ThingKind>(
  home: Machine,
  thing: ThingToMake<K>,
  before: readonly string[],
): Thing<K> | undefined => things[thing.what].find(home, thing, (id) => !before.includes(id));

/** By its id alone. undefined: not known. */
export function isThere(home: Machine, thing: OfKind & Pick<Thing, 'id'>): 'there' | 'gone' | undefined {
  const { id } = thing;
  const ids = idsOf(home, thing);
  return ids && (ids.includes(id) ? 'there' : 'gone');
}

export const sameAs = <K extends ThingKind>(home: Machine, thing: Thing<K>): boolean =>
  things[thing.what].isSame(home, thing);

export const actOfRemoving = <K extends ThingKind>(home: Machine, thing: Thing<K>): Act | undefined =>
  things[thing.what].remove(home, thing);

export const nameOfThing = <K extends ThingKind>(thing: Thing<K>): Message => things[thing.what].nameOf(thing);
export const nameOfThingKind = (what: ThingKind): Message => things[what].kindName;
