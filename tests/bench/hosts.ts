/** Many hosts beside each other, each a simulator that is called directly: what a tick of all costs, and what one that is away costs the others. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import type { Host } from '../../src/core/cmdlets/call.js';
import { MachineReader } from '../../src/shell/reader.js';
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

const VMS = 30;
const ROUNDS = 60;
/** Ticks of one measure: a short one would slip through between two turns of other processes. */
const TICKS = 20;

const hostOf = (): Host => simulatedHost(simulate(labOf(VMS), manualClock()));
const away: Pick<Host, 'handshake' | 'call' | 'close'> = {
  ...hostOf(),
  call: () => new Promise(() => undefined),
};
const readerOf = (host: Host): MachineReader =>
  new MachineReader(host, thisPc, { now: () => 0, date: () => new Date(0) }, () => undefined);

async function tick(readers: readonly MachineReader[]): Promise<void> {
  for (const { machine } of await Promise.all(
    readers.map(async (one) => (await one.read({ all: false, vms: [] }), one)),
  ))
    if (machine?.vms?.length !== VMS) throw new Error('not all VMs were read');
}

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Milliseconds of processor time of a tick, what else the machine does is not in it: medians of measures taken in turn, the first half left out. */
async function costs(works: readonly (() => Promise<void>)[]): Promise<number[]> {
  const measured = works.map((): number[] => []);
  for (let round = 0; round < 2 * ROUNDS; round++)
    for (const [index, work] of works.entries()) {
      const before = process.cpuUsage();
      for (let run = 0; run < TICKS; run++) await work();
      const { user, system } = process.cpuUsage(before);
      if (round >= ROUNDS) measured[index]?.push((user + system) / 1000 / TICKS);
    }
  return measured.map(median);
}

export async function run(): Promise<Figure[]> {
  const [first, ...others] = Array.from({ length: 20 }, () => readerOf(hostOf()));
  if (!first) return [];
  const gone = readerOf(away);
  const shown = (a: number, b: number): string => `${a.toFixed(3)} ms ÷ ${b.toFixed(3)} ms`;
  const [all = Number.NaN, one = Number.NaN] = await costs([() => tick([first, ...others]), () => tick([first])]);
  const [beside = Number.NaN, otherwise = Number.NaN] = await costs([
    // Asked each time, as a watcher would that waited for nothing, and never answered.
    async () => {
      void gone.read({ all: false, vms: [] });
      await tick(others);
    },
    () => tick(others),
  ]);
  return [
    { name: 'tick of 20 hosts ÷ of 1', ratio: all / one, aim: 25, note: `${shown(all, one)}, 30 VMs each` },
    {
      name: 'tick of 19 hosts, one more away ÷ otherwise',
      ratio: beside / otherwise,
      aim: 1.2,
      note: shown(beside, otherwise),
    },
  ];
}
