/**
 * Inside guests: the same batches, one after the other, through engine and modules and through the simulator alone, give equal
 * replies. One engine for each story: what a batch finds is what those before it have left.
 */
import { vmIn, thisPc, type MachineRef } from '../../src/core/cmdlets/ref.js';
import { afterAll, describe, expect, it } from 'vitest';
import { simulatedHost } from '../../simulator/host.js';
import { enterState } from '../../simulator/guest.js';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import type { CmdletName, Params } from '../../src/core/cmdlets/catalog.js';
import { insideCalls, networkCalls } from '../../src/core/machine/network-snapshot.js';
import { snapshotCalls } from '../../src/core/machine/snapshot.js';
import { vmCalls } from '../../src/core/machine/vm-reading.js';
import { comparable } from './comparable.js';
import { guests, inner, outer, type Guests } from './guests.js';
import { hasPowerShell } from './runtime.js';
import { behindEngine, type Behind } from './world.js';

const open: Behind[] = [];
afterAll(() => Promise.all(open.map((one) => one.close())));

/** A batch to compare, or what happens to both worlds between two of them. */
type Part = { readonly name: string } & (
  { readonly calls: (world: Guests) => readonly HostCall[] } | { readonly happens: (world: Guests) => void }
);

const inL1 = ({ l1 }: Guests) => vmIn(thisPc, l1.id);
const inL2 = ({ l1, l2 }: Guests) => vmIn(vmIn(thisPc, l1.id), l2.id);
// Of one cmdlet: TypeScript no longer tells so many apart by their names alone.
const ask = <Name extends CmdletName>(
  where: (world: Guests) => MachineRef,
  cmdlet: Name,
  params: Params<Name> = {},
  on?: (world: Guests) => HostCall['on'],
): Part => ({
  name: `${where === inL1 ? 'L1' : 'L2'}: ${cmdlet} ${JSON.stringify(params)}`,
  calls: (world) => [{ cmdlet, params, at: where(world), ...(on ? { on: on(world) } : {}) } as unknown as HostCall],
});

const switchId = ({ machine }: Guests, name: string) => machine.switches.find((one) => one.name === name)?.id ?? '';
const natId = ({ machine }: Guests) => machine.network.nats[0]?.id ?? 'none';
const adapterOfL2 = ({ l2 }: Guests) => ({ vm: l2.id, adapter: l2.settings.adapters[0]?.id ?? '' });
const nobody = '00000000-0000-4000-8000-000000000000';
const gateway = { InterfaceAlias: 'vEthernet (VmNAT)', IPAddress: '10.77.0.1', PrefixLength: 24 } as const;
/** Cards have the same numbers in each world that is made the same way. */
const cardOfL2 = guests().l2.guest.machine?.network.cards[0]?.index ?? 0;
const indexOf = ({ machine }: Guests, card: string) =>
  machine.network.cards.find(({ name }) => name === card)?.index ?? 0;

const everything = (where: (world: Guests) => MachineRef): readonly Part[] => [
  { name: 'a snapshot', calls: (world) => Object.values(snapshotCalls(where(world))) },
  { name: 'its VMs', calls: (world) => vmCalls(where(world), [world.l2.id]) },
  { name: 'its network', calls: (world) => Object.values(networkCalls(where(world))) },
  { name: 'its roles', calls: (world) => Object.values(insideCalls(where(world))) },
];

const refused = (name: string, happens: (world: Guests) => void): readonly Part[] => [
  { name, happens },
  ask(inL1, 'Get-CimInstance/Win32_ComputerSystem'),
  ask(inL1, 'New-VMSwitch/Internal', { Name: 'never' }),
];

