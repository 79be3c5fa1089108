/**
 * PCs that differ in their network. Each has a running VM `lab` with Hyper-V inside and two VMs in it: `lab-win` (Windows) and
 * `lab-linux`, connected to nothing. Accounts: in lab `dev`, password `lab`; in lab-win `dev`, password `lab-win`.
 */
import type { Guid } from '../../src/core/cmdlets/call.js';
import { plainPorts, type MachineNetwork, type OutsideNetwork } from '../network.js';
import { addTunnel } from '../tunnels.js';
import { addHostEnds, defaultSwitch } from '../roles.js';
import type { SimulatedMachine, SimulatedSwitch, SimulatedVm, World } from '../world.js';
import { byId, externalSwitch, featuresOf, GiB, idsFrom, machine, vm, windows11, world, type VmWish } from './build.js';
import { card, wifi } from './cards.js';
import { local, windowsGuest, windowsServer } from './guests.js';

/** What is in `lab`. */
const innerVms = (newId: () => Guid): readonly SimulatedVm[] => [
  vm(newId, {
    name: 'lab-win',
    state: 'Running',
    switchId: null,
    settings: { startup: 4 * GiB, processors: 2 },
    guest: { machine: windowsGuest({ name: 'LAB-WIN', users: [local('dev', 'lab-win')] }) },
  }),
  vm(newId, {
    name: 'lab-linux',
    state: 'Running',
    switchId: null,
    settings: { startup: 2 * GiB, processors: 2 },
    guest: { kind: 'linux' },
  }),
];

function lab(
  newId: () => Guid,
  switchId: Guid,
  over: Partial<SimulatedMachine> = {},
  more: Partial<VmWish> = {},
): SimulatedVm {
  const inner = windowsGuest({
    name: 'LAB',
    users: [local('dev', 'lab')],
    hyperV: true,
    over: {
      computer: { manufacturer: 'Microsoft Corporation', model: 'Virtual Machine', memory: 16 * GiB },
      vms: byId(innerVms(newId)),
      ...over,
    },
  });
  return vm(newId, {
    name: 'lab',
    state: 'Running',
    up: 2 * 3600,
    switchId,
    settings: { nesting: true, processors: 6, startup: 16 * GiB, stopAction: 'ShutDown' },
    guest: { machine: inner },
    ...more,
  });
}

const other = (newId: () => Guid) => vm(newId, { name: 'dev-box', settings: { startup: 2 * GiB } });

function atHome(name: string, seed: number, over: Partial<SimulatedMachine> = {}, more: Partial<VmWish> = {}): World {
  const newId = idsFrom(seed);
  const lan = newId();
  const vms = byId([lab(newId, lan, over, more), other(newId)]);
  return world(name, newId, machine({ vms, switches: [defaultSwitch, externalSwitch(lan)] }));
}

/** On the road: the external switch is on the wireless card, which drops the frames of nested VMs. */
export function wifiLaptop(): World {
  const newId = idsFrom(51);
  const wlan = newId();
  const onWifi: SimulatedSwitch = { ...externalSwitch(wlan), name: 'WLAN', adapterDescription: wifi };
  const network: MachineNetwork = {
    cards: [card('LAPTOP', 'LAN', { name: 'Wi-Fi', description: wifi, wireless: true, index: 14 })],
    addresses: [],
    routes: [],
    nats: [],
    ports: plainPorts(),
    starts: 1,
  };
  return world(
    'wifi-laptop',
    newId,
    machine({
      name: 'LAPTOP',
      computer: { manufacturer: 'LENOVO', model: 'ThinkPad P1 Gen 7', memory: 64 * GiB },
      vms: byId([lab(newId, wlan), other(newId)]),
      switches: [defaultSwitch, onWifi],
      network,
    }),
  );
}

const dockerSwitch: SimulatedSwitch = {
  id: '9a1e2c30-55aa-4d0e-a1f2-6b5f0d7c8e11',
  name: 'nat',
  type: 'Internal',
  allowManagementOs: true,
  adapterDescription: '',
};

/** In the VM Docker has made the one NAT network that Windows has. */
export function dockerOwnsTheNat(): World {
  const made = atHome('docker-owns-the-nat', 52, {
    features: {
      ...featuresOf(windows11, 'Enabled'),
      VirtualMachinePlatform: 'Enabled',
      Containers: 'Enabled',
    },
    switches: [defaultSwitch, dockerSwitch],
  });
  const { network } = insideOf(made);
  const end = network.cards.find(({ name }) => name === 'vEthernet (nat)');
  network.addresses.push({ address: '172.30.64.1', prefixLength: 20, index: end?.index ?? 0 });
  network.nats.push({ id: 'nat;0', name: 'nat', prefix: '172.30.64.0/20' });
  return made;
}

/** The network of the office lies over the ranges that people like to take, on the PC and inside. */
export function vpnOverlap(): World {
  const made = atHome('vpn-overlap', 53);
  addTunnel(made.host, 'Contoso VPN', '10.8.14.3', ['10.0.0.0/8', '192.168.100.0/24', '192.168.10.0/23']);
  addTunnel(insideOf(made), 'Lab VPN', '10.99.0.7', ['10.99.0.0/16', '192.168.101.0/24']);
  return made;
}

/** Two adapters of one name, on two switches. */
export const twoAdapters = () =>
  atHome('two-adapters', 54, {}, { more: [{ name: 'Network Adapter', switchId: defaultSwitch.id }] });

