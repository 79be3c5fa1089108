import { afterEach, expect, test } from 'vitest';
import type { Attention } from '../../../src/shell/readings.js';
import { Watcher } from '../../../src/shell/watcher.js';
import { manualClock } from '../../../simulator/clock.js';

/** Readings that take as long as told, on a clock that moves only when it is told to. */
function watched({ takes = 0.05 }: { takes?: number } = {}) {
  const clock = manualClock();
  const begun: { at: number; attention: Attention }[] = [];
  const failures: unknown[] = [];
  const troubles: boolean[] = [];
  /** What a test changes on the way. */
  const world = { fails: false, lastInput: Infinity };
  let underWay = 0;
  let most = 0;
  const start = clock.now();
  const watcher = new Watcher({
    clock,
    failed: (error) => failures.push(error),
    troubled: (isFailing) => troubles.push(isFailing),
    idleSeconds: () => Math.max(0, (clock.now() - world.lastInput) / 1000),
    read: async (attention) => {
      begun.push({ at: (clock.now() - start) / 1000, attention });
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => clock.after(takes * 1000, resolve));
      underWay--;
      if (world.fails) throw new Error('a bug');
    },
  });
  watchers.push(watcher);
  return { clock, watcher, world, begun, failures, troubles, times: () => begun.map(({ at }) => at), most: () => most };
}
const watchers: Watcher[] = [];
afterEach(() => {
  for (const watcher of watchers.splice(0)) void watcher.stop();
});

test('reads at once, then every 15 seconds, then every 2 while somebody looks', async () => {
  const { clock, watcher, times } = watched();
  watcher.start();
  await clock.advance(31);
  expect(times()).toEqual([0, 15, 30]);
  watcher.setVisible(true);
  await clock.advance(5);
  expect(times()).toEqual([0, 15, 30, 32, 34, 36]);
});

test('the times do not drift, however long it runs', async () => {
  const { clock, watcher, times } = watched({ takes: 0.13 });
  watcher.setVisible(true);
  watcher.start();
  await clock.advance(200);
  expect(times().at(-1)).toBe(200);
});

test('a slow host is read less often, and never twice at once', async () => {
  const { clock, watcher, times, most } = watched({ takes: 1.5 });
  watcher.setVisible(true);
  watcher.start();
  await clock.advance(1);
  watcher.touch('one');
  watcher.touch('two');
  void watcher.refresh();
  await clock.advance(40);
  expect(times()).toEqual([0, 1.5, 16.5, 31.5]);
  expect(most()).toBe(1);
});

test('what the app has just changed is read at once, and only once', async () => {
  const { clock, watcher, begun } = watched();
  watcher.start();
  await clock.advance(5);
  watcher.touch('vm');
  await clock.advance(1);
  expect(begun.map(({ attention }) => attention.vms)).toEqual([[], ['vm']]);
  await clock.advance(20);
  expect(begun.at(-1)?.attention.vms).toEqual([]);
});

test('the VM whose page is open is read in full at each tick', async () => {
  const { clock, watcher, begun } = watched();
  watcher.setVisible(true);
  watcher.start();
  await clock.advance(1);
  watcher.setOpen('vm');
  await clock.advance(6);
  expect(begun.slice(1).every(({ attention }) => attention.vms.includes('vm'))).toBe(true);
  watcher.setOpen(null);
  await clock.advance(4);
  expect(begun.at(-1)?.attention.vms).toEqual([]);
});

test('Refresh waits for a reading that began after the click, of everything', async () => {
  const { clock, watcher, begun } = watched({ takes: 1 });
  watcher.start();
  await clock.advance(0.5);
  let isDone = false;
  const done = watcher.refresh().then(() => (isDone = true));
  await clock.advance(0.6);
  expect(isDone, 'the reading under way is older than the click').toBe(false);
  await clock.advance(1);
  await done;
  expect(begun.map(({ attention }) => attention.all)).toEqual([false, true]);
});

test.each(['asleep', 'locked'] as const)('while the PC is %s nothing is read, and afterwards at once', async (why) => {
  const { clock, watcher, times } = watched();
  watcher.start();
  await clock.advance(1);
  watcher.setPaused(why, true);
  watcher.touch('vm');
  await clock.advance(3600);
  expect(times()).toEqual([0]);
  watcher.setPaused(why, false);
  await clock.advance(0.1);
  expect(times()).toEqual([0, 3601]);
});

test('a PC that wakes up locked is still not read', async () => {
  const { clock, watcher, times } = watched();
  watcher.start();
  await clock.advance(1);
  watcher.setPaused('locked', true);
  watcher.setPaused('asleep', true);
  watcher.setPaused('asleep', false);
  await clock.advance(60);
  expect(times()).toEqual([0]);
  watcher.setPaused('locked', false);
  await clock.advance(0.1);
  expect(times()).toEqual([0, 61]);
});

test('ten minutes after the last key it reads once a minute, and soon after the next key again as before', async () => {
  const { clock, watcher, world, times } = watched();
  watcher.setVisible(true);
  world.lastInput = clock.now();
  watcher.start();
  await clock.advance(720);
  expect(times().slice(-3)).toEqual([598, 658, 718]);
  world.lastInput = clock.now();
  await clock.advance(4.5);
  expect(times().slice(-3)).toEqual([720.05, 722.05, 724.05]);
});

test('a reading that fails is written down, said once, tried less and less often, and comes back by itself', async () => {
  const { clock, watcher, world, failures, troubles, times } = watched();
  world.fails = true;
  watcher.start();
  await clock.advance(211);
  expect(times()).toEqual([0, 30, 90, 210]);
  expect(failures).toHaveLength(4);
  expect(troubles).toEqual([true]);
  expect(watcher.isFailing).toBe(true);
  world.fails = false;
  await clock.advance(271);
  expect(times()).toEqual([0, 30, 90, 210, 450, 465, 480]);
  expect(troubles).toEqual([true, false]);
});

test('Refresh is obeyed at once while readings fail', async () => {
  const { clock, watcher, world, times } = watched();
  world.fails = true;
  watcher.start();
  await clock.advance(100);
  void watcher.refresh();
  await clock.advance(0.1);
  expect(times()).toEqual([0, 30, 90, 100]);
});

test('nobody waits for ever on a watcher that was stopped', async () => {
  const { clock, watcher } = watched();
  watcher.start();
  await clock.advance(1);
  const asked = watcher.refresh();
  const stopped = watcher.stop();
  await clock.advance(1);
  await Promise.all([asked, stopped]);
  expect(clock.waiting).toBe(0);
});
