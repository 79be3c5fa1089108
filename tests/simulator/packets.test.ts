import { describe, expect, it } from 'vitest';
import { addressesOf } from '../../simulator/addresses.js';
import { overlap, parseAddress, prefixAt } from '../../simulator/ipv4.js';
import { ask, send, type End } from '../../simulator/packets.js';
import { scenarioNames } from '../../simulator/scenarios/scenarios.js';
import type { SimulatedMachine } from '../../simulator/world.js';
import { adapterOf, labOf, machineOf, makeNat, type Lab } from './lab.js';
import { scenario } from './world.js';

const to = ({ simulator }: Lab, from: End, address: string, kind: 'ping' | number = 'ping') =>
  send(simulator, from, address, kind);
const reached = { reached: true };
const winOf = (lab: Lab): End => ({ machine: machineOf(lab.windows) });
const linuxOf = (lab: Lab): End => ({ vm: lab.linux, on: lab.inner });

const plug = (lab: Lab, SwitchName: string) =>
  Promise.all(
    [lab.windows, lab.linux].map((vm) =>
      lab.run('Connect-VMNetworkAdapter', { VMNetworkAdapter: adapterOf(vm), SwitchName }),
    ),
  );
const spoof = ({ outside, l1 }: Lab, MacAddressSpoofing: 'On' | 'Off') =>
  outside('Set-VMNetworkAdapter', { VMNetworkAdapter: adapterOf(l1), MacAddressSpoofing });
const bridge = ({ run }: Lab) =>
  run('New-VMSwitch', { Name: 'Out', NetAdapterName: 'Ethernet', AllowManagementOS: true });

/** Inside the nested Windows VM, as the app does it. */
async function addressWindows({ deep, windows }: Lab, prefix = '192.168.77') {
  const InterfaceIndex = machineOf(windows).network.cards[0]?.index;
  await deep('New-NetIPAddress', { InterfaceIndex, IPAddress: `${prefix}.10`, PrefixLength: 24, DefaultGateway: `${prefix}.1`, AddressFamily: 'IPv4' }); // prettier-ignore
  await deep('Set-DnsClientServerAddress', { InterfaceIndex, ServerAddresses: ['1.1.1.1'] });
}

describe('a nested VM', () => {
  it('that is connected to nothing reaches nobody', () => {
    const lab = labOf('server-l1');
    expect(to(lab, linuxOf(lab), '1.1.1.1')).toEqual({ reached: false, why: 'no-route' });
    expect(to(lab, { machine: lab.inner }, '1.1.1.1')).toEqual(reached);
  });

  it('on the Default Switch gets everything, over Wi-Fi too', async () => {
    const lab = labOf('wifi-laptop');
    await plug(lab, 'Default Switch');
    for (const end of [winOf(lab), linuxOf(lab)]) expect(to(lab, end, '1.1.1.1')).toEqual(reached);
    const found = await lab.deep('Resolve-DnsName', { Name: 'dns.google', DnsOnly: true });
    expect(found.rows).toMatchObject([{ IPAddress: '8.8.8.8' }]);
  });

  it('behind an external switch needs spoofing on the adapter of L1, from the moment it is on', async () => {
    const lab = labOf('server-l1');
    await bridge(lab);
    await plug(lab, 'Out');
    expect(to(lab, { machine: lab.inner }, '1.1.1.1')).toEqual(reached);
    // DHCP does not come through either: an address of its own making, and no gateway.
    expect(to(lab, winOf(lab), '1.1.1.1')).toEqual({ reached: false, why: 'no-route' });
    expect(to(lab, winOf(lab), '169.254.9.9')).toEqual({ reached: false, why: 'spoofing-off' });
    await spoof(lab, 'On');
    for (const end of [winOf(lab), linuxOf(lab)]) expect(to(lab, end, '1.1.1.1')).toEqual(reached);
    const [own] = addressesOf(lab.simulator.world, machineOf(lab.windows));
    expect(own?.address).toMatch(/^192\.168\.178\./);
    expect(to(lab, linuxOf(lab), own?.address ?? '')).toEqual(reached);
    await spoof(lab, 'Off');
    expect(to(lab, linuxOf(lab), '1.1.1.1').reached).toBe(false);
  });

  it('over Wi-Fi an external switch is usually of no use; L1 itself gets through', async () => {
    const lab = labOf('wifi-laptop');
    await spoof(lab, 'On');
    await bridge(lab);
    await plug(lab, 'Out');
    expect(to(lab, { machine: lab.inner }, '1.1.1.1')).toEqual(reached);
    expect(to(lab, winOf(lab), '169.254.9.9')).toEqual({ reached: false, why: 'wifi' });
    lab.simulator.world.folklore.wifiDropsForeignFrames = false;
    expect(to(lab, winOf(lab), '1.1.1.1')).toEqual(reached);
  });

  it.each(['server-l1', 'wifi-laptop', 'cloud-host', 'vpn-overlap'] as const)(
    '%s: behind NAT it gets out with an address by hand, a gateway, a NAT network of that prefix, and not before',
    async (name) => {
      const lab = labOf(name);
      await lab.run('New-VMSwitch', { Name: 'VmNAT', SwitchType: 'Internal' });
      await plug(lab, 'VmNAT');
      await addressWindows(lab);
      const far = () => to(lab, winOf(lab), '1.1.1.1', 443);
      expect(far()).toEqual({ reached: false, why: 'no-neighbour' });
      await lab.run('New-NetIPAddress', { InterfaceAlias: 'vEthernet (VmNAT)', IPAddress: '192.168.77.1', PrefixLength: 24 }); // prettier-ignore
      expect(to(lab, winOf(lab), '192.168.77.1')).toEqual(reached);
      expect(far()).toEqual({ reached: false, why: 'not-forwarded' });
      await lab.run('New-NetNat', { Name: 'LocalNAT', InternalIPInterfaceAddressPrefix: '192.168.77.0/24' });
      expect(far()).toEqual(reached);
      expect((await lab.deep('Test-NetConnection', { ComputerName: 'dns.google', Port: 443 })).rows).toMatchObject([
        { RemoteAddress: '8.8.8.8', TcpTestSucceeded: true },
      ]);
    },
  );

  it('behind the network of Docker is served by it; a second network of its own is not', async () => {
    const lab = labOf('docker-owns-the-nat');
    await plug(lab, 'nat');
    lab.linux.guest.address = { address: '172.30.64.50', prefixLength: 20, gateway: '172.30.64.1', dns: ['1.1.1.1'] };
    expect(to(lab, linuxOf(lab), '1.1.1.1')).toEqual(reached);
    lab.simulator.world.folklore.secondNat = 'taken';
    await makeNat(lab);
    await plug(lab, 'VmNAT');
    await addressWindows(lab);
    expect(to(lab, winOf(lab), '1.1.1.1')).toEqual({ reached: false, why: 'not-forwarded' });
  });
});

