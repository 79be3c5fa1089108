/** Which network fits, from what each adapter is plugged into; what may be removed; which addresses are still free. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { freeAddresses } from '../../../src/core/network/addresses.js';
import { adviseNetwork } from '../../../src/core/network/advice.js';
import { freeName, problemOfName } from '../../../src/core/network/names.js';
import { resolveNetwork } from '../../../src/core/network/resolve.js';
import { usableNat } from '../../../src/core/network/nat.js';
import { DEFAULT_SWITCH, type UplinkKind } from '../../../src/core/network/uplinks.js';
import type { NetworkWant, Thing } from '../../../src/core/machine/goal.js';
import { sameAs } from '../../../src/core/network/things.js';
import type { HostFacts, Machine, NetAdapter, Network, Vm } from '../../../src/core/machine/machine.js';
import { adapterId, guid, hostOf, machineOf, now, vmOf } from './worlds.js';

const card = (name: string, but: Partial<NetAdapter> = {}): NetAdapter => ({
  name,
  description: name,
  id: guid(700),
  index: 7,
  macAddress: '00155D000001',
  wireless: false,
  hardware: true,
  connected: true,
  dhcp: true,
  ...but,
});
const networkOf = (but: Partial<Network> = {}): Network => ({
  adapters: [],
  addresses: [],
  routes: [],
  dns: [],
  nats: [],
  unread: [],
  readAt: now,
  ...but,
});
const server: HostFacts['windows'] = {
  caption: 'Microsoft Windows Server 2025 Standard',
  build: 26100,
  sku: 7,
  server: true,
};
const inner = (host: Partial<HostFacts> = {}, network: Partial<Network> = {}): Machine => ({
  at: vmIn(thisPc, guid(1)),
  host: hostOf({ name: 'LAB', windows: server, switches: [], ...host }),
  vms: [],
  network: networkOf({ adapters: [card('Ethernet')], ...network }),
});

/** A VM whose adapter is on that switch of a PC with that card behind it. */
function pcWith(type: 'External' | 'Internal' | 'Private' | null, but: { wireless?: boolean; id?: string } = {}) {
  const id = but.id ?? guid(500);
  const host: Machine = {
    ...machineOf({
      switches: type === null ? [] : [{ id, name: 'SW', type, adapterDescription: type === 'External' ? 'Card' : '' }],
    }),
    network: networkOf({ adapters: [card('Card', { wireless: but.wireless ?? false })] }),
  };
  const vm = (guest: Machine = inner()): Vm =>
    vmOf(1, {
      state: 'Running',
      nesting: true,
      guest,
      adapters: [
        {
          id: adapterId(1),
          name: 'Network Adapter',
          macAddress: '00155D000001',
          macSpoofing: 'Off',
          switchId: type === null ? null : id,
          switchName: type === null ? '' : 'SW',
          addresses: [],
        },
      ],
    });
  return { host, vm };
}

const verdicts = ({ ways }: ReturnType<typeof adviseNetwork>) =>
  Object.fromEntries(ways.map(({ kind, verdict, then }) => [kind, then ? `${verdict}, but` : verdict]));

