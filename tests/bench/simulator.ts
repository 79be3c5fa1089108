/** On the simulator called directly: how a snapshot grows with the number of VMs, and what a watcher's tick costs beside it. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { serialize } from 'node:v8';
import type { Host } from '../../src/core/cmdlets/call.js';
import { ask } from '../../src/core/cmdlets/batch.js';
import { assembleMachine, snapshotCalls } from '../../src/core/machine/snapshot.js';
import { tickCalls, tickOf } from '../../src/core/machine/tick.js';
import { MachineReader } from '../../src/shell/reader.js';
import type { Reading } from '../../src/shell/readings.js';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { simulate } from '../../simulator/scenarios/scenarios.js';
import { labOf } from '../../simulator/scenarios/trouble.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
  readonly note: string;
}

const ROUNDS = 51;

const hostOf = (vms: number): Host => simulatedHost(simulate(labOf(vms), manualClock()));
const now = new Date(manualClock().now()).toISOString();

async function snapshot(host: Host): Promise<number> {
  const machine = assembleMachine(thisPc, await ask(host, snapshotCalls(thisPc)), { handshake: host.handshake, now });
  return machine.vms?.length ?? 0;
}

async function tick(host: Host): Promise<number> {
  const [result] = await host.call(tickCalls(thisPc));
  return tickOf(result)?.size ?? 0;
}

/** As a message to the window is packed. */
const tell = ({ patch }: Reading): void => void serialize([{ kind: 'machine', patch }]);
const readers = new WeakMap<Host, MachineReader>();
const readAt = new Date(manualClock().now());

/** All that main does in a tick where nothing has changed: asks, compares, and tells the window that nothing has. */
async function reading(host: Host): Promise<number> {
  const reader = readers.get(host) ?? new MachineReader(host, thisPc, { now: () => 0, date: () => readAt }, tell);
  readers.set(host, reader);
  await reader.read({ all: false, vms: [] });
  return reader.machine?.vms?.length ?? 0;
}

interface Work {
  readonly act: (host: Host) => Promise<number>;
  readonly vms: number;
  /** How often for one measure: a short one would slip through between two turns of other processes, a long one not. */
  readonly times: number;
}

/**
 * What each costs, in milliseconds of processor time (what else the machine does is not in it): the medians of measures taken in
 * turn. All VMs must be there, or it would measure a failure.
 */
async function costs(works: readonly Work[]): Promise<number[]> {
  const all = works.map((work) => ({ ...work, host: hostOf(work.vms), measured: [] as number[] }));
  for (let round = 0; round < 2 * ROUNDS; round++)
    for (const { act, vms, times, host, measured } of all) {
      const before = process.cpuUsage();
      for (let run = 0; run < times; run++) {
        const read = await act(host);
        if (read !== vms) throw new Error(`${read} of ${vms} VMs were read`);
      }
      const { user, system } = process.cpuUsage(before);
      // The first half is for the compiler of the engine.
      if (round >= ROUNDS) measured.push((user + system) / 1000 / times);
    }
  return all.map(({ measured }) => measured.toSorted((a, b) => a - b)[Math.floor(measured.length / 2)] ?? Number.NaN);
}

export async function run(): Promise<Figure[]> {
  const [thousand = Number.NaN, ten = Number.NaN] = await costs([
    { act: snapshot, vms: 1000, times: 1 },
    { act: snapshot, vms: 10, times: 50 },
  ]);
  const [many = Number.NaN, few = Number.NaN] = await costs([
    { act: reading, vms: 300, times: 20 },
    { act: reading, vms: 3, times: 100 },
  ]);
  const [ticks = Number.NaN, hundred = Number.NaN] = await costs([
    { act: tick, vms: 100, times: 100 },
    { act: snapshot, vms: 100, times: 10 },
  ]);
  return [
    {
      name: 'snapshot of 1,000 VMs ÷ of 10 VMs',
      ratio: thousand / ten,
      aim: 60,
      note: `${thousand.toFixed(2)} ms ÷ ${ten.toFixed(3)} ms`,
    },
    {
      name: 'tick ÷ full snapshot, 100 VMs',
      ratio: ticks / hundred,
      aim: 0.1,
      note: `${ticks.toFixed(3)} ms ÷ ${hundred.toFixed(3)} ms`,
    },
    {
      name: 'tick of 300 VMs ÷ of 3 VMs',
      ratio: many / few,
      aim: 10,
      note: `${many.toFixed(3)} ms ÷ ${few.toFixed(3)} ms`,
    },
  ];
}
