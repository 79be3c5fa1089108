/** A PC, a VM that was looked into, and VMs inside it: small, with the addresses that the tests speak of. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { eachRole } from '../../src/core/machine/roles.js';
import type { Adapter, HostFacts, Machine, NetAdapter, Network, Vm } from '../../src/core/machine/machine.js';
import { DEFAULT_SWITCH } from '../../src/core/network/uplinks.js';
import type { AppState } from '../../src/ipc/schema.js';
import type { GuestState } from '../../src/ipc/guests.js';
import { vm } from '../unit/renderer/vms.js';
import { stateOf } from './bridge.js';

const LAN = '0a6e2f90-1111-4b7a-9c18-6d2f4e8b0a57';
const PRIVATE = '0a6e2f90-2222-4b7a-9c18-6d2f4e8b0a57';
export const L1 = 'b1e0a7c2-5f0d-4c1e-9a54-2d6b8f3e7c42';
export const L1_MAC = '00155D012C07';

const when = '2026-11-24T08:00:00Z';

const card = (name: string, change: Partial<NetAdapter> = {}): NetAdapter => ({
  name,
  description: name,
  id: LAN,
  index: 4,
  macAddress: null,
  wireless: false,
  hardware: true,
  connected: true,
  dhcp: true,
  ...change,
});

const network = (change: Partial<Network>): Network => ({
  adapters: [],
  addresses: [],
  routes: [],
  dns: [],
  nats: [],
  unread: [],
  readAt: when,
  ...change,
});

export const adapter = (id: string, change: Partial<Adapter> = {}): Adapter => ({
  id,
  name: 'Network Adapter',
  macAddress: '00155D2C0711',
  macSpoofing: 'Off',
  switchId: null,
  switchName: '',
  addresses: [],
  ...change,
});

export const notConnected = vm('svc-a', { state: 'Running', adapters: [adapter('svc-a-nic')] });
const onPrivate = vm('k3s-a', {
  adapters: [adapter('k3s-nic', { switchId: PRIVATE, switchName: 'Private', macAddress: '00155D2C0712' })],
});

export interface World {
  readonly wireless?: boolean;
  readonly server?: boolean;
  readonly guest?: Partial<Network>;
  readonly switches?: HostFacts['switches'];
  readonly nested?: readonly Vm[];
  readonly adapters?: readonly Adapter[];
  /** Nobody has looked inside. */
  readonly isClosed?: boolean;
}

/** DEV-PC on 192.168.1.0/24, and k8s-node-1 on its switch “LAN”. */
export function world(of: World = {}): { readonly state: AppState; readonly host: Machine; readonly l1: Vm } {
  const { machine } = stateOf([]);
  if (!machine) throw new Error('no VM');
  const nic = card('Intel I225-V', { wireless: of.wireless ?? false });
  const adapters = of.adapters ?? [
    adapter('l1-nic', { macAddress: L1_MAC, switchId: LAN, switchName: 'LAN', addresses: ['192.168.1.61'] }),
  ];
  const guest: Machine = {
    at: vmIn(thisPc, L1),
    host: {
      ...machine.host,
      name: 'K8S-NODE-1',
      windows:
        of.server === false
          ? { caption: 'Microsoft Windows 11 Pro', build: 26100, sku: 48, server: false }
          : { caption: 'Microsoft Windows Server 2025 Datacenter', build: 26100, sku: 8, server: true },
      services: { vmms: { state: 'Running', startMode: 'Auto' } },
      switches: [
        { id: PRIVATE, name: 'Private', type: 'Private', adapterDescription: undefined },
        ...(of.server === false
          ? [{ id: DEFAULT_SWITCH, name: 'Default Switch', type: 'Internal' as const, adapterDescription: undefined }]
          : []),
        ...(of.switches ?? []),
      ],
    },
    vms: of.nested ?? [notConnected, onPrivate],
    network: network({
      adapters: [card('Ethernet', { description: 'Microsoft Hyper-V Network Adapter', macAddress: L1_MAC, index: 7 })],
      addresses: [{ address: '192.168.1.61', prefixLength: 24, adapter: 'Ethernet', index: 7 }],
      routes: [{ prefix: '0.0.0.0/0', nextHop: '192.168.1.1', adapter: 'Ethernet', index: 7 }],
      dns: [{ index: 7, servers: ['192.168.1.1'] }],
      ...of.guest,
    }),
    inside: {
      roles: { ...eachRole(() => 'Disabled'), 'hyper-v': 'Enabled' },
      freeDisk: 2 ** 35,
    },
  };
  const l1 = vm('k8s-node-1', {
    id: L1,
    state: 'Running',
    nesting: true,
    adapters,
    ...(of.isClosed ? {} : { guest }),
  });
  const host: Machine = {
    ...machine,
    host: {
      ...machine.host,
      computer: { manufacturer: 'Contoso', model: 'Desktop', hypervisorPresent: true, memory: 2 ** 35 },
      switches: [{ id: LAN, name: 'LAN', type: 'External', adapterDescription: 'Intel I225-V' }],
    },
    vms: [l1],
    network: network({
      adapters: [nic],
      addresses: [{ address: '192.168.1.57', prefixLength: 24, adapter: 'vEthernet (LAN)', index: 4 }],
      routes: [{ prefix: '10.20.0.0/16', nextHop: '10.20.0.1', adapter: 'Contoso VPN', index: 9 }],
      dns: [{ index: 4, servers: ['192.168.1.1'] }],
    }),
  };
  const open: GuestState = { status: 'open', userName: 'k8s\\admin', remembered: false };
  return {
    state: { ...stateOf([l1]), machine: host, guests: of.isClosed ? {} : { [L1]: open } },
    host,
    l1,
  };
}
