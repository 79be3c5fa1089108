/** Every kind of plan, each with the simulated PC that it is for, and what has to be so when it is finished, said by hand. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import type { VmGoal, VmWant } from '../../src/core/machine/goal.js';
import { dockerOwnsTheNat, cloudHost, serverL1, twoAdapters, wifiLaptop } from '../../simulator/scenarios/networks.js';
import { labOf } from '../../simulator/scenarios/trouble.js';
import { workstation } from '../../simulator/scenarios/workstation.js';
import type { SimulatedMachine, SimulatedVm, World } from '../../simulator/world.js';
import type { Account } from './wire.js';

/** Values by path of the state (state.ts); `there`: a thing that is made, whatever Windows gives it. */
type Wanted = Readonly<Record<string, string | number | boolean | null | readonly string[] | typeof there>>;
export const there: unique symbol = Symbol('there');

export interface Kind {
  readonly name: string;
  readonly world: () => World;
  readonly wants: (world: World) => readonly VmGoal[];
  readonly accounts: (world: World) => readonly Account[];
  /** What is so when it is finished. */
  readonly goal: Wanted;
  /** Paths that no undo brings back, from their beginning. */
  readonly oneWay: readonly string[];
  /** The run that is killed may be the one that undoes. */
  readonly undo: boolean;
}

const GiB = 2 ** 30;

function vmNamed({ vms }: Pick<SimulatedMachine, 'vms'>, name: string): SimulatedVm {
  for (const vm of vms.values()) if (vm.name === name) return vm;
  throw new Error(`no VM ${name}`);
}
const machineIn = (world: World, name: string): SimulatedMachine => {
  const { machine } = vmNamed(world.host, name).guest;
  if (!machine) throw new Error(`${name} is no machine`);
  return machine;
};
const adapterOf = (vm: SimulatedVm): string => vm.settings.adapters[0]?.id ?? '';

type Wish = VmWant | ((vm: SimulatedVm, world: World) => VmWant);
interface More {
  readonly oneWay?: readonly string[];
  readonly accounts?: Kind['accounts'];
  readonly undo?: boolean;
}

function kind(
  name: string,
  world: () => World,
  wishes: Readonly<Record<string, Wish>>,
  goal: Wanted,
  more: More = {},
): Kind {
  return {
    name,
    world,
    goal,
    wants: (made) =>
      Object.entries(wishes).map(([vmName, wish]) => {
        const vm = vmNamed(made.host, vmName);
        return { vm: vmIn(thisPc, vm.id), want: typeof wish === 'function' ? wish(vm, made) : wish };
      }),
    accounts: more.accounts ?? (() => []),
    oneWay: more.oneWay ?? [],
    undo: more.undo ?? true,
  };
}

const spoofing = (vm: SimulatedVm): VmWant => ({ adapters: { [adapterOf(vm)]: { macSpoofing: 'On' } } });
const lab10 = (): World => labOf(10);
const all30 = Array.from({ length: 20 }, (_, index) => ({
  name: `lab-${String(index + 1).padStart(4, '0')}`,
  index,
})).filter(({ index }) => index % 6 < 3 || index % 6 === 4);
const set = (vm: string, setting: string): string => `vms/${vm}/settings/${setting}`;