describe('where an adapter is plugged in decides', () => {
  it.each<[string, Parameters<typeof pcWith>, UplinkKind, Partial<Record<NetworkWant['kind'], string>>]>([
    ['external and wired', ['External'], 'wired', { external: 'recommended', nat: 'possible' }],
    [
      'external over Wi-Fi',
      ['External', { wireless: true }],
      'wireless',
      { external: 'possible, but', nat: 'recommended' },
    ],
    ['internal', ['Internal'], 'internal', { external: 'possible, but', nat: 'recommended' }],
    ['private', ['Private'], 'private', { external: 'possible, but', nat: 'recommended' }],
    [
      'the Default Switch of this PC',
      ['Internal', { id: DEFAULT_SWITCH }],
      'default-switch',
      { external: 'recommended' },
    ],
    ['not connected', [null], 'none', { external: 'not-here', nat: 'recommended' }],
  ])('%s', (_, args, kind, ways) => {
    const { host, vm } = pcWith(...args);
    const advice = adviseNetwork(host, vm());
    expect(advice.uplinks.map((uplink) => uplink.kind)).toEqual([kind]);
    expect(verdicts(advice)).toMatchObject(ways);
  });

  it('and a client inside has a switch of its own, which comes first', () => {
    const { host, vm } = pcWith('External');
    const client = inner({
      windows: { caption: 'Microsoft Windows 11 Pro', build: 26100, sku: 48, server: false },
      switches: [{ id: DEFAULT_SWITCH, name: 'Standardswitch', type: 'Internal', adapterDescription: '' }],
    });
    const advice = adviseNetwork(host, vm(client));
    expect(verdicts(advice)).toEqual({ 'default-switch': 'recommended', nat: 'possible', external: 'possible' });
    expect(resolveNetwork(host, vm(client), { kind: 'default-switch' })?.switchName).toBe('Standardswitch');
  });

  it('but nothing is offered before somebody has looked inside, or without Hyper-V there', () => {
    const { host, vm } = pcWith('External');
    const { guest: _guest, ...blind } = vm();
    for (const one of [blind, vm(inner({ services: {} }))])
      expect(new Set(Object.values(verdicts(adviseNetwork(host, one))))).toEqual(new Set(['not-here']));
  });

  it.each([
    ['its service stopped', { services: { vmms: { state: 'Stopped', startMode: 'Auto' } } }, 'advice.serviceStopped'],
    ['the list was not read', {}, 'advice.switchesUnread'],
  ] as const)('and switches inside that are unknown are not none: %s', (_, but, reason) => {
    const { host, vm } = pcWith('External');
    const { ways } = adviseNetwork(host, vm(inner({ switches: undefined, ...but })));
    expect(new Set(ways.map((way) => `${way.verdict} ${way.reason.key}`))).toEqual(new Set([`not-here ${reason}`]));
  });

  it.each(['External', 'Internal'] as const)('and in Azure spoofing is never recommended, on an %s switch', (type) => {
    const { host, vm } = pcWith(type, type === 'Internal' ? { id: DEFAULT_SWITCH } : {});
    const services = { ...host.host.services, WindowsAzureGuestAgent: { state: 'Running', startMode: 'Auto' } };
    const azure = { ...host, host: hostOf({ ...host.host, services }) };
    expect(verdicts(adviseNetwork(azure, vm()))).toMatchObject({ nat: 'recommended' });
    expect(verdicts(adviseNetwork(azure, vm()))['external']).not.toBe('recommended');
  });

  it('and bare metal of a cloud is no VM, in a network that drops the same frames', () => {
    const { host, vm } = pcWith('External');
    const computer = { manufacturer: 'Amazon EC2', model: 'c7i.metal-24xl', hypervisorPresent: true, memory: 2 ** 36 };
    expect(verdicts(adviseNetwork({ ...host, host: hostOf({ ...host.host, computer }) }, vm()))).toMatchObject({
      external: 'possible, but',
      nat: 'recommended',
    });
  });

  it('and where a network could not be read no prefix is called free', () => {
    const { host, vm } = pcWith('External', { wireless: true });
    const advice = adviseNetwork({ ...host, network: networkOf({ routes: undefined }) }, vm());
    expect([advice.nat, verdicts(advice)['nat']]).toEqual([undefined, 'not-here']);
  });
});

