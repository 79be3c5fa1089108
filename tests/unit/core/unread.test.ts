/** What could not be read is never taken for none: by type, by each list that there is, and by each verdict, plan and way that asks it. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { checksOfHost, checksOfVm } from '../../../src/core/checks/all.js';
import { purposes, stranded } from '../../../src/core/checks/purposes.js';
import { prerequisitesOf } from '../../../src/core/checks/ready-inside.js';
import { thirdPartyInside } from '../../../src/core/checks/third-party.js';
import { planWants } from '../../../src/core/change/plan.js';
import { setupOf } from '../../../src/core/change/setup.js';
import type { VmWant } from '../../../src/core/machine/goal.js';
import type { HostFacts, Machine, Network, ThirdParty, Vm } from '../../../src/core/machine/machine.js';
import type { Reading, Told } from '../../../src/core/machine/reading.js';
import { readinessOf } from '../../../src/core/machine/role-state.js';
import { withGuest } from '../../../src/core/machine/tree.js';
import { adviseNetwork } from '../../../src/core/network/advice.js';
import { causeOfNoAddress, causeOfSilentGateway } from '../../../src/core/network/causes.js';
import { DEFAULT_SWITCH } from '../../../src/core/network/uplinks.js';
import { adapterId, guid, hostOf, machineOf, now, vmOf } from './worlds.js';

/** The keys of a model whose value is a list or a table that may be missing, and does not say so by its type. */
type Collection = readonly unknown[] | Readonly<Record<string, unknown>>;
type Unmarked<Model> = {
  [Key in keyof Model]-?: undefined extends Model[Key]
    ? NonNullable<Exclude<Model[Key], string>> extends readonly unknown[]
      ? NonNullable<Exclude<Model[Key], string>> extends Told<Collection>
        ? keyof NonNullable<Exclude<Model[Key], string>> extends keyof (readonly unknown[])
          ? Key
          : never
        : Key
      : never
    : never;
}[keyof Model];

describe('a list that may be unread', () => {
  it('says so by its type, wherever the model has one', () => {
    expectTypeOf<Unmarked<Vm>>().toBeNever();
    expectTypeOf<Unmarked<HostFacts>>().toBeNever();
    expectTypeOf<Unmarked<Network>>().toBeNever();
    expectTypeOf<Unmarked<ThirdParty>>().toBeNever();
    expectTypeOf<Unmarked<Machine>>().toBeNever();
    expectTypeOf<Unmarked<NonNullable<Vm['adapters']>[number]>>().toBeNever();
    expectTypeOf<Unmarked<{ readonly plain: readonly string[] | undefined }>>().toEqualTypeOf<'plain'>();
    expectTypeOf<readonly string[]>().toExtend<Reading<readonly string[]>>();
  });
});

const nat = { id: 'LocalNAT;0', name: 'LocalNAT', prefix: '192.168.100.0/24' };
const cardOf = (name: string, index: number) => ({
  name,
  description: name,
  id: guid(700 + index),
  index,
  macAddress: '00155D000001',
  wireless: false,
  hardware: true,
  connected: true,
  dhcp: true,
});
const networkOf = (): Network => ({
  adapters: [cardOf('Ethernet', 7)],
  addresses: [{ address: '192.168.100.1', prefixLength: 24, adapter: 'vEthernet (VmNAT)', index: 9 }],
  routes: [{ prefix: '0.0.0.0/0', nextHop: '10.1.1.1', adapter: 'Ethernet', index: 7 }],
  dns: [{ index: 7, servers: ['10.1.1.1'] }],
  nats: [nat],
  unread: [],
  readAt: now,
});
const nested = vmOf(7, { name: 'inner', state: 'Running' });
const guestOf = (): Machine => ({
  at: vmIn(thisPc, guid(1)),
  host: hostOf({
    name: 'LAB',
    switches: [
      { id: guid(500), name: 'VmNAT', type: 'Internal', adapterDescription: '' },
      { id: DEFAULT_SWITCH, name: 'Default Switch', type: 'Internal', adapterDescription: '' },
    ],
  }),
  vms: [nested],
  network: networkOf(),
  thirdParty: {
    drivers: [{ name: 'VBoxSup', state: 'Running' }],
    services: [{ name: 'VBoxSDS', state: 'Running' }],
    programs: ['Oracle VirtualBox 7.1'],
    readAt: now,
  },
  inside: {
    roles: { 'hyper-v': 'Enabled', 'virtual-machine-platform': 'Enabled', 'hypervisor-platform': 'Enabled', containers: 'Enabled', 'windows-sandbox': 'Enabled' }, // prettier-ignore
    freeDisk: 40 * 2 ** 30,
  },
});
const vmWith = (guest: Machine): Vm =>
  withGuest(vmOf(1, { name: 'lab', state: 'Running', nesting: true, checkpoints: [{ id: guid(3), name: 'c', automatic: false, created: now, parent: null }] }), guest); // prettier-ignore

