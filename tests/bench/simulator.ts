/** On the simulator called directly: how a snapshot grows with the number of VMs, and what a watcher's tick costs beside it. */
import type { Host } from '../../src/core/call.js';
import { assembleMachine, snapshotCalls, tickCalls, tickOf } from '../../src/core/snapshot.js';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { simulate } from '../../simulator/scenarios/scenarios.js';
import { labOf } from '../../simulator/scenarios/trouble.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
}

const hostOf = (vms: number): Host => simulatedHost(simulate(labOf(vms), manualClock()));
const now = new Date(manualClock().now()).toISOString();

async function snapshot(host: Host): Promise<number> {
  const machine = assembleMachine([], await host.call(snapshotCalls([])), { handshake: host.handshake, now });
  return machine.vms?.length ?? 0;
}

async function tick(host: Host): Promise<number> {
  const [result] = await host.call(tickCalls([]));
  return tickOf(result)?.size ?? 0;
}

/** The median of several runs in milliseconds. All VMs must be there, or it would measure a failure. */
async function cost(act: (host: Host) => Promise<number>, vms: number, runs: number): Promise<number> {
  const host = hostOf(vms);
  const times: number[] = [];
  // As many as are measured: the compiler of the engine is done by then.
  const warmUp = runs;
  for (let run = 0; run < runs + warmUp; run++) {
    const began = performance.now();
    const read = await act(host);
    if (read !== vms) throw new Error(`${read} of ${vms} VMs were read`);
    if (run >= warmUp) times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

export async function run(): Promise<Figure[]> {
  const hundred = await cost(snapshot, 100, 101);
  return [
    {
      name: 'snapshot of 1,000 VMs ÷ of 10 VMs',
      ratio: (await cost(snapshot, 1000, 21)) / (await cost(snapshot, 10, 301)),
      aim: 60,
    },
    { name: 'tick ÷ full snapshot, 100 VMs', ratio: (await cost(tick, 100, 301)) / hundred, aim: 0.1 },
  ];
}
