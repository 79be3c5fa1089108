/** What a machine keeps of its network: cards, addresses and routes by hand, NAT networks. What follows from it is in addresses.ts. */
import type { Guid } from '../src/core/cmdlets/call.js';

/** Where the cable of a card goes. */
type Plug =
  /** A network outside of this PC, by name. */
  | { readonly outside: string }
  /** The adapter of that MAC address, of the VM that this machine is. */
  | { readonly adapter: string }
  /** The machine's own end of a switch. */
  | { readonly switch: Guid }
  /** A VPN. */
  | { readonly tunnel: string };

export interface NetCard {
  readonly id: Guid;
  readonly name: string;
  readonly description: string;
  readonly index: number;
  /** As Get-VMNetworkAdapter writes it; null: none. */
  readonly mac: string | null;
  readonly wireless: boolean;
  readonly plug: Plug;
  dhcp: boolean;
  /** By hand; null: as DHCP says. */
  dns: readonly string[] | null;
}

export interface KeptAddress {
  readonly address: string;
  readonly prefixLength: number;
  readonly index: number;
}
export interface KeptRoute {
  readonly prefix: string;
  readonly nextHop: string;
  readonly index: number;
}
interface SimulatedNat {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
}
/** A host port that a NAT network hands on. */
interface SimulatedMapping {
  readonly id: number;
  readonly natName: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly hostPort: number;
  readonly address: string;
  readonly vmPort: number;
}
interface SimulatedListener {
  readonly protocol: 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
  readonly process: number;
}
export interface SimulatedPorts {
  mappings: SimulatedMapping[];
  /** An id is given once. */
  nextMapping: number;
  listeners: SimulatedListener[];
  /** What Windows keeps for itself, first and last: `netsh int ipv4 show excludedportrange` lists it, and nothing else. */
  excluded: (readonly [number, number])[];
}
/** What every Windows waits at. */
export const plainPorts = (): SimulatedPorts => ({
  mappings: [],
  nextMapping: 0,
  listeners: [
    { protocol: 'TCP', address: '0.0.0.0', port: 135, process: 1044 },
    { protocol: 'TCP', address: '::', port: 445, process: 4 },
    { protocol: 'UDP', address: '0.0.0.0', port: 5353, process: 2216 },
  ],
  excluded: [],
});

export interface MachineNetwork {
  cards: NetCard[];
  addresses: KeptAddress[];
  routes: KeptRoute[];
  nats: SimulatedNat[];
  ports: SimulatedPorts;
  /** How often it has started: the prefix of the Default Switch moves each time (documented). */
  starts: number;
}

/** A network that no machine here makes: a LAN, a Wi-Fi, the virtual network of a cloud. */
export interface Lease {
  readonly address: string;
  readonly prefixLength: number;
  readonly gateway: string;
  readonly dns: readonly string[];
}

export interface OutsideNetwork {
  readonly name: string;
  readonly prefix: string;
  readonly router: string;
  readonly dhcp: boolean;
  readonly dns: readonly string[];
  internet: boolean;
  /** Whether echo requests come through to the Internet; clouds drop them. */
  readonly pings: boolean;
}

export const defaultSwitchId = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444';
