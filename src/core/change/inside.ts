/** The part of a chain that happens inside its VM: roles, a network for nested VMs, and taking away what a run has made. */
import type { Message } from '../../text/index.js';
import type { AdapterId, Guid, HostCall, MachineRef } from '../cmdlets/call.js';
import { facts, type Check } from '../checks/check.js';
import type { AdapterWant, Consent, NetworkWant, Thing, VmWant } from '../machine/goal.js';
import { AUTOMATIC, cardIn, DHCP, NO_ADDRESS, parseStatic, staticText } from '../network/addresses.js';
import type { Machine, Role, Vm } from '../machine/machine.js';
import { firstProblem, resolveNetwork } from '../network/resolve.js';
import { actOfMaking, actOfRemoving, removalOrder, sameAs } from '../network/things.js';
import { roleNames } from '../machine/network-snapshot.js';
import type { Change, Step, Value } from './plan.js';
import { adapterPath, insidePath, madePath, rolePath, valueAt, writeOf } from './settings.js';

export type MakeStep = (part: Omit<Step, 'id' | 'number' | 'vm'>) => Step;

/** Seconds in which a guest has restarted and what it runs is ready (domain §2: Windows may be installing updates). */
const READY_WITHIN = 900;

/** Whether a wish can only be carried out, or even planned, from inside. */
const needsInside = ({ roles, network, remove, nested }: VmWant): boolean =>
  roles !== undefined || network !== undefined || nested !== undefined || (remove?.length ?? 0) > 0;

/** Paths of machines that must be looked into before a wish is planned. */
export function insideOf(at: MachineRef, vm: Guid, want: VmWant): readonly MachineRef[] {
  if (!needsInside(want)) return [];
  const own = [...at, vm];
  const deeper = nestedOf(want).flatMap(([id, adapters]) =>
    Object.values(adapters).some(({ address, dns }) => address !== undefined || dns !== undefined)
      ? [[...own, id]]
      : [],
  );
  return [own, ...deeper];
}

/** What a wish says of VMs inside, besides the network as a whole. */
function nestedOf({ nested, network }: VmWant): readonly (readonly [Guid, Readonly<Record<AdapterId, AdapterWant>>])[] {
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
  readonly before: readonly Step[];
  /** When it is up again. */
  readonly after: readonly Step[];
  readonly restarts: boolean;
  readonly consents: readonly Consent[];
}

export function insideParts(around: Machine, at: MachineRef, vm: Vm, want: VmWant, make: MakeStep): InsideParts {
  const roles = roleSteps(at, vm, want, make);
  const network = want.network ? networkSteps(around, at, vm, want.network, make) : nothing;
  const nested = Object.entries(want.nested ?? {}).flatMap(([id, adapters]) => nestedSteps(at, vm, id, adapters, make));
  const removed = removeSteps(vm, want.remove ?? [], make);
  return {
    before: roles.before,
    after: [...roles.after, ...network.steps, ...nested, ...removed.steps],
    restarts: roles.before.length + roles.after.length > 0,
    consents: network.interrupts || removed.interrupts ? ['interrupt-guest-network'] : [],
  };
}
const nothing = { steps: [] as readonly Step[], interrupts: false };

function roleSteps(at: MachineRef, vm: Vm, want: VmWant, make: MakeStep) {
  const before: Step[] = [];
  const after: Step[] = [];
  for (const role of roleNames) {
    const on = want.roles?.[role];
    const from = vm.guest?.inside?.roles[role];
    if (on === undefined || from === undefined) continue;
    if (on ? from === 'Enabled' : from !== 'Enabled' && from !== 'EnablePending' && from !== 'DisablePending') continue;
    const pending = on ? 'EnablePending' : 'DisablePending';
    const path = rolePath(vm.id, role);
    const params = { role: roleName(role) };
    const call = writeOf(at, { vm: vm.id, property: 'role', role }, pending);
    if (from !== pending && call)
      before.push(
        make({
          title: on ? { key: 'plan.roleOn', params } : { key: 'plan.roleOff', params },
          do: { call },
          kind: 'inside',
          changes: [{ path, from, to: pending }],
        }),
      );
    after.push(
      make({
        title: on ? { key: 'plan.waitRole', params } : { key: 'plan.waitRoleOff', params },
        do: { wait: { vm: vm.id, role, is: on }, atMost: READY_WITHIN },
        kind: 'inside',
        changes: [{ path, from: pending, to: on ? 'Enabled' : 'Disabled' }],
      }),
    );
  }
  return { before, after };
}

