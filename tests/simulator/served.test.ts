/** Each parameter of each simulated cmdlet, as the facts have them: it does what it says, or it is refused; none is dropped. */
import { describe, expect, it } from 'vitest';
import cmdletFacts from '../../simulator/facts/cmdlets.json' with { type: 'json' };
import { served } from '../../simulator/simulator.js';
import { labOf, adapterOf, makeNat, type Lab } from './lab.js';
import { makingWalks, type Parameters, type Walk } from './walks-making.js';
import { ref, refused } from './world.js';

const vmOf = ({ windows }: Lab) => ({ VM: ref(windows) });
const device = ({ windows }: Lab, type: string, part: string) => ({
  $ref: { type, id: `Microsoft:${windows.id.toUpperCase()}\\${part}` },
});
const off = ({ windows }: Lab) => void (windows.state = 'Off');
const named = (parameter: string) => () => [{ [parameter]: 'lab-win' }];
const ofVm = (by: 'Name' | 'VMName', more: Partial<Walk> = {}): Walk => ({
  base: vmOf,
  selects: named(by),
  instead: ['VM'],
  ...more,
});
const nat = async (lab: Lab) => {
  await makeNat(lab);
};
const forward = () => ({ NatName: 'LocalNAT', Protocol: 'TCP', ExternalIPAddress: '0.0.0.0/0', ExternalPort: 8081, InternalIPAddress: '192.168.77.9', InternalPort: 80 }); // prettier-ignore
const forwarded = async (lab: Lab) => {
  await makeNat(lab);
  await lab.run('Add-NetNatStaticMapping', forward());
};
const cardOf = ({ inner }: Lab) => inner.network.cards.find(({ name }) => name === 'vEthernet (VmNAT)');
const byCard: Partial<Walk> = {
  before: nat,
  instead: ['InterfaceIndex'],
  selects: () => [{ InterfaceAlias: 'vEthernet (VmNAT)' }],
};
const checkpoint = (lab: Lab) => {
  lab.windows.checkpoints.push({ id: lab.windows.id, name: 'one', automatic: false, created: 0, parent: null, settings: lab.windows.settings, version: '12.0' }); // prettier-ignore
};
const uninstall = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*';

