/** What a wish for an address that stays comes to: the NAT network that a VM's own adapter is put behind, and its address there. */
import { isVmRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { AddressWant, StaticV4 } from '../machine/goal.js';
import type { Adapter, Machine, Vm } from '../machine/machine.js';
import { byId, ifRead } from '../machine/reading.js';
import { addressAt, cardIn, dnsFor, freeAddresses, parseStatic } from './addresses.js';
import { firstProblem, natNetwork, type Resolution } from './resolve.js';
import { isIn, parseAddress, parsePrefix } from './subnet.js';

/** What it leaves open is as offered. */
export type AddressWish = Partial<Omit<AddressWant, 'address'>>;

export interface ResolvedAddress {
  readonly network: Resolution;
  /** undefined: it has none, or they could not be read. */
  readonly adapter: Adapter | undefined;
  /** One that is free, or that it has there already. undefined: none is free. */
  readonly address: StaticV4 | undefined;
  /** Somebody is signed in, and the adapter is there from inside: it can be set from here. */
  readonly canSet: boolean;
  /** null: nothing stands in the way. */
  readonly problem: Message | null;
}

/** `around`: the machine that the VM is in. */
export function resolveAddress(around: Machine, vm: Vm, wish: AddressWish = {}): ResolvedAddress {
  const name = isVmRef(around.at) ? around.host.name : undefined;
  const network = natNetwork(
    { home: around, other: vm.guest?.network && vm.guest, ...(name !== undefined && { name }) },
    wish,
  );
  const adapter = adapterOf(vm, wish.adapter);
  const address = addressIn(around, vm, network, adapter);
  const problem = !adapter
    ? noAdapter(vm)
    : (firstProblem(network.problems) ??
      (address ? null : { key: 'advice.noAddressLeft', params: { prefix: network.prefix } }));
  return { network, adapter, address, canSet: cardIn(vm, adapter?.id) !== undefined, problem };
}

/** The one that is wished, else one that is connected: that is how the VM is reached now. */
const adapterOf = ({ adapters }: Vm, wished: string | undefined): Adapter | undefined =>
  wished !== undefined
    ? byId(adapters, wished)
    : ifRead(adapters, undefined, (all) => all.find(({ switchId }) => typeof switchId === 'string') ?? all[0]);

const noAdapter = ({ adapters, name: vm }: Vm): Message =>
  adapters === undefined
    ? { key: 'advice.adaptersUnread', params: { vm } }
    : { key: 'advice.noAdapter', params: { vm } };

function addressIn(
  around: Machine,
  vm: Vm,
  { prefix: text, gateway }: Resolution,
  adapter: Adapter | undefined,
): StaticV4 | undefined {
  const prefix = parsePrefix(text);
  if (!prefix || gateway === undefined) return undefined;
  const rest = { prefixLength: prefix.length, gateway, dns: dnsFor(around, around) };
  const has = parseStatic(addressAt(vm, adapter?.id) ?? '');
  if (typeof has === 'object' && has.gateway === gateway && isIn(parseAddress(has.address) ?? -1, prefix))
    return { ...rest, address: has.address };
  const [address] = freeAddresses(text, around, 1);
  return address === undefined ? undefined : { ...rest, address };
}

/** The wish with what is offered. undefined: something stands in the way. */
export function addressWant(around: Machine, vm: Vm, wish: AddressWish = {}): AddressWant | undefined {
  const { network, adapter, address, canSet, problem } = resolveAddress(around, vm, wish);
  if (problem || !adapter) return undefined;
  const [switchName, natName, prefix] = [network.switchName.trim(), network.natName.trim(), network.prefix.trim()];
  return { adapter: adapter.id, switchName, natName, prefix, ...(canSet && address ? { address } : {}) };
}

/** Why it cannot be as it is wanted. null: it can. */
export function problemOfAddress(around: Machine, vm: Vm, want: AddressWant): Message | null {
  const { problem, canSet } = resolveAddress(around, vm, want);
  // Signed out meanwhile, or the adapter is gone inside.
  return problem ?? (want.address && !canSet ? { key: 'advice.notSignedIn', params: { vm: vm.name } } : null);
}

/** What a VM that leaves its switch loses by it. */
export function leavingSwitch({ adapters }: Vm, { adapter, switchName }: AddressWant): string | undefined {
  const { switchId, switchName: now } = byId(adapters, adapter) ?? {};
  return typeof switchId === 'string' && now !== switchName ? now : undefined;
}
