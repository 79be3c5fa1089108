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
export interface MachineNetwork {
  cards: NetCard[];
  addresses: KeptAddress[];
  routes: KeptRoute[];
  nats: SimulatedNat[];
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