/** Beside `lab` a Linux VM with nesting on: what it runs can only be seen from inside. */
export function linuxGuest(): World {
  const made = atHome('linux-guest', 55);
  const [first] = made.host.vms.values();
  const kvm = vm(made.newId, {
    name: 'ubuntu-kvm',
    state: 'Running',
    up: 4 * 3600,
    switchId: first?.settings.adapters[0]?.switchId ?? null,
    macSpoofing: 'On',
    settings: { nesting: true, startup: 8 * GiB, stopAction: 'ShutDown' },
    guest: { kind: 'linux', startsHypervisor: true },
  });
  made.host.vms.set(kvm.id, kvm);
  return made;
}

/** As server-l1, where WinNAT refuses what nothing speaks against. */
export const natRefused = () => atHome('nat-refused', 58, { windows: windowsServer });

/** As server-l1, where only one feature can be turned on. */
export const featureRefused = () => atHome('feature-refused', 59, { windows: windowsServer });

/** A Server has no Default Switch. */
export const serverL1 = () => atHome('server-l1', 56, { windows: windowsServer });

const cloud: OutsideNetwork = {
  name: 'VNet',
  prefix: '10.1.0.0/24',
  router: '10.1.0.1',
  dhcp: true,
  dns: ['168.63.129.16'],
  internet: true,
  pings: false,
};

/** A PC that is itself a VM in Azure: its VMs are behind a NAT network, without DHCP, and echo requests go nowhere. */
export function cloudHost(): World {
  const newId = idsFrom(57);
  const id = newId();
  const inner = lab(newId, id, { windows: windowsServer });
  const host = machine({
    name: 'CLOUD-HOST',
    computer: { manufacturer: 'Microsoft Corporation', model: 'Virtual Machine', memory: 64 * GiB },
    below: 'hyper-v',
    windows: {
      ...windowsServer,
      caption: 'Microsoft Windows Server 2022 Datacenter Azure Edition',
      build: 20348,
      sku: 407,
    },
    services: {
      vmms: { state: 'Running', startMode: 'Auto' },
      vmcompute: { state: 'Running', startMode: 'Manual' },
      WindowsAzureGuestAgent: { state: 'Running', startMode: 'Auto' },
    },
    vms: byId([inner, other(newId)]),
    switches: [{ id, name: 'NAT', type: 'Internal', allowManagementOs: true, adapterDescription: '' }],
    network: {
      cards: [card('CLOUD-HOST', 'VNet', { description: 'Microsoft Hyper-V Network Adapter' })],
      addresses: [],
      routes: [],
      nats: [{ id: 'NAT;0', name: 'NAT', prefix: '10.200.0.0/24' }],
      ports: plainPorts(),
      starts: 1,
    },
  });
  addHostEnds(host);
  const end = host.network.cards.at(-1);
  host.network.addresses.push({ address: '10.200.0.1', prefixLength: 24, index: end?.index ?? 0 });
  const made = world('cloud-host', newId, host, { networks: [cloud] });
  byHand(insideOf(made));
  return made;
}

/**
 * `lab` has an address that stays, and ports of this PC are in use: TCP 2222 leads to another VM, a program waits at TCP 8080, Windows
 * keeps TCP 50000 to 50059. TCP 8443 leads to `lab` already.
 */
export function portTaken(): World {
  const newId = idsFrom(61);
  const id = newId();
  const inside: SimulatedSwitch = {
    id,
    name: 'VmNAT',
    type: 'Internal',
    allowManagementOs: true,
    adapterDescription: '',
  };
  const host = machine({ vms: byId([lab(newId, id), other(newId)]), switches: [defaultSwitch, inside] });
  const { network } = host;
  const end = network.cards.find(({ name }) => name === 'vEthernet (VmNAT)');
  network.addresses.push({ address: '192.168.100.1', prefixLength: 24, index: end?.index ?? 0 });
  network.nats.push({ id: 'LocalNAT;0', name: 'LocalNAT', prefix: '192.168.100.0/24' });
  const to = { natName: 'LocalNAT', protocol: 'TCP' } as const;
  network.ports.mappings.push(
    { ...to, id: 0, hostPort: 2222, address: '192.168.100.7', vmPort: 22 },
    { ...to, id: 1, hostPort: 8443, address: '192.168.100.2', vmPort: 443 },
  );
  network.ports.nextMapping = 2;
  network.ports.listeners.push({ protocol: 'TCP', address: '0.0.0.0', port: 8080, process: 4321 });
  network.ports.excluded.push([50_000, 50_059]);
  const made = world('port-taken', newId, host);
  byHand(insideOf(made), '192.168.100.2', '192.168.100.1');
  return made;
}

/** Hyper-V is on in `lab`, and a program that speeds up Windows has disabled its services. */
export function serviceOffInside(): World {
  const newId = idsFrom(60);
  const id = newId();
  const services = {
    vmms: { state: 'Stopped', startMode: 'Disabled' },
    vmcompute: { state: 'Stopped', startMode: 'Disabled' },
  };
  const vms = byId([lab(newId, id, { services }), other(newId)]);
  return world('service-off-inside', newId, machine({ vms, switches: [defaultSwitch, externalSwitch(id)] }));
}

/** The only card gets an address by hand: nobody answers DHCP. */
function byHand({ network }: SimulatedMachine, address = '10.200.0.10', nextHop = '10.200.0.1') {
  const [own] = network.cards;
  if (!own) return;
  own.dhcp = false;
  own.dns = cloud.dns;
  network.addresses.push({ address, prefixLength: 24, index: own.index });
  network.routes.push({ prefix: '0.0.0.0/0', nextHop, index: own.index });
}

function insideOf({ host }: World): SimulatedMachine {
  for (const { guest } of host.vms.values()) if (guest.machine) return guest.machine;
  throw new Error('no machine inside');
}
