import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { adviseNetwork } from '../../src/core/network/advice.js';
import type { NetworkWant } from '../../src/core/machine/goal.js';
import type { Adapter } from '../../src/core/machine/machine.js';
import { translator } from '../../src/text/index.js';
import { problemOfAddress, problemOfServers } from '../../renderer/network/address.js';
import { addressWant } from '../../src/core/network/own-address.js';
import { byHandOf } from '../../renderer/network/by-hand.js';
import { choiceOf, editsOf, wantOf, type Choice } from '../../renderer/network/choice.js';
import { dashed, packetPath } from '../../renderer/network/path.js';
import { planOf } from '../unit/renderer/fixtures.js';
import { adapter, L1, L1_MAC, notConnected, world, type World } from './network-world.js';

const t = translator('en');

function chosen(of: World, kind: NetworkWant['kind']): { readonly choice: Choice } & ReturnType<typeof world> {
  const made = world(of);
  const advice = adviseNetwork(made.host, made.l1);
  const choice = choiceOf(made.host, made.l1, advice, { kind, connected: {}, addresses: {} });
  if (!choice) throw new Error('nothing can be chosen');
  return { ...made, choice };
}
const onSwitch = (change: Partial<Adapter>): readonly Adapter[] => [
  adapter('l1-nic', { macAddress: L1_MAC, ...change }),
];

describe('an address that a person types', () => {
  const around = { prefix: '192.168.100.0/24', gateway: '192.168.100.1', others: ['192.168.100.9'] };
  it.each([
    ['192.168.100.2', undefined],
    ['192.168.100', 'network.addressUnreadable'],
    ['192.168.101.2', 'network.addressOutside'],
    ['192.168.100.0', 'network.addressReserved'],
    ['192.168.100.255', 'network.addressReserved'],
    ['192.168.100.1', 'network.addressGateway'],
    ['192.168.100.9', 'network.addressTwice'],
  ])('%s is refused only where it would not work', (text, key) => {
    expect(problemOfAddress(text, around)?.key).toBe(key);
  });

  it('is refused where somebody inside has it, and says who', () => {
    const { l1 } = world();
    if (!l1.guest) throw new Error('no guest');
    expect(problemOfAddress('192.168.1.61', { prefix: '192.168.1.0/24', others: [], guest: l1.guest })).toEqual({
      key: 'network.addressTaken',
      params: { address: '192.168.1.61', name: 'K8S-NODE-1' },
    });
  });

  it('of a DNS server may be several, or none', () => {
    expect(['', '192.168.1.1', '192.168.1.1, 1.1.1.1'].map(problemOfServers)).toEqual([null, null, null]);
    expect(problemOfServers('192.168.1.1; home')).toEqual({ key: 'network.dnsUnreadable', params: { text: 'home' } });
  });
});

describe('what is chosen', () => {
  it('opens again as it was asked for, so that a fix of a failed hop changes nothing else', () => {
    const want: NetworkWant = {
      kind: 'nat',
      nested: [{ vm: notConnected.id, adapter: 'svc-a-nic' }],
      switchName: 'Lab',
      natName: 'LabNAT',
      prefix: '172.22.0.0/24',
    };
    const { host, l1 } = world();
    const choice = choiceOf(host, l1, adviseNetwork(host, l1), editsOf(want));
    expect(choice && wantOf(choice)).toEqual(want);
  });

  it('sets an address only inside a VM that can be entered', () => {
    const { choice } = chosen(
      { nested: [{ ...notConnected, guest: { ...world().host, at: vmIn(thisPc, L1) } }] },
      'nat',
    );
    expect(wantOf(choice).nested[0]?.address).toEqual({
      address: '192.168.100.2',
      prefixLength: 24,
      gateway: '192.168.100.1',
      dns: ['192.168.1.1'],
    });
    expect(wantOf(chosen({}, 'nat').choice).nested[0]?.address).toBeUndefined();
  });

  it('takes the external switch that the adapter carries already: a second one cannot be', () => {
    const there = {
      id: '0a6e2f90-3333-4b7a-9c18-6d2f4e8b0a57',
      name: 'Uplink',
      type: 'External' as const,
      adapterDescription: 'Microsoft Hyper-V Network Adapter',
    };
    const { choice } = chosen({ switches: [there] }, 'external');
    expect([choice.switchName, choice.isExisting, choice.makes]).toEqual(['Uplink', true, 0]);
  });
});