/** `is`: what the list holds then. */
type Make = (is: 'full' | 'empty' | 'unread') => { readonly machine: Machine; readonly vm: Vm };
const pick = <T>(is: 'full' | 'empty' | 'unread', full: T, empty: T): T | undefined =>
  is === 'full' ? full : is === 'empty' ? empty : undefined;
const place = (vm: Vm, host: Partial<Machine> = {}) => ({
  machine: { ...machineOf({}, [vm]), network: { ...networkOf(), nats: [], addresses: [] }, ...host },
  vm,
});
const inside = (change: (guest: Machine) => Partial<Machine>): ReturnType<typeof place> => {
  const guest = guestOf();
  return place(vmWith({ ...guest, ...change(guest) }));
};
const ofNetwork =
  (key: 'adapters' | 'addresses' | 'routes' | 'dns' | 'nats'): Make =>
  (is) =>
    inside(() => ({ network: { ...networkOf(), [key]: pick<unknown>(is, networkOf()[key], []) } }));
const ofMakers =
  (key: 'drivers' | 'services' | 'programs'): Make =>
  (is) =>
    inside(({ thirdParty: full }) => ({
      thirdParty: { drivers: [], services: [], programs: [], readAt: now, [key]: pick<unknown>(is, full?.[key], []) },
    }));

const lists: Readonly<Record<string, Make>> = {
  'VMs of this PC': (is) => {
    const { machine, vm } = place(vmWith(guestOf()));
    return { machine: { ...machine, vms: pick(is, [vm], []) }, vm };
  },
  'switches of this PC': (is) => {
    const { machine, vm } = place(vmWith(guestOf()));
    return { machine: { ...machine, host: { ...machine.host, switches: pick(is, machine.host.switches ?? [], []) } }, vm };
  }, // prettier-ignore
  'services of this PC': (is) => {
    const { machine, vm } = place(vmWith(guestOf()));
    return { machine: { ...machine, host: { ...machine.host, services: pick(is, machine.host.services ?? {}, {}) } }, vm };
  }, // prettier-ignore
  'features of this PC': (is) => {
    const { machine, vm } = place(vmWith(guestOf()));
    return { machine: { ...machine, host: { ...machine.host, features: pick(is, machine.host.features ?? {}, {}) } }, vm };
  }, // prettier-ignore
  'configuration versions': (is) => {
    const { machine, vm } = place(vmWith(guestOf()));
    const supportedVersions = pick(is, machine.host.supportedVersions ?? [], []);
    return { machine: { ...machine, host: { ...machine.host, supportedVersions } }, vm };
  },
  'adapters of a VM': (is) => {
    const vm = vmWith(guestOf());
    return place({ ...vm, adapters: pick(is, vm.adapters ?? [], []) });
  },
  'checkpoints of a VM': (is) => {
    const vm = vmWith(guestOf());
    return place({ ...vm, checkpoints: pick(is, vm.checkpoints ?? [], []) });
  },
  'VMs inside': (is) => inside(() => ({ vms: pick(is, [nested], []) })),
  'adapters of VMs inside': (is) =>
    inside(() => ({
      vms: [{ ...nested, adapters: pick(is, (nested.adapters ?? []).map((one) => ({ ...one, switchId: null })), []) }],
    })), // prettier-ignore
  'switches inside': (is) => inside(({ host }) => ({ host: { ...host, switches: pick(is, host.switches ?? [], []) } })),
  'services inside': (is) => inside(({ host }) => ({ host: { ...host, services: pick(is, host.services ?? {}, {}) } })),
  'adapters inside': ofNetwork('adapters'),
  'addresses inside': ofNetwork('addresses'),
  'routes inside': ofNetwork('routes'),
  'name servers inside': ofNetwork('dns'),
  'NAT networks inside': ofNetwork('nats'),
  'drivers inside': ofMakers('drivers'),
  'services of others inside': ofMakers('services'),
  'programs inside': ofMakers('programs'),
};

