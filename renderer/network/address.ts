/** Addresses that a person types: why one cannot be used. null: it can. */
import type { Adapter, Machine } from '../../src/core/machine/machine.js';
import { addressText, isIn, parseAddress, parsePrefix } from '../../src/core/network/subnet.js';
import type { Message } from '../../src/text/index.js';
import { ifRead } from '../../src/core/machine/reading.js';

interface Around {
  readonly prefix: string;
  readonly gateway?: string | undefined;
  /** That other adapters are to have. */
  readonly others: readonly string[];
  readonly guest?: Machine;
  /** Its own address is no obstacle. */
  readonly adapter?: Adapter;
}

export function problemOfAddress(text: string, { prefix, gateway, others, guest, adapter }: Around): Message | null {
  const network = parsePrefix(prefix);
  const address = parseAddress(text);
  if (!network || address === undefined) return { key: 'network.addressUnreadable' };
  if (!isIn(address, network)) return { key: 'network.addressOutside', params: { prefix } };
  const last = network.first + 2 ** (32 - network.length) - 1;
  if (address === network.first || address === last) return { key: 'network.addressReserved', params: { prefix } };
  const same = (other: string): boolean => parseAddress(other) === address;
  if (gateway !== undefined && same(gateway)) return { key: 'network.addressGateway', params: { address: gateway } };
  if (others.some(same)) return { key: 'network.addressTwice', params: { address: addressText(address) } };
  const holder = guest && holderOf(guest, address, adapter);
  return holder === undefined
    ? null
    : { key: 'network.addressTaken', params: { address: addressText(address), name: holder } };
}

/** Who has it inside: the machine itself, or another nested VM. */
function holderOf(guest: Machine, address: number, except: Adapter | undefined): string | undefined {
  const isIt = (text: string): boolean => parseAddress(text) === address;
  if (ifRead(guest.network?.addresses, false, (all) => all.some((one) => isIt(one.address))))
    return guest.host.name ?? '';
  const has = ({ id, addresses }: Adapter): boolean =>
    id !== except?.id && ifRead(addresses, false, (all) => all.some(isIt));
  return ifRead(
    guest.vms,
    undefined,
    (all) => all.find(({ adapters }) => ifRead(adapters, false, (own) => own.some(has)))?.name,
  );
}

export const serversOf = (text: string): readonly string[] => text.split(/[\s,;，、]+/).filter((part) => part !== '');

/** Windows takes more, but nobody asks a fifth. */
const MOST = 4;

export function problemOfServers(text: string): Message | null {
  const servers = serversOf(text);
  const wrong = servers.find((server) => parseAddress(server) === undefined);
  if (wrong !== undefined) return { key: 'network.dnsUnreadable', params: { text: wrong } };
  return servers.length > MOST ? { key: 'network.dnsMany' } : null;
}