describe('the way that is drawn', () => {
  const pathOf = (of: World, kind: NetworkWant['kind']) => {
    const { host, l1, choice } = chosen(of, kind);
    return packetPath(t, host, l1, choice);
  };

  it('breaks where a frame with a foreign sender is dropped', () => {
    expect(pathOf({ wireless: true }, 'external')).toMatchObject({ carried: 3 });
    expect(pathOf({ wireless: true }, 'external').hops[4].isBad).toBe(true);
    expect(pathOf({}, 'external').carried).toBe(5);
    expect(pathOf({ wireless: true }, 'nat').carried).toBe(5);
  });

  it('ends at the VM where no adapter is connected', () => {
    const path = pathOf({ adapters: onSwitch({ switchId: null }) }, 'nat');
    expect([path.carried, path.hops[3].isBad, path.hops[5].note]).toEqual([2, true, t('network.pathNotReached')]);
  });

  it.each([
    ['wired', 5, 'network.pathSeesOnly', 5, 'network.pathAnswers'],
    ['wireless', 5, 'network.pathSeesOnly', 3, 'network.pathNotReached'],
    ['external', 5, 'network.pathSeesOnly', 5, 'network.pathAnswers'],
    ['unknown', 5, 'network.pathSeesOnly', 5, 'network.pathAnswers'],
    ['internal', 4, 'network.pathNotReached', 4, 'network.pathNotReached'],
    ['private', 4, 'network.pathNotReached', 4, 'network.pathNotReached'],
    ['none', 2, 'network.pathNotReached', 2, 'network.pathNotReached'],
  ] as const)('reaches over an adapter that is %s what it says', (kind, carried, end, spoofed, spoofedEnd) => {
    const over = (way: NetworkWant['kind']) => {
      const { host, l1, choice } = chosen({}, way);
      const { uplink } = choice;
      const path = packetPath(t, host, l1, { ...choice, uplink: uplink && { ...uplink, kind } });
      return [path.carried, path.hops[5].note];
    };
    const note = (key: typeof end | typeof spoofedEnd): string =>
      key === 'network.pathSeesOnly' ? t(key, { name: world().l1.name }) : t(key);
    expect(over('nat')).toEqual([carried, note(end)]);
    expect(over('external')).toEqual([spoofed, note(spoofedEnd)]);
  });

  it('shows no address of an adapter that never ran', () => {
    expect([dashed('000000000000'), dashed(undefined), dashed('00155d2c0711')]).toEqual([
      null,
      null,
      '00-15-5D-2C-07-11',
    ]);
  });
});

describe('commands to run by hand', () => {
  it('hold addresses only, never a name, and are given to a run that is looked at later too', () => {
    const hostile = { ...notConnected, name: "x'; Remove-Item C:\\ #" };
    const { host } = world({ nested: [hostile] });
    const network: NetworkWant = {
      kind: 'nat',
      nested: [{ vm: hostile.id, adapter: 'svc-a-nic' }],
      switchName: "'; calc #",
      natName: 'LocalNAT',
      prefix: '192.168.100.0/24',
    };
    const plan = planOf([], { wants: [{ vm: vmIn(thisPc, L1), want: { network } }] });
    const [one] = byHandOf(plan, host, new Map());
    expect(one?.windows).toEqual([
      "$index = (Get-NetAdapter | Where-Object MacAddress -eq '00-15-5D-2C-07-11').ifIndex",
      'New-NetIPAddress -InterfaceIndex $index -IPAddress 192.168.100.2 -PrefixLength 24 -DefaultGateway 192.168.100.1',
      "Set-DnsClientServerAddress -InterfaceIndex $index -ServerAddresses '192.168.1.1'",
    ]);
    expect(one?.linux.join('\n')).not.toMatch(/Remove-Item|calc/);
  });

  it('of an address that stays, stay: with netplan and with NetworkManager', () => {
    const { host } = world({ nested: [] });
    const vm = host.vms?.find(({ id }) => id === L1);
    const network = {
      adapters: [],
      addresses: [],
      routes: [],
      dns: [],
      nats: [],
      unread: [],
      readAt: '',
    };
    const read = { ...host, network };
    if (!vm) throw new Error('no VM');
    const { guest: _, ...out } = vm;
    const address = addressWant({ ...read, vms: [out] }, out);
    if (!address) throw new Error('no address');
    const plan = planOf([], { wants: [{ vm: vmIn(thisPc, L1), want: { address } }] });
    const [one] = byHandOf(plan, { ...read, vms: [out] }, new Map());
    expect(one?.windows[1]).toContain('-IPAddress 192.168.100.2 -PrefixLength 24 -DefaultGateway 192.168.100.1');
    expect(one?.netplan?.slice(1)).toEqual([
      'sudo netplan set --origin-hint=90-hypernest "ethernets.$dev.dhcp4=false"',
      'sudo netplan set --origin-hint=90-hypernest "ethernets.$dev.addresses=[192.168.100.2/24]"',
      'sudo netplan set --origin-hint=90-hypernest "ethernets.$dev.routes=[{to: 0.0.0.0/0, via: 192.168.100.1}]"',
      'sudo netplan apply',
    ]);
    expect(one?.linux[2]).toContain('ipv4.method manual ipv4.addresses 192.168.100.2/24 ipv4.gateway 192.168.100.1');
  });
});
