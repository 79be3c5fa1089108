/** The part of a chain that happens inside its VM: roles, a network for nested VMs, and taking away what a run has made. */
import { vmIn, type VmRef, type MachineRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { AdapterId, Guid } from '../cmdlets/call.js';
import { facts, type Check } from '../checks/check.js';
import { idleInside } from '../checks/ready-inside.js';
import type {
  AddressWant,
  Consent,
  NestedAdapterWant,
  NetworkWant,
  PlannedWant,
  Thing,
  VmWant,
} from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import { roleName, roleNames } from '../machine/roles.js';
import { cardIn } from '../network/addresses.js';
import { problemOfAddress, resolveAddress } from '../network/own-address.js';
import { portParts } from './port-parts.js';
import { resolvePorts } from '../network/ports.js';
import { firstProblem, resolveNetwork } from '../network/resolve.js';
import { isCheckpoint, removalOrder, sameAs } from '../network/things.js';
import { nestedParts, ownParts } from './nested.js';
import { roleParts } from './roles.js';
import { serviceParts } from './services.js';
import type { Part } from './step.js';
import { makingPart, removingParts } from './thing-parts.js';
import { byId, ifRead } from '../machine/reading.js';
import { homeIn, type Seen } from '../machine/seen.js';

/** Whether a wish can only be carried out, or even planned, from inside. */
const needsInside = (
  ref: VmRef,
  { roles, network, remove = [], nested, services, address, own = {} }: PlannedWant,
): boolean =>
  roles !== undefined ||
  services !== undefined ||
  network !== undefined ||
  nested !== undefined ||
  address?.address !== undefined ||
  Object.values(own).some(isSetInside) ||
  remove.some(({ at }) => at === ref);

const isSetInside = ({ address, dns }: NestedAdapterWant): boolean => address !== undefined || dns !== undefined;

/** Whether a wish is about the switches, addresses or NAT networks of the machine that its VM is in. */
export const needsAround = (ref: VmRef, { address, ports, remove = [] }: PlannedWant): boolean =>
  address !== undefined || ports !== undefined || remove.some((thing) => thing.at !== ref && !isCheckpoint(thing));

/** The machines that must be looked into before a wish is planned. */
export function insideOf(own: VmRef, want: PlannedWant): readonly VmRef[] {
  if (!needsInside(own, want)) return [];
  const deeper = nestedOf(want).flatMap(([id, adapters]) =>
    Object.values(adapters).some(isSetInside) ? [vmIn(own, id)] : [],
  );
  return [own, ...deeper];
}

/** What a wish says of VMs inside, besides the network as a whole. */
function nestedOf({
  nested,
  network,
}: PlannedWant): readonly (readonly [Guid, Readonly<Record<AdapterId, NestedAdapterWant>>])[] {
  return [
    ...Object.entries(nested ?? {}),
    ...(network?.nested ?? []).map(
      ({ vm, adapter, address }) => [vm, { [adapter]: address ? { address, dns: address.dns } : {} }] as const,
    ),
  ];
}

/** The wish for the VM's own adapters that comes with a network: spoofing, where frames pass through two switches. */
export const outsideWantOf = ({ network }: VmWant): VmWant =>
  network?.kind === 'external' ? { adapters: { [network.adapter]: { macSpoofing: 'On' } } } : {};

export interface InsideParts {
  /** Before the VM goes down: what takes effect with a restart. */
  readonly before: readonly Part[];
  /** When it is up again. */
  readonly after: readonly Part[];
  readonly restarts: boolean;
  readonly consents: readonly Consent[];
}

export function insideParts(around: Machine, at: MachineRef, vm: Vm, want: PlannedWant): InsideParts {
  const seen: Seen = { ref: vmIn(at, vm.id), vm, around };
  const roles = roleParts(at, vm, want);
  const restarts = roles.before.length + roles.after.length > 0;
  const services = serviceParts(at, vm, want, restarts);
  const network = want.network ? networkParts(around, at, vm, want.network) : nothing;
  const address = want.address ? addressParts(around, at, vm, want.address) : [];
  const own = ownParts(at, vm, want.own ?? {});
  const nested = Object.entries(want.nested ?? {}).flatMap(([id, adapters]) => nestedParts(at, vm, id, adapters));
  const ports = want.ports ? portParts(around, vm, want.ports, want.address) : [];
  const removed = removeParts(seen, want.remove ?? []);
  return {
    // Services need no restart. A restart finds those that are to run as they shall be; the others go last.
    before: [...services.before, ...roles.before],
    after: [
      ...roles.after,
      ...network.parts,
      ...address,
      ...nested,
      ...own,
      ...ports,
      ...removed.parts,
      ...services.after,
    ],
    restarts,
    consents: network.interrupts || removed.interrupts ? ['interrupt-guest-network'] : [],
  };
}
const nothing = { parts: [] as readonly Part[], interrupts: false };

/** What is to be made in the machine around it first; then the adapter goes over, and its Windows learns its address. */
function addressParts(around: Machine, at: MachineRef, vm: Vm, want: AddressWant): readonly Part[] {
  const { network } = resolveAddress(around, vm, want);
  const { address } = want;
  const plugged = { switch: network.switchName.trim(), ...(address ? { address, dns: address.dns } : {}) };
  return [
    ...network.missing.map((thing) => makingPart(thing, 'setting')),
    ...ownParts(at, vm, { [want.adapter]: plugged }),
  ];
}

function networkParts(around: Machine, at: MachineRef, vm: Vm, network: NetworkWant) {
  const { switchName = '', missing = [] } = resolveNetwork(around, vm, network) ?? {};
  const made = missing.map((thing) => makingPart(thing, 'inside'));
  const nested = network.nested.flatMap(({ vm: id, adapter, address }) =>
    nestedParts(at, vm, id, {
      [adapter]: {
        ...(switchName === '' ? {} : { switch: switchName.trim() }),
        ...(address ? { address, dns: address.dns } : {}),
      },
    }),
  );
  return { parts: [...made, ...nested], interrupts: network.kind === 'external' && made.length > 0 };
}

function removeParts(seen: Seen, remove: readonly Thing[]) {
  const own = remove.flatMap((thing) => {
    const home = homeIn(seen, thing.at);
    return home && sameAs(home, thing) ? [{ thing, home }] : [];
  });
  const parts = removalOrder.flatMap((what) =>
    own.flatMap(({ thing, home }) =>
      thing.what === what ? removingParts(home, seen.ref, thing, thing.at === seen.ref ? 'inside' : 'setting') : [],
    ),
  );
  const interrupts = own.some(
    ({ thing: { what, id, at }, home }) =>
      what === 'switch' &&
      at === seen.ref &&
      ifRead(home.host.switches, undefined, (all) => all.some((one) => one.id === id && one.type === 'External')),
  );
  return { parts, interrupts };
}

/** What stands in the way of a wish that is carried out inside. */
export function insideBlockers(around: Machine, vm: Vm, want: PlannedWant): readonly Check[] {
  const { guest } = vm;
  const params = { vm: vm.name };
  const block = (
    id: 'signed-in' | 'network',
    title: Message,
    why: Message,
    more: Partial<Check> = {},
  ): readonly Check[] => [{ id, vm: vm.id, verdict: 'blocker', title, why, evidence: [], ...more }];
  const unusable = want.address && problemOfAddress(around, vm, want.address);
  if (unusable) return block('network', unusable, { key: 'advice.addressWhy' });
  const closed = want.ports && resolvePorts(around, vm, want.ports, want.address).problem;
  if (closed) return block('network', closed, { key: 'ports.why' });
  if (!needsInside(vmIn(around.at, vm.id), want)) return [];
  if (!guest) {
    const why: Message = { key: 'advice.signInWhy', params };
    if (vm.state !== 'Running')
      return block('signed-in', { key: 'advice.notRunning', params }, why, {
        evidence: facts('Get-VM State', vm.state),
      });
    return block('signed-in', { key: 'advice.notSignedIn', params }, why);
  }
  const absent = roleNames.find((role) => want.roles?.[role] === true && guest.inside?.roles[role] === 'Absent');
  if (absent)
    return block(
      'signed-in',
      { key: 'advice.roleAbsent', params: { ...params, role: roleName(absent) } },
      { key: 'advice.signInWhy', params },
    );
  // What the plan itself mends stands in no way.
  const idle = idleInside(
    roleNames.filter((role) => want.roles?.[role] === true),
    vm,
  ).filter(({ fix }) => fix === undefined);
  if (idle.length > 0) return idle;
  const problem = want.network && problemOfNetwork(around, vm, guest, want.network);
  return problem ? block('network', problem, { key: 'advice.networkWhy' }) : [];
}

function problemOfNetwork(around: Machine, vm: Vm, guest: Machine, network: NetworkWant): Message | null {
  const resolved = resolveNetwork(around, vm, network);
  if (resolved?.problems.way) return resolved.problems.way;
  const unknown = network.nested.find(
    ({ vm: id, adapter, address }) => address && !cardIn(byId(guest.vms, id) ?? vm, adapter),
  );
  if (unknown) {
    const nested = byId(guest.vms, unknown.vm);
    return { key: 'advice.notSignedIn', params: { vm: nested?.name ?? unknown.vm } };
  }
  return resolved ? firstProblem(resolved.problems) : null;
}
