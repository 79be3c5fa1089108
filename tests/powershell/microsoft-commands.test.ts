/** Microsoft's commands for nested virtualization, as its page has them: dashes and curly quotes and all. */
import { describe, expect, it } from 'vitest';
import type { SimulatedVm } from '../../simulator/world.js';
import { account, caught, oneShots } from './one-shots.js';
import { hasPowerShell } from './runtime.js';

const builder = account('builder', 'build-01');
const machineIn = ({ guest, name }: SimulatedVm) => {
  if (!guest.machine) throw new Error(`${name} is no machine`);
  return guest.machine;
};
const network = [
  'New-VMSwitch -Name VmNAT -SwitchType Internal | Out-Null',
  'New-NetNat –Name LocalNAT –InternalIPInterfaceAddressPrefix “192.168.100.0/24” | Out-Null',
  'Get-NetAdapter "vEthernet (VmNat)" | New-NetIPAddress -IPAddress 192.168.100.1 -AddressFamily IPv4 -PrefixLength 24 | Out-Null',
];

describe.skipIf(!(await hasPowerShell()))("Microsoft's commands", () => {
  it('turn nesting and spoofing on and off for the VM that they name, and for no other', async () => {
    const { simulator, lines } = await oneShots('workstation');
    const settings = () => JSON.stringify([...simulator.world.host.vms.values()].filter(({ name }) => name !== 'dev-box').map((one) => one.settings)); // prettier-ignore
    const before = settings();
    const box = () => simulator.outside.vm('dev-box').settings;
    expect(await lines('Set-VMProcessor -VMName dev-box -ExposeVirtualizationExtensions $true')).toEqual([]);
    expect(box().nesting).toBe(true);
    expect(await lines('Set-VMProcessor -VMName dev-box -ExposeVirtualizationExtensions $false')).toEqual([]);
    expect(box().nesting).toBe(false);
    const spoofing = 'Get-VMNetworkAdapter -VMName dev-box | Set-VMNetworkAdapter -MacAddressSpoofing On';
    expect(await lines(spoofing)).toEqual([]);
    expect(box().adapters.map(({ macSpoofing }) => macSpoofing)).toEqual(['On']);
    expect(settings()).toBe(before);
  });

  it('make a NAT network in the VM that holds others; those for its VMs fail there, since the adapter is not theirs', async () => {
    const { simulator, lines } = await oneShots('workstation');
    const inner = machineIn(simulator.outside.vm('构建机'));
    const inside = (...statements: readonly string[]) =>
      lines(`Import-Module Hyper-V; Invoke-Command -VMName 构建机 -Credential ${builder} { ${statements.join('; ')} }`);
    expect(await inside(...network)).toEqual([]);
    expect(inner.network.nats).toMatchObject([{ name: 'LocalNAT', prefix: '192.168.100.0/24' }]);
    expect(inner.network.addresses).toMatchObject([{ address: '192.168.100.1', prefixLength: 24 }]);

    const [runner] = [...inner.vms.values()].filter(({ name }) => name === 'runner-w');
    if (!runner) throw new Error('no runner-w');
    const forL2 =
      'Get-NetAdapter "vEthernet (VmNat)" | New-NetIPAddress -IPAddress 192.168.100.2 -DefaultGateway 192.168.100.1 -AddressFamily IPv4 -PrefixLength 24';
    const deep = account('builder', 'runner-w');
    const [id] = await inside(`Invoke-Command -VMName runner-w -Credential ${deep} { ${caught(forL2.replace('|', '-ErrorAction Stop |'))} }`); // prettier-ignore
    expect(id).toBe('CmdletizationQuery_NotFound_Name,Get-NetAdapter');
    expect(machineIn(runner).network.addresses).toEqual([]);
  });

  it('of netsh are refused as not simulated, on every machine', async () => {
    const { lines } = await oneShots('workstation');
    const netsh = 'Netsh interface ip add dnsserver “vEthernet (VmNat)” address=192.0.2.1';
    expect((await lines(caught(netsh))).at(-1)).toBe('netsh is not simulated.');
    const inside = `Import-Module Hyper-V; Invoke-Command -VMName 构建机 -Credential ${builder} { ${caught(netsh)} }`;
    expect((await lines(inside)).at(-1)).toBe('netsh is not simulated.');
  });
});
