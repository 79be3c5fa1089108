import { describe, expect, it } from 'vitest';
import { adapterOf, labOf, makeNat } from './lab.js';
import { call, ref, refused, scenario } from './world.js';

const inClass = '/MetadataError';

describe('switches inside', () => {
  it('brings the host end of an internal switch, and a second one of the same name without a word', async () => {
    const { run, inner } = labOf('server-l1');
    for (let i = 0; i < 2; i++)
      expect(await run('New-VMSwitch', { Name: 'VmNAT', SwitchType: 'Internal' })).toMatchObject({ errors: [], rows: [{ Name: 'VmNAT' }] }); // prettier-ignore
    expect(inner.network.cards.filter(({ name }) => name === 'vEthernet (VmNAT)')).toHaveLength(2);
    const [nested] = inner.vms.values();
    if (!nested) throw new Error('no nested VM');
    const plugged = await run('Connect-VMNetworkAdapter', { VMNetworkAdapter: adapterOf(nested), SwitchName: 'VmNAT' });
    expect(plugged.errors[0]?.message).toContain('More than one');
  });

  it('an external switch takes the card once, with its MAC address and what was on it; removed, it gives them back', async () => {
    const { run, inner, classOf } = labOf('server-l1');
    const [own] = inner.network.cards;
    if (!own) throw new Error('no card');
    inner.network.addresses.push({ address: '192.168.178.77', prefixLength: 24, index: own.index });
    own.dhcp = false;
    const make = (Name: string) => run('New-VMSwitch', { Name, NetAdapterName: own.name, AllowManagementOS: true });
    const made = await make('Out');
    expect(made.rows).toMatchObject([{ SwitchType: 'External', NetAdapterInterfaceDescription: own.description }]);
    const rows = await classOf('MSFT_NetAdapter');
    expect(rows.map((row) => [row['Name'], row['PermanentAddress'], row['HardwareInterface']])).toEqual([
      ['Ethernet', own.mac, true],
      ['vEthernet (Out)', own.mac, false],
    ]);
    const where = async () =>
      (await classOf('MSFT_NetIPAddress')).flatMap((row) => (row['IPAddress'] === '192.168.178.77' && row['Store'] === 1 ? [row['InterfaceAlias']] : [])); // prettier-ignore
    expect(await where()).toEqual(['vEthernet (Out)']);
    expect(refused(await make('Again'))).toEqual(['ObjectNotFound/ObjectNotFound']);
    await run('Remove-VMSwitch', { VMSwitch: ref({ id: String(made.rows[0]?.['Id']) }, 'VMSwitch'), Force: true });
    expect(await where()).toEqual(['Ethernet']);
    expect(inner.network.cards).toHaveLength(1);
  });

  it('removing a switch takes its addresses and unplugs its VMs; asks without -Force; leaves the Default Switch', async () => {
    const lab = labOf('wifi-laptop');
    const { run, inner, windows } = lab;
    await makeNat(lab);
    await run('Connect-VMNetworkAdapter', { VMNetworkAdapter: adapterOf(windows), SwitchName: 'VmNAT' });
    expect(windows.settings.adapters[0]?.switchId).toBe(inner.switches.find(({ name }) => name === 'VmNAT')?.id);
    expect(refused(await run('Remove-VMSwitch', { Name: 'VmNAT' }))).toEqual([
      'HostFunctionNotImplemented/NotImplemented',
    ]);
    expect((await run('Remove-VMSwitch', { Name: 'VmNAT', Force: true })).errors).toEqual([]);
    expect(windows.settings.adapters[0]?.switchId).toBeNull();
    expect(inner.network.addresses).toEqual([]);
    const kept = await run('Remove-VMSwitch', { Name: 'Default Switch', Force: true });
    expect(kept.errors[0]?.message).toContain('cannot be modified');
    expect(inner.switches.map(({ name }) => name)).toEqual(['Default Switch']);
  });
});

describe('WinNAT', () => {
  const natIn = (lab: ReturnType<typeof labOf>, prefix: string, Name = 'LocalNAT') =>
    lab.run('New-NetNat', { Name, InternalIPInterfaceAddressPrefix: prefix });

  it('makes one network, before or after the gateway address', async () => {
    const lab = labOf('server-l1');
    expect((await makeNat(lab)).flatMap(({ errors }) => errors)).toEqual([]);
    expect(await lab.classOf('MSFT_NetNat')).toMatchObject([{ Name: 'LocalNAT', InstanceID: 'LocalNAT;0' }]);
    const other = labOf('server-l1');
    await other.run('New-VMSwitch', { Name: 'VmNAT', SwitchType: 'Internal' });
    await other.run('New-NetIPAddress', { InterfaceAlias: 'vEthernet (VmNAT)', IPAddress: '192.168.77.1', PrefixLength: 24 }); // prettier-ignore
    expect((await natIn(other, '192.168.77.0/24')).errors).toEqual([]);
  });

  it.each([
    ['an address of the machine', 'server-l1', '192.168.178.0/24'],
    ['a part of one', 'server-l1', '192.168.0.0/16'],
    ['a route of a VPN', 'vpn-overlap', '192.168.101.0/24'],
    ['another NAT network', 'docker-owns-the-nat', '172.30.65.0/24'],
    ['no prefix', 'server-l1', '192.168.300.0/24'],
  ] as const)('refuses with 87 what overlaps %s', async (_, name, prefix) => {
    expect(refused(await natIn(labOf(name), prefix))).toEqual(['Windows System Error 87/InvalidArgument']);
  });

  it('refuses a second one, a second name, and works not at all without Hyper-V or containers', async () => {
    const docker = labOf('docker-owns-the-nat');
    expect(refused(await natIn(docker, '192.168.77.0/24'))).toEqual(['Windows System Error 87/InvalidArgument']);
    expect(refused(await natIn(docker, '192.168.77.0/24', 'NAT'))).toEqual(['Windows System Error 52/NotSpecified']);
    docker.simulator.world.folklore.secondNat = 'taken';
    expect((await natIn(docker, '192.168.77.0/24')).errors).toEqual([]);
    for (const cmdlet of ['Get-NetNat', 'Get-CimInstance'])
      expect(refused(await docker.deep(cmdlet, cmdlet === 'Get-NetNat' ? {} : { ClassName: 'MSFT_NetNat', Namespace: 'root/StandardCimv2' }))).toEqual([`HRESULT 0x80041010${inClass}`]); // prettier-ignore
  });

  it('removes the one that is meant, by its instance', async () => {
    const { run, inner } = labOf('docker-owns-the-nat');
    const remove = (id: string) => run('Remove-NetNat', { InputObject: [ref({ id }, 'MSFT_NetNat')], Confirm: false });
    expect(refused(await remove('other;0'))).toEqual(['CmdletizationQuery_NotFound_InstanceID/ObjectNotFound']);
    expect((await remove('nat;0')).errors).toEqual([]);
    expect(inner.network.nats).toEqual([]);
  });
});