describe('names and proofs', () => {
  it('says which name does not exist and which server does not answer', async () => {
    const lab = labOf('server-l1');
    const resolve = (Name: string, Server: string) => lab.run('Resolve-DnsName', { Name, Server, QuickTimeout: true });
    expect((await resolve('nowhere.invalid', '1.1.1.1')).errors).toMatchObject([{ id: 'DNS_ERROR_RCODE_NAME_ERROR' }]);
    expect((await resolve('dns.google', '192.168.178.99')).errors).toMatchObject([{ id: 'ERROR_TIMEOUT' }]);
    await makeNat(lab);
    // WinNAT brings no DNS.
    expect((await resolve('dns.google', '192.168.77.1')).errors).toMatchObject([{ id: 'ERROR_TIMEOUT' }]);
    expect(ask(lab.simulator, { machine: lab.inner }, '192.168.178.1', 'dns.google').kind).toBe('address');
  });

  it('answers with false and a warning where nothing comes back; a cloud lets no echo through', async () => {
    const lab = labOf('cloud-host');
    const ping = await lab.run('Test-NetConnection', { ComputerName: '8.8.8.8' });
    expect(ping).toMatchObject({ rows: [{ PingSucceeded: false }], errors: [] });
    expect(ping.warnings).toHaveLength(1);
    expect((await lab.run('Test-NetConnection', { ComputerName: '8.8.8.8', Port: 443 })).rows).toMatchObject([
      { TcpTestSucceeded: true },
    ]);
    expect((await lab.deep('Test-NetConnection', { ComputerName: 'dns.google' })).rows).toMatchObject([
      { RemoteAddress: null, PingSucceeded: false },
    ]);
  });

  it('stops where the Internet does', () => {
    const lab = labOf('server-l1');
    for (const network of lab.simulator.world.networks) network.internet = false;
    expect(to(lab, { machine: lab.inner }, '192.168.178.1')).toEqual(reached);
    expect(to(lab, { machine: lab.inner }, '1.1.1.1')).toEqual({ reached: false, why: 'no-internet' });
  });
});

describe('every scenario', () => {
  it.each(scenarioNames)('%s: no two prefixes of one machine overlap by chance, no index is there twice', (name) => {
    const { world } = scenario(name);
    const look = (machine: SimulatedMachine): void => {
      const indexes = machine.network.cards.map(({ index }) => index);
      expect(new Set(indexes).size).toBe(indexes.length);
      // An overlap would be an accident of a hash.
      const prefixes = addressesOf(world, machine).flatMap(({ address, prefixLength }) =>
        prefixLength === 32 ? [] : [prefixAt(parseAddress(address) ?? 0, prefixLength)],
      );
      const clashes = prefixes.filter((one, index) => prefixes.slice(0, index).some((other) => overlap(one, other)));
      expect(clashes).toEqual([]);
      for (const { guest } of machine.vms.values()) if (guest.machine) look(guest.machine);
    };
    look(world.host);
  });
});
