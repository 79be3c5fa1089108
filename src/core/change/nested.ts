/** Adapters of a VM, or of VMs inside it: the switch that they are on, and the address and name servers that their Windows has. */
import { vmIn, type MachineRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { AdapterId, Guid, HostCall } from '../cmdlets/call.js';
import type { NestedAdapterWant } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import { AUTOMATIC, cardIn, DHCP, NO_ADDRESS, parseStatic, staticText } from '../network/addresses.js';
import { adapterPath, insidePath } from './paths.js';
import type { Part, Value } from './step.js';
import { valueAt } from './values.js';
import { byId } from '../machine/reading.js';

type Wants = Readonly<Record<AdapterId, NestedAdapterWant>>;

/** In the chain of `vm`, which the VM of that id is inside of. */
export function nestedParts(at: MachineRef, vm: Vm, id: Guid, wants: Wants): readonly Part[] {
  const nested = byId(vm.guest?.vms, id);
  return (nested ? adapterParts(vmIn(at, vm.id), nested, wants, 'inside') : []).map((part) => ({
    ...part,
    changes: part.changes.map((one) => ({ ...one, path: insidePath(vm.id, one.path) })),
  }));
}

/** Of the VM itself. */
export const ownParts = (at: MachineRef, vm: Vm, wants: Wants): readonly Part[] =>
  adapterParts(at, vm, wants, 'setting');

/** `at`: the machine that the VM is in. `plugging`: what connecting it is to its chain. */
function adapterParts(at: MachineRef, vm: Vm, wants: Wants, plugging: Part['kind']): readonly Part[] {
  const inside = vmIn(at, vm.id);
  return Object.entries(wants).flatMap(([adapter, want]) => {
    const address = addressParts(inside, vm, adapter, want);
    const dns = dnsParts(inside, vm, adapter, want);
    // Servers set by hand stay when DHCP comes, and cannot be told from its own then: they go first.
    const ordered = want.address === DHCP ? [...dns, ...address] : [...address, ...dns];
    return [...switchParts(at, vm, adapter, want).map((part) => ({ ...part, kind: plugging })), ...ordered];
  });
}

function switchParts(at: MachineRef, nested: Vm, adapter: AdapterId, want: NestedAdapterWant): readonly Part[] {
  if (want.switch === undefined) return [];
  const path = adapterPath(nested.id, adapter, 'switch');
  const to = want.switch ?? '';
  const from = valueAt(nested, path);
  if (from === to) return [];
  const on = { vm: nested.id, adapter } as const;
  const call: HostCall =
    to === ''
      ? { cmdlet: 'Disconnect-VMNetworkAdapter', params: {}, at, on }
      : { cmdlet: 'Connect-VMNetworkAdapter', params: { SwitchName: to }, at, on };
  const title: Message =
    want.switch === null
      ? { key: 'plan.disconnect', params: { vm: nested.name } }
      : { key: 'plan.connect', params: { vm: nested.name, name: want.switch } };
  return [{ title, do: { call }, kind: 'inside', changes: [{ path, from: from ?? null, to }] }];
}

function addressParts(at: MachineRef, nested: Vm, adapter: AdapterId, { address }: NestedAdapterWant): readonly Part[] {
  const found = cardIn(nested, adapter);
  const path = adapterPath(nested.id, adapter, 'address');
  const from = valueAt(nested, path);
  if (address === undefined || !found || from === undefined || typeof from !== 'string') return [];
  const to = address === DHCP ? DHCP : staticText(address);
  if (from === to) return [];
  const { index: InterfaceIndex } = found.card;
  const one = (call: HostCall, title: Message, change: { from: Value; to: Value }): Part => ({
    title,
    do: { call },
    kind: 'inside',
    changes: [{ path, ...change }],
  });
  const old = parseStatic(from);
  const params = { vm: nested.name };
  const away =
    typeof old === 'object'
      ? [
          one(
            old.gateway === '0.0.0.0'
              ? { cmdlet: 'Remove-NetIPAddress', params: { InterfaceIndex, IPAddress: old.address }, at }
              : {
                  cmdlet: 'Remove-NetIPAddress/Gateway',
                  params: { InterfaceIndex, IPAddress: old.address, DefaultGateway: old.gateway },
                  at,
                },
            { key: 'plan.removeOwnAddress', params: { ...params, address: old.address } },
            { from, to: NO_ADDRESS },
          ),
        ]
      : [];
  const before = away.length > 0 ? NO_ADDRESS : from;
  if (address === DHCP)
    return [
      ...away,
      one(
        { cmdlet: 'Set-NetIPInterface/Dhcp', params: { InterfaceIndex }, at },
        { key: 'plan.setDhcp', params },
        { from: before, to },
      ),
    ];
  const { address: IPAddress, prefixLength: PrefixLength, gateway: DefaultGateway } = address;
  return [
    ...away,
    one(
      { cmdlet: 'New-NetIPAddress/Index', params: { InterfaceIndex, IPAddress, PrefixLength, DefaultGateway }, at },
      { key: 'plan.setAddress', params: { ...params, address: IPAddress } },
      { from: before, to },
    ),
  ];
}

function dnsParts(at: MachineRef, nested: Vm, adapter: AdapterId, { dns }: NestedAdapterWant): readonly Part[] {
  const found = cardIn(nested, adapter);
  const path = adapterPath(nested.id, adapter, 'dns');
  const from = valueAt(nested, path);
  if (dns === undefined || !found || from === undefined) return [];
  const to = dns === AUTOMATIC || dns.length === 0 ? AUTOMATIC : dns.join(' ');
  if (from === to) return [];
  const { index: InterfaceIndex } = found.card;
  const params = { vm: nested.name };
  return [
    to === AUTOMATIC
      ? {
          title: { key: 'plan.resetDns', params },
          do: { call: { cmdlet: 'Set-DnsClientServerAddress/Reset', params: { InterfaceIndex }, at } },
          kind: 'inside',
          changes: [{ path, from, to }],
        }
      : {
          title: { key: 'plan.setDns', params },
          do: {
            call: {
              cmdlet: 'Set-DnsClientServerAddress',
              params: { InterfaceIndex, ServerAddresses: to.split(' ') },
              at,
            },
          },
          kind: 'inside',
          changes: [{ path, from, to }],
        },
  ];
}
