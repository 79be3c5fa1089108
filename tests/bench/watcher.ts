/** How often a watcher reads, on a clock of its own: an hour of a hidden window beside an hour of one that is looked at. */
import { manualClock } from '../../simulator/clock.js';
import { Watcher } from '../../src/shell/watcher.js';

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

export async function run(): Promise<Figure[]> {
  const [hidden, visible] = [await ticksIn(hour, false), await ticksIn(hour, true)];
  return [
    {
      name: 'ticks of an hour, window hidden ÷ visible',
      ratio: hidden / visible,
      aim: 0.15,
      note: `${String(hidden)} ÷ ${String(visible)}`,
    },
  ];
}
