/** A scenario whose VM `lab` is a machine with two VMs in it, and calls inside. */
import type { ScenarioName } from '../../simulator/scenarios/scenarios.js';
import type { WireReply } from '../../simulator/wire.js';
import type { SimulatedMachine, SimulatedVm } from '../../simulator/world.js';
import { scenario } from './world.js';

type Parameters = Readonly<Record<string, unknown>>;

export function labOf(name: ScenarioName) {
  const simulator = scenario(name);
  const l1 = simulator.outside.vm('lab');
  const inner = machineOf(l1);
  const nested = (wanted: string) => {
    for (const vm of inner.vms.values()) if (vm.name === wanted) return vm;
    throw new Error(`no VM ${wanted} inside`);
  };
  const ask = (machine: string, cmdlet: string, parameters: Parameters) =>
    simulator.invoke({ machine, elevated: true, cmdlet, parameters });
  const windows = nested('lab-win');
  return {
    simulator,
    l1,
    inner,
    windows,
    linux: nested('lab-linux'),
    /** In the VM of the PC. */
    run: (cmdlet: string, parameters: Parameters = {}) => ask(l1.id, cmdlet, parameters),
    /** In its Windows VM. */
    deep: (cmdlet: string, parameters: Parameters = {}) => ask(`${l1.id}/${windows.id}`, cmdlet, parameters),
    /** On the PC. */
    outside: (cmdlet: string, parameters: Parameters = {}) => ask('', cmdlet, parameters),
    classOf: async (ClassName: string) =>
      (await ask(l1.id, 'Get-CimInstance', { ClassName, Namespace: 'root/StandardCimv2' })).rows,
  };
}
export type Lab = ReturnType<typeof labOf>;

export function machineOf({ guest, name }: SimulatedVm): SimulatedMachine {
  if (!guest.machine) throw new Error(`${name} is no machine`);
  return guest.machine;
}

export const adapterOf = (vm: SimulatedVm) => ({
  $ref: { type: 'VMNetworkAdapter', id: vm.settings.adapters[0]?.id ?? '' },
});

/** The way with a NAT network, as the app makes it. */
export async function makeNat({ run }: Pick<Lab, 'run'>, prefix = '192.168.77'): Promise<readonly WireReply[]> {
  return [
    await run('New-VMSwitch', { Name: 'VmNAT', SwitchType: 'Internal' }),
    await run('New-NetNat', { Name: 'LocalNAT', InternalIPInterfaceAddressPrefix: `${prefix}.0/24` }),
    await run('New-NetIPAddress', { InterfaceAlias: 'vEthernet (VmNAT)', IPAddress: `${prefix}.1`, PrefixLength: 24, AddressFamily: 'IPv4' }), // prettier-ignore
  ];
}