const walks: Readonly<Record<string, Walk>> = {
  ...makingWalks,
  'Get-VM': { base: ({ windows }) => ({ Id: windows.id }), selects: named('Name'), instead: ['Id'] },
  'Get-VMProcessor': ofVm('VMName'),
  'Get-VMMemory': ofVm('VMName'),
  'Get-VMNetworkAdapter': ofVm('VMName', { sets: { Name: 'none' } }),
  'Get-VMIntegrationService': ofVm('VMName', { sets: { Name: 'VSS' } }),
  'Get-VMSnapshot': ofVm('VMName', {
    before: checkpoint,
    selects: ({ windows }) => [{ VMName: 'lab-win' }, { Id: windows.id }],
    sets: { Name: 'none', SnapshotType: 'Recovery' },
  }),
  'Get-VMHost': { base: () => ({}) },
  'Get-VMSwitch': {
    before: nat,
    base: ({ inner }) => ({ Id: inner.switches.find(({ name }) => name === 'VmNAT')?.id }),
    instead: ['Id'],
    selects: () => [{ Name: 'VmNAT' }],
    sets: { SwitchType: 'Private' },
  },
  'Set-VMProcessor': ofVm('VMName', {
    before: off,
    base: (lab) => ({ ...vmOf(lab), Count: 3 }),
    selects: (lab) => [{ VMName: 'lab-win' }, { VMProcessor: device(lab, 'VMProcessor', 'p\\0') }],
    sets: { ExposeVirtualizationExtensions: true, Count: 7 },
  }),
  'Set-VMMemory': ofVm('VMName', {
    before: off,
    base: (lab) => ({ ...vmOf(lab), DynamicMemoryEnabled: true, StartupBytes: 2 ** 31 }),
    selects: (lab) => [{ VMName: 'lab-win' }, { VMMemory: device(lab, 'VMMemory', 'm') }],
    sets: { StartupBytes: 2 ** 30, MinimumBytes: 2 ** 28, MaximumBytes: 2 ** 35, DynamicMemoryEnabled: false },
  }),
  'Set-VM': ofVm('Name', { before: off, base: (lab) => ({ ...vmOf(lab), AutomaticStopAction: 'TurnOff' }), sets: { AutomaticStopAction: 'ShutDown', AutomaticCheckpointsEnabled: true } }), // prettier-ignore
  'Set-VMNetworkAdapter': ofVm('VMName', {
    base: (lab) => ({ ...vmOf(lab), MacAddressSpoofing: 'On' }),
    selects: ({ windows }) => [{ VMName: 'lab-win' }, { VMNetworkAdapter: adapterOf(windows) }],
    sets: { Name: 'none', MacAddressSpoofing: 'Off' },
    refuses: ['Name'],
  }),
  'Start-VM': ofVm('Name', { before: off }),
  'Stop-VM': ofVm('Name', {
    before: ({ windows }) => void (windows.guest.obeys = 'locked'),
    sets: { TurnOff: true, Save: true, Force: true },
    refuses: ['base', 'Force'],
  }),
  'Save-VM': ofVm('Name'),
  'Suspend-VM': ofVm('Name'),
  'Resume-VM': ofVm('Name', { before: ({ windows }) => void (windows.state = 'Paused') }),
  'Remove-VMSavedState': ofVm('VMName', { before: ({ windows }) => void (windows.state = 'Saved') }),
  'Checkpoint-VM': ofVm('Name', { sets: { SnapshotName: 'mine' } }),
  'Remove-VMSnapshot': {
    before: checkpoint,
    base: ({ windows }) => ({ VMSnapshot: ref({ id: windows.id }, 'VMSnapshot') }),
    sets: { VMSnapshot: ref({ id: 'none' }, 'VMSnapshot') },
    refuses: ['VMSnapshot'],
  },
  'Update-VMVersion': ofVm('Name', {
    before: (lab) => {
      off(lab);
      lab.windows.version = '9.0';
    },
    base: (lab) => ({ ...vmOf(lab), Force: true }),
    sets: { Force: false },
    refuses: ['Force'],
  }),
  'New-VMSwitch': {
    base: () => ({ Name: 'Out', NetAdapterName: 'Ethernet' }),
    instead: ['NetAdapterName'],
    selects: ({ inner }) => [{ NetAdapterInterfaceDescription: inner.network.cards[0]?.description }],
    sets: { Name: 'Other', AllowManagementOS: false },
  },
  'Remove-VMSwitch': {
    before: nat,
    base: () => ({ Name: 'VmNAT', Force: true }),
    instead: ['Name'],
    selects: ({ inner }) => [{ VMSwitch: ref({ id: inner.switches.find(({ name }) => name === 'VmNAT')?.id ?? '' }, 'VMSwitch') }], // prettier-ignore
    sets: { Force: false },
    refuses: ['Force'],
  },
  'Connect-VMNetworkAdapter': {
    before: nat,
    base: ({ windows }) => ({ VMNetworkAdapter: adapterOf(windows), SwitchName: 'VmNAT' }),
    instead: ['VMNetworkAdapter', 'SwitchName'],
    selects: ({ inner, windows }) => [
      { VMName: 'lab-win', SwitchName: 'VmNAT' },
      { VMName: 'lab-win', Name: 'Network*', SwitchName: 'VmNAT' },
      { VMNetworkAdapter: adapterOf(windows), VMSwitch: ref({ id: inner.switches.find(({ name }) => name === 'VmNAT')?.id ?? '' }, 'VMSwitch') }, // prettier-ignore
    ],
  },
  'Disconnect-VMNetworkAdapter': {
    before: async (lab) => {
      await nat(lab);
      await lab.run('Connect-VMNetworkAdapter', { VMName: 'lab-win', SwitchName: 'VmNAT' });
    },
    base: ({ windows }) => ({ VMNetworkAdapter: adapterOf(windows) }),
    instead: ['VMNetworkAdapter'],
    selects: () => [{ VMName: 'lab-win' }, { VMName: 'lab-win', Name: 'Network*' }],
  },
  'New-NetNat': {
    base: () => ({ Name: 'one', InternalIPInterfaceAddressPrefix: '192.168.77.0/24' }),
    sets: { Name: 'two', InternalIPInterfaceAddressPrefix: '192.168.79.0/24' },
  },
  'Get-NetNat': { before: nat, base: () => ({}), sets: { Name: 'none' }, refuses: ['Name'] },
  'Remove-NetNat': {
    before: nat,
    base: () => ({ Name: 'LocalNAT', Confirm: false }),
    instead: ['Name'],
    selects: () => [{ InputObject: ref({ id: 'LocalNAT;0' }, 'MSFT_NetNat') }],
  },
  'Add-NetNatStaticMapping': { before: nat, base: forward, sets: { NatName: 'none', Protocol: 'UDP', ExternalPort: 8082, InternalIPAddress: '192.168.77.8', InternalPort: 81 }, refuses: ['NatName'] }, // prettier-ignore
  'Get-NetNatStaticMapping': { before: forwarded, base: () => ({}), sets: { NatName: 'none' }, refuses: ['NatName'] },
  'Remove-NetNatStaticMapping': {
    before: forwarded,
    base: () => ({ StaticMappingID: 0, Confirm: false }),
    instead: ['StaticMappingID'],
    selects: () => [{ NatName: 'LocalNAT' }, { InputObject: ref({ id: 'LocalNAT;0' }, 'MSFT_NetNatStaticMapping') }],
  },
  'New-NetIPAddress': {
    ...byCard,
    base: (lab) => ({ InterfaceIndex: cardOf(lab)?.index, IPAddress: '192.168.77.9', PrefixLength: 24 }),
    sets: { IPAddress: '192.168.77.8', PrefixLength: 25, DefaultGateway: '192.168.77.1' },
  },
  'Remove-NetIPAddress': {
    ...byCard,
    before: async (lab) => {
      await nat(lab);
      await lab.run('New-NetIPAddress', { InterfaceIndex: cardOf(lab)?.index, IPAddress: '192.168.77.9', PrefixLength: 24, DefaultGateway: '192.168.77.3' }); // prettier-ignore
    },
    base: (lab) => ({ InterfaceIndex: cardOf(lab)?.index, Confirm: false }),
    sets: { IPAddress: '192.168.77.9', DefaultGateway: '192.168.77.3' },
  },
  'Set-NetIPInterface': {
    ...byCard,
    base: (lab) => ({ InterfaceIndex: cardOf(lab)?.index, Dhcp: 'Enabled' }),
    sets: { Dhcp: 'Disabled' },
  },
  'Set-DnsClientServerAddress': {
    ...byCard,
    base: (lab) => ({ InterfaceIndex: cardOf(lab)?.index, ServerAddresses: ['9.9.9.9'] }),
    sets: { ServerAddresses: ['8.8.8.8'], ResetServerAddresses: true },
  },
  'Test-NetConnection': { base: () => ({ ComputerName: '8.8.8.8' }), sets: { ComputerName: '8.8.4.4', Port: 443 } },
  'Resolve-DnsName': {
    base: () => ({ Name: 'dns.google' }),
    sets: { Name: 'none.invalid', Server: '192.0.2.1' },
    refuses: ['Name', 'Server'],
  },
  'Get-WindowsOptionalFeature': { base: () => ({ Online: true }), sets: { FeatureName: 'VirtualMachinePlatform' } },
  'Enable-WindowsOptionalFeature': {
    base: () => ({ Online: true, FeatureName: 'VirtualMachinePlatform' }),
    sets: { FeatureName: 'HypervisorPlatform' },
  },
  'Disable-WindowsOptionalFeature': {
    base: () => ({ Online: true, FeatureName: 'VirtualMachinePlatform' }),
    sets: { FeatureName: 'Microsoft-Hyper-V' },
  },
  'Get-CimInstance': {
    base: () => ({ ClassName: 'Win32_Service' }),
    sets: { ClassName: 'Win32_Processor', Namespace: 'root/nosuch', Filter: "Name='vmms'", Property: 'Name' },
    refuses: ['Namespace'],
  },
  'Get-NetAdapter': {
    before: nat,
    base: (lab) => ({ InterfaceIndex: cardOf(lab)?.index }),
    instead: ['InterfaceIndex'],
    selects: (lab) => [{ Name: 'vEthernet (VmNAT)' }, { InterfaceDescription: cardOf(lab)?.description }],
  },
  'Set-Service': { base: () => ({ Name: 'vmms', StartupType: 'Disabled' }), sets: { Name: 'vmcompute' } },
  'Start-Service': {
    before: ({ inner }) => void (inner.services['vmms'] = { state: 'Stopped', startMode: 'Auto' }),
    base: () => ({ Name: 'vmms' }),
    sets: { Name: 'none' },
    refuses: ['Name'],
  },
  'Stop-Service': { base: () => ({ Name: 'vmms' }), sets: { Name: 'none' }, refuses: ['Name'] },
  'Get-ItemProperty': {
    before: ({ inner }) => void (inner.programs = ['Something']),
    base: () => ({ Path: uninstall }),
    sets: { Path: 'HKLM:\\SOFTWARE\\*', Name: 'Publisher' },
    refuses: ['Path'],
  },
};

