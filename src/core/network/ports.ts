/** What a wish for host ports that lead to a VM comes to: which are handed on, which no longer, and why it cannot be. */
import type { Guid } from '../cmdlets/call.js';
import type { Message } from '../../text/index.js';
import type { AddressWant, PortWant, Thing, ThingToMake } from '../machine/goal.js';
import { protocols, type Machine, type PortMapping, type Vm } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { addressesTold } from '../machine/vm-state.js';
import { addressAt, addressesOfVm, DHCP, parseStatic } from './addresses.js';
import { isOfPort, mappingsOf, mappingThing } from './mappings.js';
import { usableNat } from './nat.js';
import { addressText, isIn, parseAddress, parsePrefix, type Prefix } from './subnet.js';
import { problemOfMaking } from './things.js';

interface Behind {
  readonly natName: string;
  readonly address: string;
}

interface PlaceOf {
  readonly natName: string;
  readonly switchName: string;
  readonly prefix: Prefix;
}

/** The NAT network of the machine; or why the VM can be behind none. */
function natAround(around: Machine, { name }: Vm): PlaceOf | Message {
  const { network } = around;
  if (network?.nats === 'missing') return { key: 'advice.noWinNatHere' };
  if (network?.nats === undefined || network.addresses === undefined) return { key: 'advice.natUnreadHere' };
  const usable = usableNat(around);
  const prefix = usable && parsePrefix(usable.nat.prefix);
  return usable && prefix
    ? { natName: usable.nat.name, switchName: usable.switchName, prefix }
    : { key: 'ports.noAddress', params: { name } };
}

/** Where a port of the VM led, whatever it tells by now; or why it cannot lead there. */
function ledTo(around: Machine, vm: Vm, text: string): Behind | Message {
  const nat = natAround(around, vm);
  if ('key' in nat) return nat;
  const number = parseAddress(text) ?? -1;
  if (!isIn(number, nat.prefix)) return { key: 'ports.noAddress', params: { name: vm.name } };
  const address = addressText(number);
  const other = ownerOf(around, address, vm.id);
  return other
    ? { key: 'ports.addressOfOther', params: { address, name: other.name } }
    : { natName: nat.natName, address };
}

/** Addresses that a VM tells from outside; of one that tells none, those that it had last and that nobody else has by now. */
const toldOf = (around: Machine, vm: Vm): readonly string[] => [
  ...addressesTold(vm),
  ...ifRead(vm.lastAddresses, [], (last) => last.filter((one) => !ownerOf(around, one, vm.id))),
];

/** Another VM that has it, or had it last. */
const ownerOf = (around: Machine, address: string, but: Guid): Vm | undefined =>
  ifRead(around.vms, undefined, (all) => all.find((vm) => vm.id !== but && addressesOfVm(vm).includes(address)));

/** The VM's place behind the NAT network of its machine, at an address that stays; or why it has none there. */
function behindNat(around: Machine, vm: Vm): Behind | Message {
  const nat = natAround(around, vm);
  if ('key' in nat) return nat;
  const { natName, switchName: on, prefix } = nat;
  const name = vm.name;
  const adapters = ifRead(vm.adapters, undefined, (all) => all.filter(({ switchName }) => switchName === on));
  if (!adapters) return { key: 'advice.adaptersUnread', params: { vm: name } };
  if (adapters.length === 0) return { key: 'ports.noAddress', params: { name } };
  const isHere = (text: string): boolean => isIn(parseAddress(text) ?? -1, prefix);
  const known = adapters.map(({ id }) => addressAt(vm, id));
  for (const text of known) {
    const own = parseStatic(text ?? '');
    if (typeof own === 'object' && isHere(own.address)) return { natName, address: own.address };
  }
  if (known.includes(DHCP)) return { key: 'ports.notFixed', params: { name } };
  // Nothing assigns addresses there: one that the guest tells from outside was set by hand.
  const [address] = known.includes(undefined) ? toldOf(around, vm).filter(isHere) : [];
  return address === undefined
    ? { key: known.includes(undefined) ? 'ports.addressUnknown' : 'ports.noAddress', params: { name } }
    : { natName, address };
}

/** Host ports that lead to the VM now; or why that is not known. */
export function portsOf(around: Machine, vm: Vm): readonly PortMapping[] | Message {
  const behind = behindNat(around, vm);
  if ('key' in behind) return behind;
  return around.network?.mappings === undefined
    ? { key: 'ports.unread' }
    : mappingsOf(around).filter(({ address }) => address === behind.address);
}

interface ResolvedPorts {
  readonly missing: readonly ThingToMake<'mapping'>[];
  readonly gone: readonly Thing<'mapping'>[];
  /** null: nothing stands in the way. */
  readonly problem: Message | null;
}

/** `address`: what the VM gets in the same change, first. */
export function resolvePorts(
  around: Machine,
  vm: Vm,
  ports: readonly PortWant[],
  address?: AddressWant,
): ResolvedPorts {
  const here = address?.address
    ? { natName: address.natName.trim(), address: address.address.address }
    : behindNat(around, vm);
  const missing: ThingToMake<'mapping'>[] = [];
  const gone: Thing<'mapping'>[] = [];
  for (const { protocol, hostPort, vmPort, address: led } of ports) {
    const behind = led === undefined ? here : ledTo(around, vm, led);
    if ('key' in behind) return { missing: [], gone: [], problem: behind };
    const port = { protocol, hostPort };
    const own = mappingsOf(around).filter((one) => one.address === behind.address && isOfPort(port)(one));
    if (vmPort === null) gone.push(...own.map((one) => mappingThing(around, one, protocol)));
    else if (!own.some((one) => one.vmPort === vmPort))
      missing.push({ what: 'mapping', at: around.at, ...behind, ...port, vmPort });
  }
  const problems = missing.map((thing) => problemOfMaking(null, around, thing));
  return { missing, gone, problem: problemOfWants(ports) ?? problems.find((one) => one !== null) ?? null };
}

/** undefined: what was typed is no port. */
export function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return isPort(port) ? port : undefined;
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** Whatever Windows has: what is asked for twice, or is no port. */
function problemOfWants(ports: readonly PortWant[]): Message | null {
  const isWrong = ({ protocol, hostPort, vmPort }: PortWant): boolean =>
    !protocols.includes(protocol) || !isPort(hostPort) || (vmPort !== null && !isPort(vmPort));
  if (ports.some(isWrong)) return { key: 'ports.notAPort' };
  const twice = ports.find((one, index) => ports.slice(0, index).some(isOfPort(one)));
  return twice ? { key: 'ports.twice', params: { protocol: twice.protocol, port: String(twice.hostPort) } } : null;
}
