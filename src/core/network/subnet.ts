/** IPv4 prefixes: reading them, whether they overlap, and the first free one (domain §4). Over ipaddr.js. */
import ipaddr from 'ipaddr.js';
import type { Message } from '../../text/index.js';
import type { Machine, Network } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';

export interface Prefix {
  /** The first address of the network as a number, 0 to 2³² − 1. */
  readonly first: number;
  /** 0 to 32 */
  readonly length: number;
}

const numberOf = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const sizeOf = ({ length }: Prefix): number => 2 ** (32 - length);

/** `192.168.100.0/24`; host bits are cleared. undefined: no IPv4 prefix in the usual spelling. */
export function parsePrefix(text: string): Prefix | undefined {
  const [address, length, ...more] = text.trim().split('/');
  if (address === undefined || length === undefined || more.length > 0 || !/^\d{1,2}$/.test(length)) return undefined;
  const number = parseAddress(address);
  const bits = Number(length);
  if (number === undefined || bits > 32) return undefined;
  return prefixOf(number, bits);
}

const prefixOf = (address: number, length: number): Prefix => {
  const size = 2 ** (32 - length);
  return { first: Math.floor(address / size) * size, length };
};

/** Four decimal parts; undefined: not one. */
export function parseAddress(text: string): number | undefined {
  const trimmed = text.trim();
  if (!ipaddr.IPv4.isValidFourPartDecimal(trimmed)) return undefined;
  return numberOf(ipaddr.IPv4.parse(trimmed).toByteArray());
}

export const addressText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
export const prefixText = ({ first, length }: Prefix): string => `${addressText(first)}/${String(length)}`;

export const overlaps = (a: Prefix, b: Prefix): boolean =>
  a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);

export const isIn = (address: number, prefix: Prefix): boolean =>
  address >= prefix.first && address < prefix.first + sizeOf(prefix);

/** The gateway of a network that we make: its first address after the network's own. */
export const gatewayOf = ({ first }: Prefix): string => addressText(first + 1);

/** Others' habits: home routers, company networks, Docker's bridges. Free or not, they are not proposed. */
const habits = ['192.168.0.0/24', '192.168.1.0/24', '10.0.0.0/24', '172.17.0.0/16', '172.18.0.0/15', '172.20.0.0/16'];
const avoided: readonly Prefix[] = habits.flatMap((text) => parsePrefix(text) ?? []);

/** The source's example first, then what follows it, then the rest of private space. */
const candidates: readonly { readonly from: number; readonly count: number }[] = [
  { from: numberOf([192, 168, 100, 0]), count: 156 },
  { from: numberOf([192, 168, 2, 0]), count: 98 },
  { from: numberOf([172, 21, 0, 0]), count: 11 * 256 },
  { from: numberOf([10, 0, 1, 0]), count: 65_535 },
];

/**
 * The first /24 of private space that overlaps nothing in use. undefined: there is none. The used prefixes are merged into
 * ranges and walked along with the candidates, so that a thousand routes cost little more than ten.
 */
export function firstFree(used: readonly Prefix[]): Prefix | undefined {
  const taken = merged([...used.filter(isNetwork), ...avoided]);
  for (const { from, count } of candidates) {
    const end = from + count * 256;
    let next = from;
    for (const range of taken) {
      if (range.end <= next) continue;
      if (range.start >= next + 256 || next >= end) break;
      next = Math.ceil(range.end / 256) * 256;
    }
    if (next + 256 <= end) return { first: next, length: 24 };
  }
  return undefined;
}

/** A default route, and halves of everything as VPNs use them, say nothing about one network. */
const isNetwork = ({ length }: Prefix): boolean => length > 1;

function merged(prefixes: readonly Prefix[]): readonly { readonly start: number; readonly end: number }[] {
  const ranges = prefixes
    .map((prefix) => ({ start: prefix.first, end: prefix.first + sizeOf(prefix) }))
    .toSorted((a, b) => a.start - b.start);
  const joined: { start: number; end: number }[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else joined.push({ ...range });
  }
  return joined;
}

/** A network that is in use, and by what. */
export interface Used {
  readonly prefix: Prefix;
  /** The machine that it was read on, and its adapter, route or NAT network by name. */
  readonly machine: string;
  readonly name: string;
  readonly kind: 'address' | 'route' | 'nat';
}

/** Multicast, loopback, link-local and broadcast are no networks that a NAT could meet. */
const isUsual = ({ first, length }: Prefix): boolean => {
  const top = Math.floor(first / 2 ** 24);
  return length > 1 && top !== 0 && top !== 127 && top < 224 && Math.floor(first / 65_536) !== 169 * 256 + 254;
};

/** Addresses, routes and NAT networks of the machines, each named once. */
export function usedPrefixes(machines: readonly (Pick<Machine, 'host' | 'network'> | undefined)[]): readonly Used[] {
  const all = machines.flatMap((machine) => (machine?.network ? usedBy(machine.host.name ?? '', machine.network) : []));
  const seen = new Map<string, Used>();
  for (const used of all) {
    const key = `${used.machine} ${prefixText(used.prefix)}`;
    // A route that belongs to an address says nothing new.
    if (isUsual(used.prefix) && !seen.has(key)) seen.set(key, used);
  }
  return [...seen.values()];
}

function usedBy(machine: string, { addresses, routes, nats }: Network): readonly Used[] {
  return [
    ...(typeof nats === 'object' ? nats : []).flatMap(({ prefix: text, name }): Used[] => {
      const prefix = parsePrefix(text);
      return prefix ? [{ prefix, machine, name, kind: 'nat' }] : [];
    }),
    ...ifRead(addresses, [], (all) => all).flatMap(({ address, prefixLength, adapter }): Used[] => {
      const prefix = parsePrefix(`${address}/${String(prefixLength)}`);
      return prefix ? [{ prefix, machine, name: adapter, kind: 'address' }] : [];
    }),
    ...ifRead(routes, [], (all) => all).flatMap(({ prefix: text, adapter }): Used[] => {
      const prefix = parsePrefix(text);
      return prefix ? [{ prefix, machine, name: adapter, kind: 'route' }] : [];
    }),
  ];
}

/** Address ranges for private networks (RFC 1918). */
const privateSpace: readonly Prefix[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap(
  (text) => parsePrefix(text) ?? [],
);

/** Why a network cannot be made here. null: it can. */
export function problemOfPrefix(text: string, used: readonly Used[]): Message | null {
  const prefix = parsePrefix(text);
  if (!prefix) return { key: 'advice.prefixUnreadable' };
  if (prefixText(prefix) !== text.trim())
    return { key: 'advice.prefixNotFirst', params: { prefix: prefixText(prefix) } };
  if (prefix.length < 16 || prefix.length > 29) return { key: 'advice.prefixLength' };
  if (!privateSpace.some((space) => overlaps(space, prefix))) return { key: 'advice.prefixNotPrivate' };
  const met = used.find((one) => overlaps(one.prefix, prefix));
  if (!met) return null;
  const params = { prefix: prefixText(met.prefix), name: met.name, machine: met.machine };
  return { key: 'advice.prefixOverlaps', params };
}

/** Given by Windows itself where nobody hands out addresses (APIPA). */
export const isLinkLocal = (address: string): boolean => address.startsWith('169.254.');
