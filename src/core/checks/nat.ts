/** NAT networks that lie over something this PC reaches now: another Wi-Fi was joined, a VPN connected (domain §4). */
import type { Machine, Nat, Network, Vm } from '../machine/machine.js';
import { isIn, overlaps, parseAddress, parsePrefix, prefixText, usedPrefixes, type Used } from '../network/subnet.js';
import { facts, say, type Check, type Fact } from './check.js';
import { ifRead } from '../machine/reading.js';
import { addressesTold } from '../machine/vm-state.js';

/** Of one VM: a NAT network inside it. Nothing is said while none overlaps, or while it is not known. */
export function natOfVm(machine: Machine, vm: Vm): readonly Check[] {
  const [met] = overlapsOf(machine, vm);
  if (!met) return [];
  const params = { prefix: met.nat.prefix, vm: vm.name, ...paramsOf(met) };
  return [
    {
      id: 'nat-overlap',
      vm: vm.id,
      ...say('warning', 'checks.natOverlap', params),
      evidence: overlapsOf(machine, vm).flatMap((one) => [
        ...facts(`${vm.name}: MSFT_NetNat ${one.nat.name}`, one.nat.prefix),
        usedFact(one.used),
      ]),
      fix: { kind: 'vm', want: { network: 'choose' } },
      fixLabel: { key: 'checks.fixNatOverlap' },
    },
  ];
}

/** Of the PC: its own NAT network, and those inside its VMs. */
export function natsOfHost(machine: Machine): readonly Check[] {
  return [...ownNat(machine), ...natsInside(machine)];
}

function ownNat({ host, network }: Machine): readonly Check[] {
  if (typeof network?.nats !== 'object') return [];
  const met = network.nats.flatMap((nat) => {
    const used = usedPrefixes([{ host, network: withoutOwnEnd(network, nat) }]);
    return meeting(nat, used);
  });
  const [first] = met;
  if (!first) return [];
  const params = { prefix: first.nat.prefix, nat: first.nat.name, ...paramsOf(first) };
  return [
    {
      id: 'nat-overlap',
      ...say('warning', 'checks.natOverlapOwn', params),
      evidence: met.flatMap(({ nat, used }) => [...facts(`MSFT_NetNat ${nat.name}`, nat.prefix), usedFact(used)]),
    },
  ];
}

function natsInside(machine: Machine): readonly Check[] {
  const met = ifRead(machine.vms, [], (all) =>
    all.flatMap((vm) => overlapsOf(machine, vm).map((one) => ({ ...one, vm }))),
  );
  const [first] = met;
  if (!first) return [];
  const names = [...new Set(met.map(({ vm }) => vm.name))];
  return [
    {
      id: 'nested-nat-overlap',
      ...say('warning', 'checks.natOverlapInside', { count: names.length, names, ...paramsOf(first) }),
      evidence: met.flatMap(({ vm, nat, used }) => [
        ...facts(`${vm.name}: MSFT_NetNat ${nat.name}`, nat.prefix),
        usedFact(used),
      ]),
    },
  ];
}

interface Met {
  readonly nat: Nat;
  readonly used: Used;
}

const paramsOf = ({ used }: Met) => ({ used: prefixText(used.prefix), name: used.name, pc: used.machine });

const usedFact = ({ kind, name, prefix }: Used): Fact => ({
  source: `${classes[kind]} ${name}`,
  value: prefixText(prefix),
});
const classes: Readonly<Record<Used['kind'], string>> = {
  nat: 'MSFT_NetNat',
  address: 'MSFT_NetIPAddress',
  route: 'MSFT_NetRoute',
};

function overlapsOf({ host, network }: Machine, vm: Vm): readonly Met[] {
  const nats = ifRead(vm.nats, [], (all) => all);
  if (!network || nats.length === 0) return [];
  // A route through the VM itself is how somebody reaches what is inside: no other network.
  const own = new Set(addressesTold(vm));
  const routes = ifRead(network.routes, undefined, (all) => all.filter(({ nextHop }) => !own.has(nextHop)));
  const used = usedPrefixes([{ host, network: { ...network, routes } }]);
  return nats.flatMap((nat) => meeting(nat, used));
}

function meeting(nat: Nat, used: readonly Used[]): readonly Met[] {
  const prefix = parsePrefix(nat.prefix);
  return prefix ? used.filter((one) => overlaps(one.prefix, prefix)).map((one) => ({ nat, used: one })) : [];
}

/** Its gateway's address and the routes to it are the network itself. Only the end of a switch is one, never a card. */
function withoutOwnEnd(network: Network, { id, prefix: text }: Nat): Network {
  const prefix = parsePrefix(text);
  const nats = typeof network.nats === 'object' ? network.nats.filter((nat) => nat.id !== id) : network.nats;
  const isCard = (index: number): boolean =>
    ifRead(network.adapters, false, (all) =>
      all.some((adapter) => adapter.index === index && adapter.hardware === true),
    );
  const end = ifRead(network.addresses, undefined, (all) =>
    all.find(({ address, prefixLength, index }) => {
      const number = parseAddress(address);
      return prefix && number !== undefined && isIn(number, prefix) && prefixLength === prefix.length && !isCard(index);
    }),
  );
  return {
    ...network,
    nats,
    addresses: ifRead(network.addresses, undefined, (all) => all.filter(({ index }) => index !== end?.index)),
    routes: ifRead(network.routes, undefined, (all) => all.filter(({ index }) => index !== end?.index)),
  };
}