/** The English name: a title is data, and the name of a feature is Windows' own word. */
const names: Readonly<Record<Role, string>> = {
  'hyper-v': 'Hyper-V',
  'virtual-machine-platform': 'VirtualMachinePlatform',
  'hypervisor-platform': 'HypervisorPlatform',
};
export const roleName = (role: Role): string => names[role];

function networkSteps(around: Machine, at: MachineRef, vm: Vm, network: NetworkWant, make: MakeStep) {
  const { switchName = '', missing = [] } = resolveNetwork(around, vm, network) ?? {};
  const made = missing.map((thing) => {
    const { title, call } = actOfMaking(thing);
    return make({ title, do: { call }, kind: 'inside', changes: [], makes: thing });
  });
  const nested = network.nested.flatMap(({ vm: id, adapter, address }) =>
    nestedSteps(
      at,
      vm,
      id,
      {
        [adapter]: {
          ...(switchName === '' ? {} : { switch: switchName.trim() }),
          ...(address ? { address, dns: address.dns } : {}),
        },
      },
      make,
    ),
  );
  return { steps: [...made, ...nested], interrupts: network.kind === 'external' && made.length > 0 };
}

function nestedSteps(
  at: MachineRef,
  vm: Vm,
  id: Guid,
  wants: Readonly<Record<AdapterId, AdapterWant>>,
  makeOwn: MakeStep,
): readonly Step[] {
  const make: MakeStep = (part) =>
    makeOwn({ ...part, changes: part.changes.map((one) => ({ ...one, path: insidePath(vm.id, one.path) })) });
  const nested = vm.guest?.vms?.find((one) => one.id === id);
  if (!nested) return [];
  const inside = [...at, vm.id, id];
  return Object.entries(wants).flatMap(([adapter, want]) => {
    const connect = switchSteps([...at, vm.id], nested, adapter, want, make);
    // Servers set by hand stay when DHCP comes, and cannot be told from its own then: they go first.
    if (want.address === DHCP)
      return [
        ...connect,
        ...dnsSteps(inside, nested, adapter, want, make),
        ...addressSteps(inside, nested, adapter, want, make),
      ];
    return [
      ...connect,
      ...addressSteps(inside, nested, adapter, want, make),
      ...dnsSteps(inside, nested, adapter, want, make),
    ];
  });
}

function switchSteps(
  at: MachineRef,
  nested: Vm,
  adapter: AdapterId,
  want: AdapterWant,
  make: MakeStep,
): readonly Step[] {
  if (want.switch === undefined) return [];
  const path = adapterPath(nested.id, adapter, 'switch');
  const to = want.switch ?? '';
  const from = valueAt(nested, path);
  const call = writeOf(at, { vm: nested.id, property: 'switch', adapter }, to);
  if (from === to || !call) return [];
  const title: Message =
    want.switch === null
      ? { key: 'plan.disconnect', params: { vm: nested.name } }
      : { key: 'plan.connect', params: { vm: nested.name, name: want.switch } };
  return [make({ title, do: { call }, kind: 'inside', changes: [{ path, from: from ?? null, to }] })];
}

function addressSteps(
  at: MachineRef,
  nested: Vm,
  adapter: AdapterId,
  { address }: AdapterWant,
  make: MakeStep,
): readonly Step[] {
  const found = cardIn(nested, adapter);
  const path = adapterPath(nested.id, adapter, 'address');
  const from = valueAt(nested, path);
  if (address === undefined || !found || from === undefined || typeof from !== 'string') return [];
  const to = address === DHCP ? DHCP : staticText(address);
  if (from === to) return [];
  const { index: InterfaceIndex } = found.card;
  const one = (call: HostCall, title: Message, change: { from: Value; to: Value }): Step =>
    make({ title, do: { call }, kind: 'inside', changes: [{ path, ...change }] });
  const old = parseStatic(from);
  const params = { vm: nested.name };
  const away =
    typeof old === 'object'
      ? [
          one(
            {
              cmdlet: 'Remove-NetIPAddress',
              params: {
                InterfaceIndex,
                IPAddress: old.address,
                ...(old.gateway === '0.0.0.0' ? {} : { DefaultGateway: old.gateway }),
              },
              at,
            },
            { key: 'plan.removeOwnAddress', params: { ...params, address: old.address } },
            { from, to: NO_ADDRESS },
          ),
        ]
      : [];
  const before = away.length > 0 ? NO_ADDRESS : from;
  if (address === DHCP)
    return [
      ...away,
      one(
        { cmdlet: 'Set-NetIPInterface/Dhcp', params: { InterfaceIndex }, at },
        { key: 'plan.setDhcp', params },
        { from: before, to },
      ),
    ];
  const { address: IPAddress, prefixLength: PrefixLength, gateway: DefaultGateway } = address;
  return [
    ...away,
    one(
      { cmdlet: 'New-NetIPAddress/Index', params: { InterfaceIndex, IPAddress, PrefixLength, DefaultGateway }, at },
      { key: 'plan.setAddress', params: { ...params, address: IPAddress } },
      { from: before, to },
    ),
  ];
}