const onThisPc: readonly Kind[] = [
  kind('off: nesting', lab10, { 'lab-0002': { nesting: true } }, { [set('lab-0002', 'nesting')]: true }),
  kind(
    'off: dynamic memory',
    lab10,
    { 'lab-0003': { memory: { dynamic: true, startup: 2 * GiB, minimum: GiB, maximum: 4 * GiB } } },
    {
      [set('lab-0003', 'dynamicMemory')]: true,
      [set('lab-0003', 'startup')]: 2 * GiB,
      [set('lab-0003', 'minimum')]: GiB,
      [set('lab-0003', 'maximum')]: 4 * GiB,
    },
  ),
  kind('running: nesting on', workstation, { 'Lab DC 01': { nesting: true } }, { [set('Lab DC 01', 'nesting')]: true }),
  kind(
    'running: nesting off',
    workstation,
    { 'k8s-node-1': { nesting: false } },
    { [set('k8s-node-1', 'nesting')]: false },
  ),
  kind(
    'running: its memory as it runs',
    workstation,
    { 'win11 $(nested)': { memory: { startup: 6 * GiB } } },
    { [set('win11 $(nested)', 'startup')]: 6 * GiB },
  ),
  kind(
    'running: fixed memory and nesting',
    workstation,
    { 'Lab DC 01': { memory: { dynamic: false, startup: 3 * GiB }, nesting: true } },
    {
      [set('Lab DC 01', 'dynamicMemory')]: false,
      [set('Lab DC 01', 'startup')]: 3 * GiB,
      [set('Lab DC 01', 'nesting')]: true,
    },
  ),
  kind(
    'saved: resumed, then changed',
    lab10,
    { 'lab-0004': { nesting: false, savedState: 'resume' } },
    { [set('lab-0004', 'nesting')]: false },
    { oneWay: ['vms/lab-0004/state'] },
  ),
  kind(
    'saved: dropped, upgraded, then changed',
    workstation,
    { 'legacy-2012r2': { version: '12.0', nesting: true, savedState: 'drop' } },
    { [set('legacy-2012r2', 'nesting')]: true, 'vms/legacy-2012r2/version': '12.0' },
    { oneWay: ['vms/legacy-2012r2/state', 'vms/legacy-2012r2/version'] },
  ),
  kind(
    'paused',
    lab10,
    { 'lab-0006': { nesting: true } },
    { [set('lab-0006', 'nesting')]: true },
    { oneWay: ['vms/lab-0006/state'] },
  ),
  kind(
    'stop action, checkpoints, spoofing, of one that runs',
    workstation,
    { 'Lab DC 01': (vm) => ({ stopAction: 'ShutDown', automaticCheckpoints: true, ...spoofing(vm) }) },
    {
      [set('Lab DC 01', 'stopAction')]: 'ShutDown',
      [set('Lab DC 01', 'automaticCheckpoints')]: true,
      [set('Lab DC 01', 'adapters/Network Adapter/macSpoofing')]: 'On',
    },
  ),
  kind(
    'all at once, with nested VMs inside',
    workstation,
    { 构建机: (vm) => ({ nesting: false, stopAction: 'Save', memory: { startup: 12 * GiB, maximum: 16 * GiB }, adapters: { [adapterOf(vm)]: { macSpoofing: 'Off' } } }) }, // prettier-ignore
    {
      [set('构建机', 'nesting')]: false,
      [set('构建机', 'stopAction')]: 'Save',
      [set('构建机', 'startup')]: 12 * GiB,
      [set('构建机', 'maximum')]: 16 * GiB,
      [set('构建机', 'adapters/Network Adapter/macSpoofing')]: 'Off',
      'vms/构建机/guest/machine/hypervisorRunning': false,
    },
  ),
  kind('starts', workstation, { 'dev-box': { power: 'running' } }, { 'vms/dev-box/state': 'Running' }),
  kind('shuts down', workstation, { 'Lab DC 01': { power: 'off' } }, { 'vms/Lab DC 01/state': 'Off' }),
  kind(
    'three at once: off, running, another wish each',
    workstation,
    {
      'dev-box': { nesting: true },
      'k8s-node-2': { nesting: false, stopAction: 'Save' },
      'Lab DC 01': { memory: { dynamic: false } },
    },
    {
      [set('dev-box', 'nesting')]: true,
      [set('k8s-node-2', 'nesting')]: false,
      [set('k8s-node-2', 'stopAction')]: 'Save',
      [set('Lab DC 01', 'dynamicMemory')]: false,
    },
  ),
  kind(
    'many at once',
    () => labOf(30),
    Object.fromEntries(
      all30.map(({ name, index }) => [name, { nesting: index % 3 !== 0, stopAction: 'TurnOff' as const }]),
    ),
    Object.fromEntries(
      all30.flatMap(({ name, index }): [string, string | boolean][] => [
        [set(name, 'nesting'), index % 3 !== 0],
        [set(name, 'stopAction'), 'TurnOff'],
      ]),
    ),
  ),
];

const inLab = (world: World): readonly Account[] => {
  const l1 = vmNamed(world.host, 'lab');
  const l2 = vmNamed(machineIn(world, 'lab'), 'lab-win');
  return [
    { at: vmIn(thisPc, l1.id), userName: 'dev', password: 'lab' },
    { at: vmIn(vmIn(thisPc, l1.id), l2.id), userName: 'dev', password: 'lab-win' },
  ];
};
const ofWin11 = (world: World): readonly Account[] => [
  { at: vmIn(thisPc, vmNamed(world.host, 'win11 $(nested)').id), userName: 'dev', password: 'nested' },
];

const inWin11 = 'vms/win11 $(nested)/guest/machine';
const hyperV = ['', '-All', '-Tools-All', '-Management-PowerShell', '-Hypervisor', '-Services'].map((end) => `Microsoft-Hyper-V${end}`); // prettier-ignore
const inside = 'vms/lab/guest/machine';
const nested = (name: string, path: string): string => `${inside}/vms/${name}/${path}`;
const nestedOf = (world: World) =>
  ['lab-win', 'lab-linux'].map((name) => {
    const vm = vmNamed(machineIn(world, 'lab'), name);
    return { vm: vm.id, adapter: adapterOf(vm) };
  });

