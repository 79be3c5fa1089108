/** What keeping watch costs in the long run, on a clock of its own: how often it reads, and what it keeps of it. */
import { thisPc, type VmRef } from '../../src/core/cmdlets/ref.js';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { isEmpty } from '../../src/core/machine/patch.js';
import { MenuKeeper } from '../../src/shell/menu-keeper.js';
import { MachineReader } from '../../src/shell/reader.js';
import type { Reading } from '../../src/shell/readings.js';
import { usesOf, type Uses } from '../../src/core/run/recent.js';
import { trayMenu } from '../../src/shell/tray-menu.js';
import { Watcher } from '../../src/shell/watcher.js';
import { translator } from '../../src/text/index.js';

interface Figure {
  readonly name: string;
  readonly ratio: number;
  readonly aim: number;
  readonly note: string;
}

const hour = 3600;

async function ticksIn(seconds: number, isVisible: boolean): Promise<number> {
  const clock = manualClock();
  let ticks = 0;
  const watcher = new Watcher({
    clock,
    read: () => {
      ticks++;
      return Promise.resolve();
    },
    failed: (error) => {
      throw error;
    },
    troubled: () => undefined,
    idleSeconds: () => 0,
  });
  watcher.setVisible(isVisible);
  watcher.start();
  await clock.advance(seconds);
  await watcher.stop();
  return ticks;
}

const EARLY = 100;
const LATE = 10_000;

/** Bytes of the heap after so many ticks of one watcher, each time with all garbage thrown away. */
async function heapAfterTicks(): Promise<readonly [early: number, late: number]> {
  setFlagsFromString('--expose-gc');
  const throwAway = runInNewContext('gc') as () => void;
  const clock = manualClock();
  const simulator = createScenario('workstation', { clock });
  const host = simulatedHost(simulator);
  const t = translator('en');
  let sets = 0;
  let uses: Uses = new Map();
  const kept = new MenuKeeper(() => sets++);
  /** As compose.ts does. */
  const heard = ({ machine, patch }: Reading): void => {
    if (isEmpty(patch)) return;
    uses = usesOf(machine, [], uses);
    const connection = { kind: 'ready', handshake: host.handshake, elevated: false } as const;
    const facts = { connection, machine, isSimulated: true, busy: new Set<VmRef>(), hasCutShort: false };
    kept.show(trayMenu({ ...facts, drifts: [], isFailing: false, isLeaving: false, uses, lastChange: undefined }, t));
  };
  const reader = new MachineReader(host, thisPc, { now: () => clock.now(), date: () => new Date(clock.now()) }, heard);
  let ticks = 0;
  const watcher = new Watcher({
    clock,
    read: async (attention) => {
      await reader.read(attention);
      ticks++;
    },
    failed: (error) => {
      throw error;
    },
    troubled: () => undefined,
    idleSeconds: () => 0,
  });
  watcher.setVisible(true);
  watcher.start();
  const vm = [...simulator.world.host.vms.values()].find(({ state }) => state === 'Running')?.id ?? null;
  watcher.setOpen(vm);
  const heapAt = async (wanted: number): Promise<number> => {
    while (ticks < wanted) await clock.advance(2);
    throwAway();
    return process.memoryUsage().heapUsed;
  };
  const early = await heapAt(EARLY);
  const late = await heapAt(LATE);
  await watcher.stop();
  if (sets === 0) throw new Error('no menu was made');
  return [early, late];
}

export async function run(): Promise<Figure[]> {
  const [early, late] = await heapAfterTicks();
  const [hidden, visible] = [await ticksIn(hour, false), await ticksIn(hour, true)];
  return [
    {
      name: 'ticks of an hour, window hidden ÷ visible',
      ratio: hidden / visible,
      aim: 0.15,
      note: `${String(hidden)} ÷ ${String(visible)}`,
    },
    {
      name: 'heap after 10,000 ticks ÷ after 100',
      ratio: late / early,
      aim: 1.05,
      note: `${(late / 2 ** 20).toFixed(1)} MB ÷ ${(early / 2 ** 20).toFixed(1)} MB`,
    },
  ];
}