describe('switches of the guest that could not be read', () => {
  const blind = (services: HostFacts['services']): Machine => machineOf({ ...hostOf(), switches: undefined, services });
  const kinds = ['default-switch', 'external', 'nat'] as const;

  it.each(kinds)('are never taken for none: %s says so, or names the service that would answer', (kind) => {
    const wayOf = (services: HostFacts['services']) =>
      resolveNetwork(machineOf({}), vmOf(1, { guest: blind(services) }), { kind })?.problems.way?.key;
    expect(wayOf(undefined)).toBe('advice.switchesUnread');
    expect(wayOf({ vmms: { state: 'Running', startMode: 'Auto' } })).toBe('advice.switchesUnread');
    expect(wayOf({ vmms: { state: 'Stopped', startMode: 'Auto' } })).toBe('advice.serviceStopped');
    expect(wayOf({})).toBe('advice.noHyperV');
  });
});

it('says that the adapters of the guest are unread, not that the one it needs is missing', () => {
  const pc = machineOf({ switches: [{ id: guid(500), name: 'LAN', type: 'External', adapterDescription: 'LAN' }] });
  const wayOf = (adapters: Network['adapters']) =>
    resolveNetwork(pc, vmOf(1, { guest: { ...machineOf({}), network: networkOf({ adapters }) } }), { kind: 'external' })
      ?.problems.way?.key;
  expect(wayOf(undefined)).toBe('advice.natUnread');
  expect(wayOf([])).toBe('network.uplinkNotInside');
});

describe('a NAT network that is there', () => {
  const withNat = inner(
    { switches: [{ id: guid(9), name: 'nat', type: 'Internal', adapterDescription: '' }] },
    {
      nats: [{ id: 'nat;0', name: 'nat', prefix: '172.30.64.0/20' }],
      addresses: [{ address: '172.30.64.1', prefixLength: 20, adapter: 'vEthernet (nat)', index: 9 }],
    },
  );

  it('is used where an internal switch leads into it', () => {
    expect(usableNat(withNat)).toMatchObject({ switchName: 'nat', gateway: '172.30.64.1' });
    const { host, vm } = pcWith('External', { wireless: true });
    expect(adviseNetwork(host, vm(withNat)).nat).toMatchObject({ existing: true, prefix: '172.30.64.0/20' });
  });

  it('is left alone where none does, and no second one is made beside it', () => {
    const alone = { ...withNat, host: hostOf({ ...withNat.host, switches: [] }) };
    const { host, vm } = pcWith('External', { wireless: true });
    const advice = adviseNetwork(host, vm(alone));
    expect(usableNat(alone)).toBeUndefined();
    expect([advice.otherNat?.name, verdicts(advice)['nat']]).toEqual(['nat', 'not-here']);
  });
});

describe('a switch that a run may have left', () => {
  const { host, vm } = pcWith('External', { wireless: true });
  const offered = (names: readonly string[], ...addresses: readonly string[]) => {
    const guest = inner(
      { switches: names.map((name, n) => ({ id: guid(20 + n), name, type: 'Internal', adapterDescription: '' })) },
      {
        addresses: addresses.map((address) => ({ address, prefixLength: 24, adapter: 'vEthernet (VmNAT)', index: 9 })),
      },
    );
    const { switchName, prefix } = adviseNetwork(host, vm(guest)).nat ?? {};
    return [switchName, prefix];
  };

  it.each<[string, readonly string[], readonly string[], readonly [string, string]]>([
    ['without an address is taken up', ['VmNAT'], [], ['VmNAT', '192.168.100.0/24']],
    ['with a link-local one too', ['VmNAT'], ['169.254.7.7'], ['VmNAT', '192.168.100.0/24']],
    ['keeps the gateway that it has', ['VmNAT'], ['192.168.107.1'], ['VmNAT', '192.168.107.0/24']],
    ['with another address is somebody’s', ['VmNAT'], ['192.168.107.7'], ['VmNAT-2', '192.168.100.0/24']],
    ['with two is somebody’s', ['VmNAT'], ['192.168.107.1', '10.9.9.1'], ['VmNAT-2', '192.168.100.0/24']],
    ['cannot be told from its twin', ['VmNAT', 'VmNAT'], [], ['VmNAT-2', '192.168.100.0/24']],
    ['of another name is left alone', ['Lab'], [], ['VmNAT', '192.168.100.0/24']],
  ])('%s', (_, names, addresses, offer) => expect(offered(names, ...addresses)).toEqual(offer));
});

