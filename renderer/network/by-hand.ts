/** What a person types inside a VM that Hypernest has no account for: the exact commands, with nothing but addresses in them. */
import { hostOf } from '../../src/core/cmdlets/ref.js';
import { dnsFor, freeAddresses } from '../../src/core/network/addresses.js';
import type { AdapterId } from '../../src/core/cmdlets/call.js';
import type { StaticV4, VmGoal } from '../../src/core/machine/goal.js';
import { machineAt, vmAt } from '../../src/core/machine/tree.js';
import { resolveAddress } from '../../src/core/network/own-address.js';
import type { Adapter, Machine, Vm } from '../../src/core/machine/machine.js';
import type { Plan } from '../../src/core/change/step.js';
import { gatewayOf, parsePrefix } from '../../src/core/network/subnet.js';
import { dashed } from './path.js';
import { byId } from '../../src/core/machine/reading.js';

export interface ByHand {
  readonly vm: Vm;
  readonly adapter: AdapterId;
  readonly windows: readonly string[];
  readonly linux: readonly string[];
  /** Of an address that stays, `linux` is of NetworkManager, and this of Ubuntu Server and its kind. */
  readonly netplan?: readonly string[];
}

/**
 * Nested VMs behind NAT whose address the plan does not set. `chosen`: what was written on the page; a run that is looked at
 * later is answered with addresses that are free now.
 */
export function byHandOf(
  plan: Plan,
  root: Machine | null,
  chosen: ReadonlyMap<AdapterId, StaticV4>,
): readonly ByHand[] {
  return plan.wants.flatMap((goal) => [...byHandFor(goal, root, chosen), ...ownByHand(goal, root)]);
}

function byHandFor(
  { vm, want }: VmGoal,
  root: Machine | null,
  chosen: ReadonlyMap<AdapterId, StaticV4>,
): readonly ByHand[] {
  const { network } = want;
  const inside = machineAt(root, vm);
  const outside = machineAt(root, hostOf(vm));
  const prefix = network?.kind === 'nat' ? parsePrefix(network.prefix) : undefined;
  if (network?.kind !== 'nat' || !prefix || !inside || !outside) return [];
  const free = [...freeAddresses(network.prefix, inside, network.nested.length)];
  const rest = { prefixLength: prefix.length, gateway: gatewayOf(prefix), dns: dnsFor(outside, inside) };
  return network.nested.flatMap(({ vm: nested, adapter, address }): ByHand[] => {
    const found = byId(inside.vms, nested);
    if (address || !found) return [];
    const next = chosen.has(adapter) ? undefined : free.shift();
    const to = chosen.get(adapter) ?? (next === undefined ? undefined : { address: next, ...rest });
    const card = byId(found.adapters, adapter);
    return to ? [{ vm: found, adapter, windows: windowsOf(to, card), linux: linuxOf(to, card) }] : [];
  });
}

/** The VM itself, where its address stays. */
function ownByHand({ vm: ref, want }: VmGoal, root: Machine | null): readonly ByHand[] {
  const [around, vm] = [machineAt(root, hostOf(ref)), vmAt(root, ref)];
  if (!want.address || want.address.address || !around || !vm) return [];
  const { address: to, adapter } = resolveAddress(around, vm, want.address);
  if (!to || !adapter) return [];
  const dev = deviceOf(adapter);
  const { address, prefixLength, gateway, dns } = to;
  const own = `${address}/${String(prefixLength)}`;
  const set = (key: string, value: string): string =>
    `sudo netplan set --origin-hint=90-hypernest "ethernets.$dev.${key}=${value}"`;
  return [
    {
      vm,
      adapter: adapter.id,
      windows: windowsOf(to, adapter),
      linux: [
        dev,
        'con=$(nmcli -g GENERAL.CONNECTION device show "$dev")',
        `sudo nmcli connection modify "$con" ipv4.method manual ipv4.addresses ${own} ipv4.gateway ${gateway} ipv4.dns "${dns.join(' ')}"`,
        'sudo nmcli connection up "$con"',
      ],
      netplan: [
        dev,
        set('dhcp4', 'false'),
        set('addresses', `[${own}]`),
        set('routes', `[{to: 0.0.0.0/0, via: ${gateway}}]`),
        ...(dns.length === 0 ? [] : [set('nameservers.addresses', `[${dns.join(', ')}]`)]),
        'sudo netplan apply',
      ],
    },
  ];
}

function windowsOf({ address, prefixLength, gateway, dns }: StaticV4, card: Adapter | undefined): readonly string[] {
  const mac = dashed(card?.macAddress);
  // An adapter that never ran has no address yet: then the one that is up is meant.
  const which = mac === null ? "Status -eq 'Up'" : `MacAddress -eq '${mac}'`;
  return [
    `$index = (Get-NetAdapter | Where-Object ${which}).ifIndex`,
    `New-NetIPAddress -InterfaceIndex $index -IPAddress ${address} -PrefixLength ${String(prefixLength)} -DefaultGateway ${gateway}`,
    ...(dns.length === 0
      ? []
      : [
          `Set-DnsClientServerAddress -InterfaceIndex $index -ServerAddresses ${dns.map((one) => `'${one}'`).join(', ')}`,
        ]),
  ];
}

function deviceOf(card: Adapter | undefined): string {
  const mac = dashed(card?.macAddress)?.replaceAll('-', ':').toLowerCase();
  const which = mac === undefined ? '/ether/' : `/${mac}/`;
  return `dev=$(ip -o link | awk -F': ' '${which}{print $2; exit}')`;
}

function linuxOf({ address, prefixLength, gateway, dns }: StaticV4, card: Adapter | undefined): readonly string[] {
  return [
    deviceOf(card),
    `sudo ip address add ${address}/${String(prefixLength)} dev "$dev"`,
    `sudo ip route replace default via ${gateway} dev "$dev"`,
    ...(dns.length === 0 ? [] : [`sudo resolvectl dns "$dev" ${dns.join(' ')}`]),
  ];
}