const stories: Readonly<Record<string, readonly Part[]>> = {
  'reads of a machine and of the one inside it': [...everything(inL1), ...everything(inL2)],

  'a NAT network is made, used and taken away': [
    ask(inL1, 'Get-NetNat'),
    ask(inL1, 'New-VMSwitch/Internal', { Name: 'VmNAT' }),
    ask(inL1, 'New-NetIPAddress/Alias', { ...gateway, InterfaceAlias: 'vEthernet (other)' }),
    ask(inL1, 'New-NetIPAddress/Alias', gateway),
    ask(inL1, 'New-NetIPAddress/Alias', gateway),
    ask(inL1, 'New-NetNat', { Name: 'VmNAT', InternalIPInterfaceAddressPrefix: '192.168.178.0/24' }),
    ask(inL1, 'New-NetNat', { Name: 'VmNAT', InternalIPInterfaceAddressPrefix: '10.77.0.0/24' }),
    ask(inL1, 'New-NetNat', { Name: 'VmNAT', InternalIPInterfaceAddressPrefix: '10.78.0.0/24' }),
    ask(inL1, 'New-NetNat', { Name: 'Second', InternalIPInterfaceAddressPrefix: '10.78.0.0/24' }),
    ask(inL1, 'Get-NetNat'),
    ask(inL1, 'Connect-VMNetworkAdapter', { SwitchName: 'nothing' }, adapterOfL2),
    ask(inL1, 'Connect-VMNetworkAdapter', { SwitchName: 'VmNAT' }, adapterOfL2),
    ask(inL2, 'Test-NetConnection/Ping', { ComputerName: '10.77.0.1' }),
    ask(inL2, 'New-NetIPAddress/Index', { InterfaceIndex: cardOfL2, IPAddress: '10.77.0.10', PrefixLength: 24, DefaultGateway: '10.77.0.1' }), // prettier-ignore
    ask(inL2, 'New-NetIPAddress/Index', { InterfaceIndex: 99, IPAddress: '10.77.0.11', PrefixLength: 24 }),
    ask(inL2, 'Set-DnsClientServerAddress', { InterfaceIndex: cardOfL2, ServerAddresses: ['192.168.178.1', '10.77.0.1'] }), // prettier-ignore
    ask(inL2, 'Set-DnsClientServerAddress', { InterfaceIndex: 99, ServerAddresses: ['192.168.178.1'] }),
    { name: 'the network of both', calls: (world) => Object.values(networkCalls(inL2(world))) },
    ask(inL2, 'Test-NetConnection/Ping', { ComputerName: '10.77.0.1' }),
    ask(inL2, 'Test-NetConnection/Port', { ComputerName: '1.1.1.1', Port: 443 }),
    ask(inL2, 'Test-NetConnection/Port', { ComputerName: '10.77.0.200', Port: 443 }),
    ask(inL2, 'Resolve-DnsName', { Name: 'www.msftconnecttest.com', Server: '192.168.178.1' }),
    ask(inL2, 'Resolve-DnsName', { Name: 'nothing.invalid', Server: '192.168.178.1' }),
    ask(inL2, 'Resolve-DnsName', { Name: 'www.msftconnecttest.com', Server: '10.77.0.201' }),
    ask(inL2, 'Set-DnsClientServerAddress/Reset', { InterfaceIndex: cardOfL2 }),
    ask(inL2, 'Remove-NetIPAddress/Gateway', { InterfaceIndex: cardOfL2, IPAddress: '10.77.0.10', DefaultGateway: '10.77.0.1' }), // prettier-ignore
    ask(inL2, 'Set-NetIPInterface/Dhcp', { InterfaceIndex: cardOfL2 }),
    ask(inL2, 'Set-NetIPInterface/Dhcp', { InterfaceIndex: 99 }),
    ask(inL1, 'Disconnect-VMNetworkAdapter', {}, adapterOfL2),
    ask(inL1, 'Remove-NetNat', {}, (world) => ({ nat: natId(world) })),
    ask(inL1, 'Remove-NetNat', {}, (world) => ({ nat: natId(world) })),
    ask(inL1, 'Remove-NetIPAddress', { InterfaceIndex: 99, IPAddress: gateway.IPAddress }),
    {
      name: 'the gateway address is taken away',
      calls: (world) => [
        {
          cmdlet: 'Remove-NetIPAddress',
          params: { InterfaceIndex: indexOf(world, gateway.InterfaceAlias), IPAddress: gateway.IPAddress },
          at: inL1(world),
        },
      ],
    },
    { name: 'the network without it', calls: (world) => Object.values(networkCalls(inL1(world))) },
    ask(inL1, 'Remove-VMSwitch', {}, (world) => ({ switch: switchId(world, 'VmNAT') })),
    ask(inL1, 'Remove-VMSwitch', {}, () => ({ switch: nobody })),
    ask(inL1, 'Remove-VMSwitch', {}, (world) => ({ switch: switchId(world, 'Default Switch') })),
    ask(inL1, 'New-VMSwitch/External', { Name: 'Outside', NetAdapterName: 'nothing' }),
    ask(inL1, 'New-VMSwitch/External', { Name: 'Outside', NetAdapterName: 'Ethernet' }),
    ...everything(inL1),
  ],

  'roles are turned on and off': [
    ask(inL2, 'Enable-WindowsOptionalFeature/Hyper-V'),
    ask(inL2, 'Enable-WindowsOptionalFeature/VirtualMachinePlatform'),
    ask(inL2, 'Enable-WindowsOptionalFeature/HypervisorPlatform'),
    ask(inL2, 'Enable-WindowsOptionalFeature/Containers'),
    ask(inL2, 'Enable-WindowsOptionalFeature/WindowsSandbox'),
    { name: 'before the restart', calls: (world) => Object.values(insideCalls(inL2(world))) },
    ask(inL2, 'Disable-WindowsOptionalFeature/HypervisorPlatform'),
    ask(inL2, 'Disable-WindowsOptionalFeature/Containers'),
    ask(inL2, 'Disable-WindowsOptionalFeature/WindowsSandbox'),
    ask(inL2, 'Disable-WindowsOptionalFeature/VirtualMachinePlatform'),
    ask(inL1, 'Disable-WindowsOptionalFeature/Hyper-V'),
    { name: 'a feature that this Windows does not have', happens: ({ machine }) => delete machine.features['VirtualMachinePlatform'] }, // prettier-ignore
    ask(inL1, 'Enable-WindowsOptionalFeature/VirtualMachinePlatform'),
    { name: 'roles of L1', calls: (world) => Object.values(insideCalls(inL1(world))) },
    { name: 'roles of L2', calls: (world) => Object.values(insideCalls(inL2(world))) },
  ],

  'services are stopped, disabled, allowed and started': [
    ask(inL1, 'Start-Service/vmms'),
    ask(inL1, 'Stop-Service/vmms'),
    ask(inL1, 'Get-VMHost'),
    ask(inL1, 'Set-Service/vmms-disabled'),
    ask(inL1, 'Start-Service/vmms'),
    ask(inL1, 'Get-CimInstance/Win32_Service'),
    ask(inL1, 'Set-Service/vmms-manual'),
    ask(inL1, 'Get-CimInstance/Win32_Service'),
    ask(inL1, 'Set-Service/vmms'),
    ask(inL1, 'Start-Service/vmms'),
    ask(inL1, 'Set-Service/vmcompute-disabled'),
    ask(inL1, 'Set-Service/vmcompute'),
    ask(inL1, 'Get-CimInstance/Win32_Service'),
    ask(inL2, 'Start-Service/vmms'),
    ask(inL2, 'Set-Service/vmms'),
  ],

  'a guest refuses': [
    ...refused('nothing is wrong', () => undefined),
    ...refused('a wrong password', (all) => all.accounts.set(inL1(all), { ...outer, password: 'no' })),
    ...refused('a blank password', (all) => all.accounts.set(inL1(all), { ...outer, password: '' })),
    ...refused('no name', (all) => all.accounts.set(inL1(all), { ...outer, userName: '' })),
    ...refused('no administrator', (all) => all.accounts.set(inL1(all), { userName: 'guest', password: 'guest' })),
    ...refused('no account', (all) => all.accounts.delete(inL1(all))),
    { name: 'the right one again', happens: (all) => all.accounts.set(inL1(all), outer) },
    { name: 'a wrong one inside', happens: (all) => all.accounts.set(inL2(all), outer) },
    ask(inL2, 'Get-CimInstance/Win32_ComputerSystem'),
    { name: 'and right', happens: (all) => all.accounts.set(inL2(all), inner) },
    ask(inL2, 'Get-CimInstance/Win32_ComputerSystem'),
    ask(() => vmIn(thisPc, nobody), 'Get-CimInstance/Win32_ComputerSystem'),
    ...refused('its service is off', ({ machine, l1, simulator }) => {
      machine.services['vmicvmsession'] = { state: 'Stopped', startMode: 'Disabled' };
      restart(l1, simulator);
    }),
    ...refused('its updates are older', ({ machine }) => {
      machine.services['vmicvmsession'] = { state: 'Running', startMode: 'Manual' };
      machine.updates = 'before-2025-09';
    }),
    ...refused('it has not booted', ({ machine, l1 }) => {
      machine.updates = 'current';
      l1.bootedAt = Number.MAX_SAFE_INTEGER;
    }),
    ...refused('it is off', ({ l1, simulator }) => enterState(l1, 'Off', simulator.clock)),
  ],

  'a guest stops while it is asked': [
    ask(inL1, 'Get-NetNat'),
    { name: 'a read is under way', happens: (world) => stopsDuring(world, 'Get-NetNat') },
    ask(inL1, 'Get-NetNat'),
    { name: 'it starts again', happens: ({ l1, simulator }) => restart(l1, simulator) },
    { name: 'a change is under way', happens: (world) => stopsDuring(world, 'New-VMSwitch') },
    {
      name: 'a read and two changes',
      calls: (world) => [
        { cmdlet: 'Get-NetNat', params: {}, at: inL1(world) },
        { cmdlet: 'New-VMSwitch/Internal', params: { Name: 'x' }, at: inL1(world) },
        { cmdlet: 'New-VMSwitch/Internal', params: { Name: 'y' }, at: inL1(world) },
      ],
    },
  ],
};

function restart(vm: Guests['l1'], { clock }: Guests['simulator']): void {
  enterState(vm, 'Off', clock);
  enterState(vm, 'Running', clock);
  vm.bootedAt = clock.now();
}

function stopsDuring({ l1, simulator }: Guests, cmdlet: string): void {
  simulator.fault({
    cmdlet,
    effect: { kind: 'meanwhile', act: () => enterState(l1, 'Off', simulator.clock) },
  });
}

describe.skipIf(!(await hasPowerShell()))('engine and simulator alone agree inside guests', () => {
  it.each(Object.entries(stories))('%s', async (_, parts) => {
    const [behind, direct] = [guests(), guests()];
    const engine = await behindEngine(behind.simulator, { credentials: behind.credentials });
    open.push(engine);
    const host = simulatedHost(direct.simulator, { credentials: direct.credentials });
    for (const part of parts) {
      if ('happens' in part) {
        part.happens(behind);
        part.happens(direct);
        continue;
      }
      const [real, alone] = await Promise.all([engine.session.call(part.calls(behind)), host.call(part.calls(direct))]);
      expect([part.name, ...real.map(comparable)]).toEqual([part.name, ...alone.map(comparable)]);
    }
  });
});
