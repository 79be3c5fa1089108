import { describe, expect, it } from 'vitest';
import { call, ref, refused, scenario } from './world.js';

const services = async (Filter: string) => {
  const simulator = scenario('workstation');
  const { rows, errors } = await call(simulator, 'Get-CimInstance', { ClassName: 'Win32_Service', Filter });
  return errors.length > 0 ? refused({ rows, errors, warnings: [] }) : rows.map((row) => String(row['Name']));
};

describe('a filter of Get-CimInstance', () => {
  it('is read as WQL, whatever property it names', async () => {
    const all = (await services("Name LIKE '%'")).length;
    expect(all).toBeGreaterThan(1);
    expect(await services("Name='VMMS'")).toEqual(['vmms']);
    expect(await services("NOT Name='vmms'")).toHaveLength(all - 1);
    expect(await services("Name='vmms' AND State='Stopped'")).toEqual([]);
    expect(await services("(Name='vmms' OR Name='nosuch') AND NOT State='Stopped'")).toEqual(['vmms']);
    expect(await services("Name <> 'vmms' AND Name IS NOT NULL")).toHaveLength(all - 1);
    expect(await services('Name LIKE \'vm_s\' OR Name = "vmms"')).toEqual(['vmms']);
  });

  it('compares numbers as numbers', async () => {
    const simulator = scenario('workstation');
    const names = async (Filter: string) =>
      (
        await call(simulator, 'Get-CimInstance', {
          ClassName: 'Msvm_ComputerSystem',
          Namespace: 'root\\virtualization\\v2',
          Filter,
        })
      ).rows.map((row) => row['ElementName']);
    expect(await names("ElementName='dev-box'")).toEqual(['dev-box']);
    expect(await names('EnabledState=6')).toEqual(['legacy-2012r2']);
    expect(await names('EnabledState >= 3 AND EnabledState < 6')).toEqual(['dev-box', 'k8s-node-2']);
    // The host has none.
    expect(await names("TimeOfLastStateChange LIKE 'null'")).toEqual([]);
    expect(await names("TimeOfLastStateChange LIKE '%'")).toEqual(await names('TimeOfLastStateChange IS NOT NULL'));
  });

  it('is refused where it cannot be read, or names what is not simulated', async () => {
    for (const wrong of [
      'Name',
      "Name='vmms' AND",
      'Name=vmms',
      "(Name='a'",
      "Name ~ 'a'",
      "= 'a'",
      '`',
      "Name IS 'a'",
    ])
      expect([wrong, await services(wrong)]).toEqual([wrong, ['HRESULT 0x80041017/InvalidArgument']]);
    expect(await services("DisplayName='x'")).toEqual(['NotSupported/InvalidOperation']);
  });
});

describe('Get-CimInstance', () => {
  it('finds a class in its own namespace only, and no namespace that is not there', async () => {
    const simulator = scenario('workstation');
    const read = (ClassName: string, Namespace?: string) =>
      call(simulator, 'Get-CimInstance', { ClassName, ...(Namespace === undefined ? {} : { Namespace }) });
    expect((await read('Win32_Processor', 'ROOT\\cimv2')).errors).toEqual([]);
    expect(refused(await read('MSFT_NetAdapter'))).toEqual(['HRESULT 0x80041010/MetadataError']);
    expect(refused(await read('Win32_Processor', 'root/nosuch'))).toEqual(['HRESULT 0x8004100e/ObjectNotFound']);
  });

  it('gives only the properties that are asked for, and refuses those that are not simulated', async () => {
    const simulator = scenario('workstation');
    const read = (...Property: string[]) =>
      call(simulator, 'Get-CimInstance', { ClassName: 'Win32_Service', Filter: "Name='vmms'", Property });
    expect((await read('Name', 'State')).rows).toEqual([{ Name: 'vmms', State: 'Running', StartMode: null }]);
    expect(refused(await read('ProcessId'))).toEqual(['NotSupported/InvalidOperation']);
  });
});

describe('adapters of a VM', () => {
  it('are named by -Name, as Microsoft writes it, and one that is not there is said to be missing', async () => {
    const simulator = scenario('workstation');
    const set = (Name: string) =>
      call(simulator, 'Set-VMNetworkAdapter', { VMName: 'dev-box', Name, MacAddressSpoofing: 'On' });
    const spoofing = () => simulator.outside.vm('dev-box').settings.adapters.map(({ macSpoofing }) => macSpoofing);
    expect(refused(await set('nosuch'))).toEqual(['ObjectNotFound/ObjectNotFound']);
    expect(spoofing()).toEqual(['Off']);
    expect(refused(await set('Network Adapter'))).toEqual([]);
    expect(spoofing()).toEqual(['On']);
    const plug = {
      VMNetworkAdapter: ref({ id: 'Microsoft:none\\none' }, 'VMNetworkAdapter'),
      SwitchName: 'Default Switch',
    };
    expect(refused(await call(simulator, 'Connect-VMNetworkAdapter', plug))).toEqual(['ObjectNotFound/ObjectNotFound']);
  });
});