/** What the call answered, and the world as it left it; without what is made anew each time. */
async function outcome(cmdlet: string, { before, base }: Walk, change: (given: Parameters, lab: Lab) => Parameters) {
  const lab = labOf('server-l1');
  await before?.(lab);
  const reply = await lab.run(cmdlet, change(base(lab), lab));
  const world = JSON.stringify(lab.simulator.world.host, (_, value: unknown) =>
    value instanceof Map ? [...(value as Map<unknown, unknown>)] : value,
  );
  return { refused: refused(reply), text: JSON.stringify([reply.rows, reply.errors, reply.warnings, world]) };
}

const without = (given: Parameters, names: readonly string[]): Parameters =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
const samples: Readonly<Record<string, unknown>> = { SwitchParameter: true, Boolean: true, String: 'x', Guid: 'x' };
const notSimulated = ['NotSupported/InvalidOperation'];

describe.each(Object.entries(served))('%s', (cmdlet, serves) => {
  const walk = walks[cmdlet];
  const facts = (cmdletFacts.cmdlets as Readonly<Record<string, { parameters: Readonly<Record<string, { type: string }>> }>>)[cmdlet]; // prettier-ignore
  if (!walk || !facts) throw new Error(`no walk or no facts for ${cmdlet}`);

  it('is taken as it is called here, and what it takes is walked through', async () => {
    const lab = labOf('server-l1');
    const { refused: no } = await outcome(cmdlet, walk, (given) => given);
    expect(no.length > 0).toBe(walk.refuses?.includes('base') ?? false);
    await walk.before?.(lab);
    const walked = [walk.base(lab), ...(walk.selects?.(lab) ?? []), walk.sets ?? {}].flatMap((one) => Object.keys(one));
    const any = Object.entries(serves).flatMap(([name, takes]) => (takes === 'any' ? [name] : []));
    expect(any.filter((name) => !walked.includes(name))).toEqual([]);
    expect(Object.keys(serves).filter((name) => !(name in facts.parameters))).toEqual([]);
  });

  if (walk.selects)
    it('finds the same by each of its selectors', async () => {
      const { text } = await outcome(cmdlet, walk, (given) => given);
      const lab = labOf('server-l1');
      await walk.before?.(lab);
      for (const index of walk.selects?.(lab).keys() ?? []) {
        const other = await outcome(cmdlet, walk, (given, now) => ({
          ...without(given, walk.instead ?? []),
          ...walk.selects?.(now)[index],
        }));
        expect(other.text).toBe(text);
      }
    });

  it.each(Object.keys(walk.sets ?? {}))('does something else with -%s', async (parameter) => {
    const { text } = await outcome(cmdlet, walk, (given) => given);
    const other = await outcome(cmdlet, walk, (given) => ({ ...given, [parameter]: walk.sets?.[parameter] }));
    expect(other.text).not.toBe(text);
    expect(other.refused.length > 0).toBe(walk.refuses?.includes(parameter) ?? false);
  });

  const refusals = Object.entries(facts.parameters).filter(([name]) => serves[name] !== 'any');
  it.each(refusals)('does nothing, and says that it is not simulated, with -%s', async (name, { type }) => {
    const before = await outcome('Get-VMHost', { ...walk, base: () => ({}) }, (given) => given);
    const takes: readonly unknown[] = [serves[name]].flat();
    const value = takes.includes(true) ? false : (samples[type.replace('[]', '')] ?? 'x');
    const other = await outcome(cmdlet, walk, (given) => ({ ...given, [name]: value }));
    expect(other.refused).toEqual(notSimulated);
    expect(JSON.parse(other.text)).toMatchObject({ 3: (JSON.parse(before.text) as unknown[])[3] });
  });

  it('is confirmed where Windows lets it be', () => {
    expect(serves['Confirm']).toEqual('Confirm' in facts.parameters ? [false] : undefined);
  });

  if ('VM' in serves || 'VMName' in serves)
    it('never means every VM where none is named', async () => {
      const reply = await outcome(cmdlet, walk, (given) =>
        without(given, ['VM', 'VMName', 'Name', 'VMNetworkAdapter', 'VMProcessor', 'VMMemory']),
      );
      expect(reply.refused).toHaveLength(1);
    });
});
