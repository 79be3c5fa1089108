/** On the simulator called directly: how a snapshot grows with the number of VMs, and what a watcher's tick costs beside it. */
import type { Host, HostCall } from '../../src/core/call.js';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { simulate } from '../../simulator/scenarios/scenarios.js';
import { labOf } from '../../simulator/scenarios/trouble.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
}

const snapshot: readonly HostCall[] = [
  { cmdlet: 'Get-VM', params: {}, at: [] },
  { cmdlet: 'Get-VMProcessor', params: {}, at: [], on: { call: 0 } },
  { cmdlet: 'Get-VMNetworkAdapter', params: {}, at: [], on: { call: 0 } },
  { cmdlet: 'Get-VMSnapshot', params: {}, at: [], on: { call: 0 } },
  { cmdlet: 'Get-VMIntegrationService', params: {}, at: [], on: { call: 0 } },
  { cmdlet: 'Get-CimInstance/Win32_OperatingSystem', params: {}, at: [] },
  { cmdlet: 'Get-CimInstance/HyperVHypervisorVirtualProcessor', params: {}, at: [] },
];
const tick: readonly HostCall[] = [{ cmdlet: 'Get-CimInstance/Msvm_ComputerSystem', params: {}, at: [] }];

const hostOf = (vms: number): Host => simulatedHost(simulate(labOf(vms), manualClock()));

/** The median of several runs, in milliseconds. */
async function cost(host: Host, calls: readonly HostCall[], runs: number): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs + 3; run++) {
    const began = performance.now();
    await host.call(calls);
    if (run >= 3) times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

export async function run(): Promise<Figure[]> {
  const small = await cost(hostOf(10), snapshot, 101);
  const large = await cost(hostOf(1000), snapshot, 15);
  const hundred = hostOf(100);
  return [
    { name: 'snapshot of 1,000 VMs ÷ of 10 VMs', ratio: large / small, aim: 60 },
    {
      name: 'tick ÷ full snapshot, 100 VMs',
      ratio: (await cost(hundred, tick, 101)) / (await cost(hundred, snapshot, 51)),
      aim: 0.1,
    },
  ];
}