const wants: Readonly<Record<string, VmWant>> = {
  nesting: { nesting: false },
  power: { power: 'off' },
  role: { roles: { 'hyper-v': false } },
  nat: { network: { kind: 'nat', switchName: 'VmNAT', natName: 'LocalNAT', prefix: nat.prefix, nested: [] } },
  external: { network: { kind: 'external', adapter: adapterId(1), switchName: 'EXT', nested: [] } },
  'default switch': { network: { kind: 'default-switch', nested: [] } },
};

/** What somebody is told, without what it rests on: evidence shows a list as it is. */
type Tell = (of: { readonly machine: Machine; readonly vm: Vm }) => unknown;
const told: Readonly<Record<string, Tell>> = {
  'checks of this PC': ({ machine }) => checksOfHost(machine),
  'checks of the VM': ({ machine, vm }) => checksOfVm(machine, vm),
  'makers inside': ({ vm }) => thirdPartyInside(vm),
  'what is stranded': ({ vm }) => stranded('hyper-v', vm),
  readiness: ({ vm }) => readinessOf(vm, 'hyper-v'),
  'ways to a network': ({ machine, vm }) => adviseNetwork(machine, vm).ways,
  'no address': ({ machine, vm }) =>
    causeOfNoAddress({ root: machine, at: vmIn(thisPc, vm.id), l1: vm, l2: nested, canEnter: true }, true),
  'silent gateway': ({ machine, vm }) =>
    causeOfSilentGateway(
      { root: machine, at: vmIn(thisPc, vm.id), l1: vm, l2: nested, canEnter: true },
      '192.168.100.1',
      true,
    ),
  ...Object.fromEntries(
    purposes.flatMap((purpose): [string, Tell][] => [
      [`setup for ${purpose}`, ({ machine, vm }) => setupOf({ purpose, machine, vm }).map(({ state, because }) => ({ state, because }))],
      [`what ${purpose} needs`, ({ vm }) => prerequisitesOf(purpose, vm)],
    ]),
  ), // prettier-ignore
  ...Object.fromEntries(
    Object.entries(wants).map(([name, want]): [string, Tell] => [
      `plan: ${name}`,
      ({ machine, vm }) => {
        const goals = [{ vm: vmIn(thisPc, vm.id), want }];
        return planWants(machine, { kind: 'vms', wants: goals, consents: [] }, goals, { id: 'test' });
      },
    ]),
  ),
};
const bare = (value: unknown): string =>
  JSON.stringify(value, (key, one: unknown) => (key === 'evidence' || key === 'basis' || key === 'readAt' ? undefined : one)) ?? 'undefined'; // prettier-ignore

/** Where nothing is the right answer for both: what is there counts, and what is not there is said of neither. */
const sameOnPurpose: Readonly<Record<string, readonly string[]>> = {
  // A switch that its adapter names and the list lacks is as little known as in a list that is unread.
  'switches inside': ['no address'],
  'switches of this PC': ['ways to a network'],
  // A hypervisor runs inside for certain, and what runs on it goes down: said with any list.
  'VMs inside': ['checks of the VM', 'plan: nesting', 'plan: power', 'plan: role'],
  // Who plans has found the VM in the list that it was read with.
  'VMs of this PC': Object.keys(wants).map((name) => `plan: ${name}`),
  // Both are blocked: spoofing needs an adapter that is known.
  'adapters of a VM': ['plan: external'],
};

describe.each(Object.entries(lists))('%s', (list, make) => {
  it.each(Object.entries(told))('unread, is not none for: %s', (name, tell) => {
    const [full, empty, unread] = (['full', 'empty', 'unread'] as const).map((is) => bare(tell(make(is))));
    if (full === empty || sameOnPurpose[list]?.includes(name)) return;
    expect(unread).not.toBe(empty);
  });
});
