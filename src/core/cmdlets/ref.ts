/**
 * The one address of a machine: a PC, or a VM by all that it is in, `this-pc/<l1>/<l2>`, `host-<12 hex>/<l1>`. An id alone is none: what a
 * host or a guest reports is valid below its own path only, and one of its VMs may claim any id. Opaque, so that none is taken for the other.
 */
declare const isHost: unique symbol;
declare const isVm: unique symbol;
export interface HostId {
  readonly [isHost]: true;
}
export interface VmRef {
  readonly [isVm]: true;
}
/** A machine that can hold VMs: a PC, or a VM seen from inside. */
export type MachineRef = HostId | VmRef;

// These casts are what makes it opaque: a reference is made and read here, and nowhere else.
export const thisPc = 'this-pc' as unknown as HostId;

/** To be a key of a record, or a part of one. */
export const textOf = (ref: MachineRef): string => ref as unknown as string;
const refOf = (text: string): VmRef => text as unknown as VmRef;

export const vmIn = (machine: MachineRef, id: string): VmRef => refOf(`${textOf(machine)}/${id}`);

/** Ids of the VMs that lead to it, the outermost first, its own last; none: it is the PC itself. */
export const idsTo = (machine: MachineRef): readonly string[] => textOf(machine).split('/').slice(1);

export const idOf = (vm: VmRef): string => textOf(vm).slice(textOf(vm).lastIndexOf('/') + 1);
/** The machine that the VM is in. */
export const hostOf = (vm: VmRef): MachineRef => refOf(textOf(vm).slice(0, textOf(vm).lastIndexOf('/')));
/** Windows' form of an id, in lower case. */
const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** This PC, or another host that was added. */
const pc = `(?:${textOf(thisPc)}|host-[0-9a-f]{12})`;
const anId = new RegExp(`^${id}$`);
const aPc = new RegExp(`^${pc}$`);
const aVm = new RegExp(`^${pc}(?:/${id})+$`);
export const isIdText = (text: string): boolean => anId.test(text);
/** What comes as text from elsewhere: a PC. */
export const isHostText = (text: unknown): text is HostId => typeof text === 'string' && aPc.test(text);
/** What comes as text from elsewhere: a VM, at most so deep. */
export const isRefText = (text: unknown, deepest: number): text is VmRef =>
  typeof text === 'string' && aVm.test(text) && depthOf(refOf(text)) <= deepest;
/** How many VMs deep: 0, the PC. */
export const depthOf = (machine: MachineRef): number => idsTo(machine).length;
export const isVmRef = (machine: MachineRef): machine is VmRef => depthOf(machine) > 0;

/** The PC that it is, or is in. */
export const rootOf = (machine: MachineRef): HostId => textOf(machine).split('/', 1)[0] as unknown as HostId;
/** The VMs that lead to it, the outermost first, itself last. */
export const wayTo = (machine: MachineRef): readonly VmRef[] =>
  idsTo(machine).map((_, index, ids) => refOf([textOf(rootOf(machine)), ...ids.slice(0, index + 1)].join('/')));
/** The VM of the PC that it is, or is in. */
export const outermostOf = (vm: VmRef): VmRef => refOf(textOf(vm).split('/', 2).join('/'));

/** It is that machine, or is in it. */
export const isWithin = (machine: MachineRef, outer: MachineRef): boolean =>
  machine === outer || textOf(machine).startsWith(`${textOf(outer)}/`);