const nat = { kind: 'nat', switchName: 'VmNAT', natName: 'LocalNAT', prefix: '192.168.200.0/24' } as const;
const natWant = (_: SimulatedVm, world: World): VmWant => ({
  network: {
    ...nat,
    nested: nestedOf(world).map((one, index) =>
      index > 0
        ? one
        : {
            ...one,
            address: { address: '192.168.200.10', prefixLength: 24, gateway: '192.168.200.1', dns: ['1.1.1.1'] },
          },
    ),
  },
});
const natMade: Wanted = {
  [`${inside}/switches/VmNAT`]: there,
  [`${inside}/network/cards/vEthernet (VmNAT)`]: there,
  [`${inside}/network/nats/LocalNAT/prefix`]: '192.168.200.0/24',
  [`${inside}/network/nats/LocalNAT`]: there,
  [`${inside}/network/addresses/vEthernet (VmNAT) 192.168.200.1/24`]: there,
  [nested('lab-win', 'settings/adapters/Network Adapter/switch')]: 'VmNAT',
  [nested('lab-linux', 'settings/adapters/Network Adapter/switch')]: 'VmNAT',
};
const addressed: Wanted = {
  [nested('lab-win', 'guest/machine/network/cards/Ethernet/dhcp')]: false,
  [nested('lab-win', 'guest/machine/network/cards/Ethernet/dns')]: ['1.1.1.1'],
  [nested('lab-win', 'guest/machine/network/addresses/Ethernet 192.168.200.10/24')]: there,
  [nested('lab-win', 'guest/machine/network/routes/Ethernet 0.0.0.0/0 192.168.200.1')]: there,
};
const externalWant = (vm: SimulatedVm, world: World): VmWant => ({
  network: { kind: 'external', adapter: adapterOf(vm), switchName: 'External', nested: nestedOf(world) },
});
const externalMade: Wanted = {
  [`${inside}/switches/External/type`]: 'External',
  [`${inside}/switches/External`]: there,
  [`${inside}/network/cards/vEthernet (External)`]: there,
  [set('lab', 'adapters/Network Adapter/macSpoofing')]: 'On',
  [nested('lab-win', 'settings/adapters/Network Adapter/switch')]: 'External',
  [nested('lab-linux', 'settings/adapters/Network Adapter/switch')]: 'External',
};
const made = { accounts: inLab, undo: true } as const;
const feature = (name: string): string => `${inside}/features/${name}`;

const insideGuests: readonly Kind[] = [
  kind('NAT network inside', serverL1, { lab: natWant }, { ...natMade, ...addressed }, made),
  kind('NAT network inside, of a cloud', cloudHost, { lab: natWant }, { ...natMade, ...addressed }, made),
  kind('external network inside', serverL1, { lab: externalWant }, externalMade, made),
  kind('external network inside, two adapters', twoAdapters, { lab: externalWant }, externalMade, made),
  kind(
    'Default Switch inside',
    wifiLaptop,
    { lab: (_, world) => ({ network: { kind: 'default-switch', nested: nestedOf(world) } }) },
    {
      [nested('lab-win', 'settings/adapters/Network Adapter/switch')]: 'Default Switch',
      [nested('lab-linux', 'settings/adapters/Network Adapter/switch')]: 'Default Switch',
    },
    { accounts: inLab },
  ),
  kind(
    'role inside',
    serverL1,
    { lab: { roles: { 'virtual-machine-platform': true } } },
    { [feature('VirtualMachinePlatform')]: 'Enabled' },
    { accounts: inLab },
  ),
  kind(
    'role inside, away',
    dockerOwnsTheNat,
    { lab: { roles: { 'virtual-machine-platform': false } } },
    { [feature('VirtualMachinePlatform')]: 'Disabled' },
    { accounts: inLab },
  ),
  kind(
    'Hyper-V inside, and memory',
    workstation,
    { 'win11 $(nested)': { roles: { 'hyper-v': true }, memory: { startup: 6 * GiB } } },
    {
      [set('win11 $(nested)', 'startup')]: 6 * GiB,
      ...Object.fromEntries(hyperV.map((name) => [`${inWin11}/features/${name}`, 'Enabled'])),
      [`${inWin11}/modules/Hyper-V`]: 'loaded',
      [`${inWin11}/hypervisorRunning`]: true,
      // What comes with it.
      [`${inWin11}/services/vmms`]: there,
      [`${inWin11}/services/vmcompute`]: there,
      [`${inWin11}/switches/Default Switch`]: there,
      [`${inWin11}/network/cards/vEthernet (Default Switch)`]: there,
    },
    // Windows turns the tools on along with the role, and leaves them when the role is turned off.
    {
      accounts: ofWin11,
      oneWay: [
        ...['-All', '-Tools-All', '-Management-PowerShell'].map((end) => `${inWin11}/features/Microsoft-Hyper-V${end}`),
        `${inWin11}/modules/Hyper-V`,
      ],
    },
  ),
  kind(
    'role and NAT network inside, one off-period',
    serverL1,
    { lab: (_, world) => ({ network: { ...nat, nested: nestedOf(world) }, roles: { 'virtual-machine-platform': true }, memory: { startup: 12 * GiB } }) }, // prettier-ignore
    { ...natMade, [feature('VirtualMachinePlatform')]: 'Enabled', [set('lab', 'startup')]: 12 * GiB },
    { accounts: inLab },
  ),
];

/** In turn, so that few tries already have some of each. */
export const kinds: readonly Kind[] = onThisPc.flatMap((one, index) => {
  const other = insideGuests[index];
  return other ? [one, other] : [one];
});
