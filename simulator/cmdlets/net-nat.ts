/** WinNAT: one network, which overlaps nothing (domain §4). */
import { addressesOf, routesOf } from '../addresses.js';
import { CmdletError } from '../errors.js';
import { holds, overlap, parseAddress, parsePrefix, prefixText } from '../ipv4.js';
import { defaultSwitchId } from '../network.js';
import { strings } from '../parameters.js';
import { hasWinNat } from '../roles.js';
import {
  confirmed,
  mustBeElevated,
  serving,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';
import { natRows } from './network-classes.js';
import { idsIn, isOneOf, mustBeAll, mustBeSure, readingByName } from './win-nat.js';

/** Cards on internal switches of this machine: a NAT network is made for one of them, so their addresses may lie in it. */
function inside({ machine }: Invocation): ReadonlySet<number> {
  const internal = new Set(
    machine.switches.flatMap(({ id, type }) => (type === 'Internal' && id !== defaultSwitchId ? [id] : [])),
  );
  return new Set(
    machine.network.cards.flatMap(({ plug, index }) => ('switch' in plug && internal.has(plug.switch) ? [index] : [])),
  );
}

function isTaken(invocation: Invocation, text: string): boolean {
  const { world, machine } = invocation;
  const prefix = parsePrefix(text);
  if (!prefix) return true;
  const own = inside(invocation);
  const addresses = addressesOf(world, machine).filter(({ index }) => !own.has(index));
  const routes = routesOf(world, machine).filter((one) => one.prefix !== '0.0.0.0/0' && !own.has(one.index));
  return (
    addresses.some(({ address }) => holds(prefix, parseAddress(address) ?? -1)) ||
    [...routes, ...machine.network.nats].some((one) => {
      const other = parsePrefix(one.prefix);
      return other !== undefined && overlap(prefix, other);
    })
  );
}

const make: SimulatedCmdlet = (invocation) => {
  const { machine, world, parameters } = invocation;
  mustBeElevated(invocation);
  if (!hasWinNat(machine)) throw new CmdletError('nat-class');
  const { nats } = machine.network;
  const name = String(parameters['Name']);
  const [given = ''] = strings(parameters['InternalIPInterfaceAddressPrefix']);
  if (nats.some((one) => one.name.toLowerCase() === name.toLowerCase())) throw new CmdletError('nat-52');
  if (isTaken(invocation, given)) throw new CmdletError('nat-87');
  if (nats.length > 0 && world.folklore.secondNat === 'refused') throw new CmdletError('nat-87');
  const prefix = parsePrefix(given);
  nats.push({ id: `${name};0`, name, prefix: prefix ? prefixText(prefix) : given });
  return { type: 'MSFT_NetNat', rows: natRows(invocation).slice(-1) };
};

const remove: SimulatedCmdlet = (invocation) => {
  const { machine, parameters } = invocation;
  mustBeElevated(invocation);
  if (!hasWinNat(machine)) throw new CmdletError('nat-class');
  const { network } = machine;
  const names = strings(parameters['Name']);
  const ids = idsIn(parameters);
  // Neither: all of them (Microsoft's first example).
  const gone = network.nats.filter(({ id, name }) => (ids ? ids.has(id) : names.length === 0 || isOneOf(names, name)));
  mustBeSure(parameters);
  const property = ids ? 'InstanceID' : 'Name';
  if (gone.length === 0) mustBeAll(ids, names, { class: 'MSFT_NetNat', property });
  network.nats = network.nats.filter((one) => !gone.includes(one));
  // Inferred: they cannot be without it.
  network.ports.mappings = network.ports.mappings.filter(({ natName }) => !gone.some(({ name }) => name === natName));
  return {};
};

export const netNat: Readonly<Record<string, ServedCmdlet>> = {
  'New-NetNat': serving(make, 'Name InternalIPInterfaceAddressPrefix', confirmed),
  'Get-NetNat': serving(readingByName('MSFT_NetNat', 'Name', natRows), 'Name'),
  'Remove-NetNat': serving(remove, 'InputObject Name', confirmed),
};