describe('addresses', () => {
  it('refuses one that is there (5010; 87 before Windows 10 2004), and an end that is not there (1168)', async () => {
    const lab = labOf('server-l1');
    await makeNat(lab);
    const again = { InterfaceAlias: 'vEthernet (VmNAT)', IPAddress: '192.168.77.1', PrefixLength: 24 };
    expect(refused(await lab.run('New-NetIPAddress', again))).toEqual(['Windows System Error 5010/NotSpecified']);
    expect(refused(await lab.run('New-NetIPAddress', { ...again, InterfaceAlias: 'vEthernet (none)' }))).toEqual([
      'Windows System Error 1168/ObjectNotFound',
    ]);
  });

  it('goes over from DHCP to an address by hand with its gateway and name server, and back', async () => {
    const { deep, windows, simulator } = labOf('server-l1');
    const network = windows.guest.machine?.network;
    const index = network?.cards[0]?.index;
    const given = { InterfaceIndex: index, IPAddress: '192.168.77.10', DefaultGateway: '192.168.77.1' };
    await deep('New-NetIPAddress', { ...given, PrefixLength: 24, AddressFamily: 'IPv4' });
    await deep('Set-DnsClientServerAddress', { InterfaceIndex: index, ServerAddresses: ['1.1.1.1'] });
    expect(network?.cards[0]).toMatchObject({ dhcp: false, dns: ['1.1.1.1'] });
    expect(network?.routes).toEqual([{ prefix: '0.0.0.0/0', nextHop: '192.168.77.1', index }]);
    await deep('Remove-NetIPAddress', { ...given, Confirm: false });
    await deep('Set-NetIPInterface', { InterfaceIndex: index, AddressFamily: 'IPv4', Dhcp: 'Enabled' });
    await deep('Set-DnsClientServerAddress', { InterfaceIndex: index, ResetServerAddresses: true });
    expect(network).toMatchObject({ addresses: [], routes: [], cards: [{ dhcp: true, dns: null }] });
    expect(simulator.world.host.network.addresses).toEqual([]);
  });

  it('finds the card of an adapter by its MAC address, also of two that have one name', async () => {
    const { l1, classOf } = labOf('two-adapters');
    expect(new Set(l1.settings.adapters.map(({ name }) => name)).size).toBe(1);
    const rows = await classOf('MSFT_NetAdapter');
    for (const { macAddress } of l1.settings.adapters)
      expect(rows.filter((row) => row['PermanentAddress'] === macAddress)).toHaveLength(1);
  });
});

describe('on this PC', () => {
  it('reads the network without rights, and changes it only elevated', async () => {
    const simulator = scenario('wifi-laptop');
    const read = (ClassName: string) => call(simulator, 'Get-CimInstance', { ClassName, Namespace: 'root/StandardCimv2' }); // prettier-ignore
    expect((await read('MSFT_NetAdapter')).rows).toContainEqual(expect.objectContaining({ Name: 'Wi-Fi', NdisPhysicalMedium: 9 })); // prettier-ignore
    for (const name of ['MSFT_NetIPAddress', 'MSFT_NetRoute', 'MSFT_NetNat', 'MSFT_DNSClientServerAddress'])
      expect((await read(name)).errors).toEqual([]);
    const nat = { Name: 'x', InternalIPInterfaceAddressPrefix: '192.168.77.0/24' };
    expect(refused(await call(simulator, 'New-NetNat', nat))).toEqual(['Windows System Error 5/PermissionDenied']);
    const feature = { Online: true, FeatureName: 'Microsoft-Hyper-V' };
    expect((await call(simulator, 'Get-WindowsOptionalFeature', feature)).errors).toMatchObject([
      { id: 'Microsoft.Dism.Commands.GetWindowsOptionalFeatureCommand', hresult: 0x800702e4 | 0 },
    ]);
    expect((await call(simulator, 'New-NetNat', nat, true)).errors).toEqual([]);
  });
});