function dnsSteps(
  at: MachineRef,
  nested: Vm,
  adapter: AdapterId,
  { dns }: AdapterWant,
  make: MakeStep,
): readonly Step[] {
  const found = cardIn(nested, adapter);
  const path = adapterPath(nested.id, adapter, 'dns');
  const from = valueAt(nested, path);
  if (dns === undefined || !found || from === undefined) return [];
  const to = dns === AUTOMATIC || dns.length === 0 ? AUTOMATIC : dns.join(' ');
  if (from === to) return [];
  const { index: InterfaceIndex } = found.card;
  const params = { vm: nested.name };
  return [
    to === AUTOMATIC
      ? make({
          title: { key: 'plan.resetDns', params },
          do: { call: { cmdlet: 'Set-DnsClientServerAddress/Reset', params: { InterfaceIndex }, at } },
          kind: 'inside',
          changes: [{ path, from, to }],
        })
      : make({
          title: { key: 'plan.setDns', params },
          do: {
            call: {
              cmdlet: 'Set-DnsClientServerAddress',
              params: { InterfaceIndex, ServerAddresses: to.split(' ') },
              at,
            },
          },
          kind: 'inside',
          changes: [{ path, from, to }],
        }),
  ];
}

function removeSteps(vm: Vm, remove: readonly Thing[], make: MakeStep) {
  const { guest } = vm;
  if (!guest) return nothing;
  const own = remove.filter((thing) => sameAs(guest, thing));
  const steps = removalOrder.flatMap((what) =>
    own.flatMap((thing): readonly Step[] => {
      const act = thing.what === what ? actOfRemoving(guest, thing) : undefined;
      if (!act) return [];
      const changes: readonly Change[] = [{ path: madePath(vm.id, thing), from: 'there', to: 'gone' }];
      return [make({ title: act.title, do: { call: act.call }, kind: 'inside', changes })];
    }),
  );
  const interrupts = own.some(
    ({ what, id }) => what === 'switch' && guest.host.switches?.some((one) => one.id === id && one.type === 'External'),
  );
  return { steps, interrupts };
}

/** What stands in the way of a wish that is carried out inside. */
export function insideBlockers(around: Machine, vm: Vm, want: VmWant): readonly Check[] {
  if (!needsInside(want)) return [];
  const { guest } = vm;
  const params = { vm: vm.name };
  const block = (
    id: 'signed-in' | 'network',
    title: Message,
    why: Message,
    more: Partial<Check> = {},
  ): readonly Check[] => [{ id, vm: vm.id, verdict: 'blocker', title, why, evidence: [], ...more }];
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
  const problem = want.network && problemOfNetwork(around, vm, guest, want.network);
  return problem ? block('network', problem, { key: 'advice.networkWhy' }) : [];
}

function problemOfNetwork(around: Machine, vm: Vm, guest: Machine, network: NetworkWant): Message | null {
  const resolved = resolveNetwork(around, vm, network);
  if (resolved?.problems.way) return resolved.problems.way;
  const unknown = network.nested.find(
    ({ vm: id, adapter, address }) => address && !cardIn(guest.vms?.find((one) => one.id === id) ?? vm, adapter),
  );
  if (unknown) {
    const nested = guest.vms?.find(({ id }) => id === unknown.vm);
    return { key: 'advice.notSignedIn', params: { vm: nested?.name ?? unknown.vm } };
  }
  return resolved ? firstProblem(resolved.problems) : null;
}
