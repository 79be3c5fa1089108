/** The part of a chain that happens inside its VM: roles, a network for nested VMs, and taking away what a run has made. */
import type { Message } from '../../text/index.js';
import { cardOf, DEFAULT_SWITCH, fitOf, hostEnd, natsOf } from '../network/advice.js';
import type { AdapterId, Guid, HostCall, MachineRef } from '../cmdlets/call.js';
import { facts, type Check } from '../checks/check.js';
import type { AdapterWant, Consent, Made, NetworkWant, VmWant } from '../machine/goal.js';
import { AUTOMATIC, cardIn, DHCP, NO_ADDRESS, parseStatic, sameAs, staticText } from '../network/addresses.js';
import type { Machine, Role, Vm } from '../machine/machine.js';
import { problemOfMaking, type Making } from './things.js';
import { roleNames } from '../machine/network-snapshot.js';
import type { Change, Step, Value } from './plan.js';
import { gatewayOf, parsePrefix } from '../network/subnet.js';
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

export function insideParts(at: MachineRef, vm: Vm, want: VmWant, make: MakeStep): InsideParts {
  const roles = roleSteps(at, vm, want, make);
  const network = want.network ? networkSteps(at, vm, want.network, make) : nothing;
  const nested = Object.entries(want.nested ?? {}).flatMap(([id, adapters]) => nestedSteps(at, vm, id, adapters, make));
  const removed = removeSteps(at, vm, want.remove ?? [], make);
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

interface Making1 {
  readonly making: Making;
  readonly call: HostCall;
  readonly title: Message;
}

/** Only what is missing is made: planned again after half of it, the rest. */
function makingsOf(at: MachineRef, vm: Vm, network: NetworkWant): readonly Making1[] {
  const { guest } = vm;
  const inside = [...at, vm.id];
  if (!guest || network.kind === 'default-switch') return [];
  if (network.kind === 'external') {
    const adapter = vm.adapters?.find(({ id }) => id === network.adapter);
    const card = adapter && cardOf(guest, adapter);
    if (!card || externalOn(guest, card.description)) return [];
    const { switchName: name } = network;
    return [
      {
        making: { what: 'switch', at: inside, name },
        call: { cmdlet: 'New-VMSwitch/External', params: { Name: name, NetAdapterName: card.name }, at: inside },
        title: { key: 'plan.makeExternal', params: { name } },
      },
    ];
  }
  const { switchName, natName, prefix: text } = network;
  const prefix = parsePrefix(text);
  const fit = fitOf(guest);
  if (!prefix || fit?.nat.prefix === text) return [];
  const gateway = gatewayOf(prefix);
  const has = {
    switch: guest.host.switches?.some(({ name, type }) => name === switchName && type === 'Internal') ?? false,
    address:
      guest.network?.addresses?.some(
        ({ address, adapter }) => address === gateway && adapter === hostEnd(switchName),
      ) ?? false,
    nat: natsOf(guest.network).some((nat) => nat.name === natName && nat.prefix === text),
  };
  const makings: Making1[] = [];
  if (!has.switch)
    makings.push({
      making: { what: 'switch', at: inside, name: switchName },
      call: { cmdlet: 'New-VMSwitch/Internal', params: { Name: switchName }, at: inside },
      title: { key: 'plan.makeSwitch', params: { name: switchName } },
    });
  if (!has.address)
    makings.push({
      making: { what: 'address', at: inside, address: gateway, prefixLength: prefix.length, switchName },
      call: {
        cmdlet: 'New-NetIPAddress/Alias',
        params: { InterfaceAlias: hostEnd(switchName), IPAddress: gateway, PrefixLength: prefix.length },
        at: inside,
      },
      title: { key: 'plan.makeAddress', params: { address: `${gateway}/${String(prefix.length)}` } },
    });
  if (!has.nat)
    makings.push({
      making: { what: 'nat', at: inside, name: natName, prefix: text },
      call: { cmdlet: 'New-NetNat', params: { Name: natName, InternalIPInterfaceAddressPrefix: text }, at: inside },
      title: { key: 'plan.makeNat', params: { name: natName, prefix: text } },
    });
  return makings;
}

/** An external switch that is bound to this card already. */
const externalOn = ({ host }: Machine, description: string | undefined) =>
  host.switches?.find(({ type, adapterDescription }) => type === 'External' && adapterDescription === description);

/** The switch that nested VMs are connected to, by name: one that is there, or the one to be made. */
function switchNameOf(vm: Vm, network: NetworkWant): string | undefined {
  const { guest } = vm;
  if (!guest) return undefined;
  switch (network.kind) {
    case 'default-switch':
      return guest.host.switches?.find(({ id }) => id === DEFAULT_SWITCH)?.name;
    case 'external': {
      const adapter = vm.adapters?.find(({ id }) => id === network.adapter);
      const card = adapter && cardOf(guest, adapter);
      return card && (externalOn(guest, card.description)?.name ?? network.switchName);
    }
    case 'nat': {
      const fit = fitOf(guest);
      return fit?.nat.prefix === network.prefix ? fit.switchName : network.switchName;
    }
  }
}

function networkSteps(at: MachineRef, vm: Vm, network: NetworkWant, make: MakeStep) {
  const target = switchNameOf(vm, network);
  const makings = makingsOf(at, vm, network);
  const made = makings.map(({ making, call, title }) =>
    make({ title, do: { call }, kind: 'inside', changes: [], makes: making }),
  );
  const nested = network.nested.flatMap(({ vm: id, adapter, address }) =>
    nestedSteps(
      at,
      vm,
      id,
      {
        [adapter]: {
          ...(target === undefined ? {} : { switch: target }),
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

/** NAT network, then its gateway address, then the switch: each only while it is exactly what was made. */
const removalOrder: readonly Made['what'][] = ['nat', 'address', 'switch'];

function removeSteps(at: MachineRef, vm: Vm, remove: readonly Made[], make: MakeStep) {
  const { guest } = vm;
  const inside = [...at, vm.id];
  const own = remove.filter((made) => guest !== undefined && sameAs(guest, made));
  const steps = removalOrder.flatMap((what) =>
    own.flatMap((made): readonly Step[] => {
      if (made.what !== what) return [];
      const changes: readonly Change[] = [{ path: madePath(vm.id, made), from: 'there', to: 'gone' }];
      const base = { kind: 'inside', changes } as const;
      switch (made.what) {
        case 'nat':
          return [
            make({
              ...base,
              title: { key: 'plan.removeNat', params: { name: made.name } },
              do: { call: { cmdlet: 'Remove-NetNat', params: {}, at: inside, on: { nat: made.id } } },
            }),
          ];
        case 'switch':
          return [
            make({
              ...base,
              title: { key: 'plan.removeSwitch', params: { name: made.name } },
              do: { call: { cmdlet: 'Remove-VMSwitch', params: {}, at: inside, on: { switch: made.id } } },
            }),
          ];
        case 'address': {
          const index = guest?.network?.adapters?.find(({ id }) => id === made.adapter)?.index;
          if (index === undefined) return [];
          return [
            make({
              ...base,
              title: { key: 'plan.removeAddress', params: { address: made.id } },
              do: {
                call: {
                  cmdlet: 'Remove-NetIPAddress',
                  params: { InterfaceIndex: index, IPAddress: made.id },
                  at: inside,
                },
              },
            }),
          ];
        }
      }
    }),
  );
  const interrupts = own.some(
    ({ what, id }) =>
      what === 'switch' && guest?.host.switches?.some((one) => one.id === id && one.type === 'External'),
  );
  return { steps, interrupts };
}

/** What stands in the way of a wish that is carried out inside. */
export function insideBlockers(root: Machine, at: MachineRef, vm: Vm, want: VmWant): readonly Check[] {
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
  const problem = want.network && problemOfNetwork(root, at, vm, guest, want.network);
  return problem ? block('network', problem, { key: 'advice.networkWhy' }) : [];
}

function problemOfNetwork(root: Machine, at: MachineRef, vm: Vm, guest: Machine, network: NetworkWant): Message | null {
  const params = { vm: vm.name };
  if (guest.host.services !== undefined && !guest.host.services['vmms']) return { key: 'advice.noHyperV', params };
  const target = switchNameOf(vm, network);
  if (target === undefined)
    return network.kind === 'default-switch'
      ? { key: 'advice.noDefaultSwitch', params }
      : { key: 'advice.noCard', params };
  if ((guest.host.switches ?? []).filter(({ name }) => name === target).length > 1)
    return { key: 'advice.switchAmbiguous', params: { ...params, name: target } };
  if (network.kind === 'nat') {
    if (guest.network?.nats === 'missing') return { key: 'advice.noWinNat', params };
    if (
      guest.network?.nats === undefined ||
      guest.network.addresses === undefined ||
      root.network?.addresses === undefined
    )
      return { key: 'advice.natUnread', params };
  }
  const unknown = network.nested.find(
    ({ vm: id, adapter, address }) => address && !cardIn(guest.vms?.find((one) => one.id === id) ?? vm, adapter),
  );
  if (unknown) {
    const nested = guest.vms?.find(({ id }) => id === unknown.vm);
    return { key: 'advice.notSignedIn', params: { vm: nested?.name ?? unknown.vm } };
  }
  const host = at.length === 0 ? root : null;
  for (const { making } of makingsOf(at, vm, network)) {
    const problem = problemOfMaking(host, guest, making);
    if (problem) return problem;
  }
  return null;
}