describe('what a run has made', () => {
  const guest = inner(
    { switches: [{ id: guid(9), name: 'VmNAT', type: 'Internal', adapterDescription: '' }] },
    {
      adapters: [card('vEthernet (VmNAT)', { id: guid(90), index: 9, hardware: false })],
      addresses: [{ address: '192.168.100.1', prefixLength: 24, adapter: 'vEthernet (VmNAT)', index: 9 }],
      nats: [{ id: 'LocalNAT;0', name: 'LocalNAT', prefix: '192.168.100.0/24' }],
    },
  );
  const at = vmIn(thisPc, guid(1));
  const madeSwitch: Thing = { what: 'switch', at, id: guid(9), name: 'VmNAT' };
  const nat: Thing = { what: 'nat', at, id: 'LocalNAT;0', name: 'LocalNAT', prefix: '192.168.100.0/24' };
  const address: Thing = {
    what: 'address',
    at,
    id: '192.168.100.1',
    prefixLength: 24,
    adapter: guid(90),
    name: 'vEthernet (VmNAT)',
  };

  it('is known again', () =>
    expect([madeSwitch, nat, address].map((made) => sameAs(guest, made))).toEqual([true, true, true]));

  it.each<[string, Thing]>([
    ['a switch of the same name', { ...madeSwitch, id: guid(10) }],
    ['a NAT network of the same name over another prefix', { ...nat, prefix: '10.9.8.0/24' }],
    ['the same address on another adapter', { ...address, adapter: guid(91) }],
    ['the same address with another length', { ...address, prefixLength: 16 }],
  ])('is not taken for %s: that is somebody else’s', (_, made) => expect(sameAs(guest, made)).toBe(false));
});

describe('names and addresses', () => {
  it('that are offered are free, whatever the case', () => {
    expect(freeName('VmNAT', ['vmnat', 'VmNAT-2'])).toBe('VmNAT-3');
    expect(problemOfName('vmNat', ['VmNAT'])?.key).toBe('advice.nameTaken');
    expect(problemOfName('  ', [])?.key).toBe('advice.nameEmpty');
    expect(problemOfName('a/b', [])?.key).toBe('advice.nameCharacters');
    expect(problemOfName('x'.repeat(65), [])?.key).toBe('advice.nameLong');
    expect(problemOfName('Lab „1“', [])).toBeNull();
  });

  it('leave out the gateway, what the machine has, what nested VMs have, and what was given out just now', () => {
    const guest: Machine = {
      ...inner({}, { addresses: [{ address: '10.9.8.3', prefixLength: 29, adapter: 'x', index: 1 }] }),
      vms: [vmOf(2, { adapters: [{ id: 'a', name: '', macAddress: '', macSpoofing: 'Off', switchId: null, switchName: '', addresses: ['10.9.8.2'] }] })], // prettier-ignore
    };
    expect(freeAddresses('10.9.8.0/29', guest, 9, ['10.9.8.5'])).toEqual(['10.9.8.4', '10.9.8.6']);
  });

  it('leave out what a VM that is off had last: it has it again once it runs', () => {
    const guest: Machine = { ...inner({}, {}), vms: [vmOf(2, { state: 'Off', lastAddresses: ['10.9.8.2'] })] };
    expect(freeAddresses('10.9.8.0/29', guest, 2)).toEqual(['10.9.8.3', '10.9.8.4']);
  });

  it('leave out what a port leads to: the next VM there would have that port open', () => {
    const mapping = { id: '0', natName: 'LocalNAT', protocol: 'TCP', hostPort: 80, address: '10.9.8.2', vmPort: 80 } as const; // prettier-ignore
    expect(freeAddresses('10.9.8.0/29', inner({}, { mappings: [mapping] }), 2)).toEqual(['10.9.8.3', '10.9.8.4']);
  });
});
