/** Against electron-updater itself and a feed on this PC; only time is ours. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { UpdateState, UpdateWish } from '../../../src/ipc/updates.js';
import { limits, Updates, updatingOf } from '../../../src/shell/updates.js';
import type { Updater } from '../../../src/shell/updater.js';
import { file, installer, openFeed, release, type Answer, type Feed } from './feed.js';

let feed: Feed | undefined;
afterEach(async () => {
  await feed?.close();
  feed = undefined;
});

const at = '2026-12-01T08:00:00.000Z';
const silence: Answer = () => undefined;
const gone: Answer = (response) => response.writeHead(404).end();

interface Desk {
  readonly updates: Updates;
  readonly states: UpdateState[];
  readonly told: string[];
  readonly made: Updater[];
  readonly world: { wish: UpdateWish; isBusy: boolean; isSeen: boolean; quits: number };
  /** Lets time pass. */
  pass(milliseconds: number): void;
  /** The state that comes of what goes on. */
  until(kind: UpdateState['kind']): Promise<UpdateState>;
  readonly feed: Feed;
}

async function desk(
  answers: Parameters<typeof openFeed>[0],
  but: { readonly wish?: UpdateWish; readonly installs?: boolean } = {},
): Promise<Desk> {
  const opened = (feed = await openFeed(answers));
  const world = { wish: but.wish ?? 'tell', isBusy: false, isSeen: false, quits: 0 };
  const states: UpdateState[] = [];
  const told: string[] = [];
  const made: Updater[] = [];
  let now = 0;
  const timers = new Set<{ readonly due: number; readonly act: () => void }>();
  const updates = new Updates({
    make: async () => {
      const updater = await opened.make();
      vi.spyOn(updater, 'quitAndInstall').mockReturnValue();
      made.push(updater);
      return updater;
    },
    clock: {
      after: (milliseconds, act) => {
        const timer = { due: now + milliseconds, act };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    now: () => new Date(at),
    wish: () => world.wish,
    installs: but.installs ?? true,
    isBusy: () => world.isBusy,
    isSeen: () => world.isSeen,
    changed: (state) => states.push(state),
    newer: (version) => told.push(version),
    quit: () => (world.quits += 1),
  });
  return {
    updates,
    states,
    told,
    made,
    world,
    feed: opened,
    pass: (milliseconds) => {
      now += milliseconds;
      for (const timer of [...timers].filter(({ due }) => due <= now)) {
        timers.delete(timer);
        timer.act();
      }
    },
    until: (kind) =>
      vi.waitFor(
        () => {
          expect(updates.state.kind).toBe(kind);
          return updates.state;
        },
        { timeout: 20_000, interval: 5 },
      ),
  };
}

describe('which copy can look for a newer version', () => {
  const copy = {
    repository: { owner: 'some-one', name: 'hypernest' },
    isReleased: true,
    platform: 'win32',
    installation: 'for-this-user',
  } as const;

  test('a release of a known repository; one for all users installs nothing', () => {
    expect(updatingOf(copy)).toEqual({ installs: true, found: { kind: 'not-looked' } });
    expect(updatingOf({ ...copy, installation: 'for-everybody' })).toMatchObject({ installs: false });
  });

  test.each([{ repository: null }, { isReleased: false }, { platform: 'linux' } as const])('not with %o', (but) =>
    expect(updatingOf({ ...copy, ...but })).toBeNull(),
  );
});

describe('where nobody asked for it', () => {
  test('nothing leaves this PC', async () => {
    const { updates, pass, states, made } = await desk({ latest: release('2.0.0') }, { wish: 'never' });
    updates.start();
    pass(limits.again);
    expect(states).toEqual([]);
    expect(made).toEqual([]);
  });
});

describe('a look', () => {
  test('begins a minute after the start, and finds a newer version: it is told once and not fetched', async () => {
    const { updates, pass, until, told, feed: asked } = await desk({ latest: release('1.0.1') });
    updates.start();
    pass(limits.first - 1);
    expect(updates.state).toEqual({ kind: 'not-looked' });
    pass(1);
    expect(await until('newer')).toEqual({ kind: 'newer', version: '1.0.1' });
    pass(limits.again);
    expect(updates.state.kind).toBe('looking');
    await until('newer');
    expect(told).toEqual(['1.0.1']);
    expect(asked.asked.map(({ path }) => path)).toEqual(['/latest.yml', '/latest.yml']);
  });

  test('tells the feed nothing by which this copy is known', async () => {
    const { updates, feed: asked } = await desk({ latest: release('1.0.1') }, { wish: 'install' });
    await updates.look();
    for (const { headers } of asked.asked) expect(headers['x-user-staging-id'] ?? '').toBe('');
    expect(asked.asked).toHaveLength(2);
  });

  test.each(['1.0.0', '0.9.0'])('finds nothing newer in %s', async (version) => {
    const { updates } = await desk({ latest: release(version) });
    await updates.look();
    expect(updates.state).toEqual({ kind: 'current', at });
  });

  test.each<[string, Answer]>([
    ['no release', gone],
    ['no feed but a page', (response) => response.end('<html>')],
    ['a version that is none', release('newest')],
    ['a line that breaks', (response) => response.destroy()],
    [
      'an answer that breaks',
      (response) =>
        response.writeHead(200, { 'content-length': '999' }).write('version: 2') &&
        setImmediate(() => response.destroy()),
    ],
  ])('that meets %s has failed, silently, and is tried again in an hour', async (_name, latest) => {
    const { updates, told, pass, made } = await desk({ latest });
    await updates.look();
    expect(updates.state).toEqual({ kind: 'failed', why: 'not-reached', at });
    expect(told).toEqual([]);
    pass(limits.retry);
    await vi.waitFor(() => expect(made).toHaveLength(2));
  });

  test('that gets no answer ends in time, and the next is a new one', async () => {
    let answer = silence;
    const { updates, pass, feed: asked, until } = await desk({ latest: (...given) => answer(...given) });
    const arrived = asked.arrived();
    const looked = updates.look();
    await arrived;
    pass(limits.look);
    await looked;
    expect(updates.state).toEqual({ kind: 'failed', why: 'not-reached', at });
    answer = release('1.0.1');
    pass(limits.retry);
    await until('newer');
  });

  test('counts no more when it is turned off meanwhile', async () => {
    const { updates, world, feed: asked, made, pass } = await desk({ latest: silence });
    const arrived = asked.arrived();
    const looked = updates.look();
    await arrived;
    world.wish = 'never';
    updates.wished();
    pass(limits.look);
    await looked;
    expect(updates.state).toEqual({ kind: 'not-looked' });
    pass(limits.again);
    expect(made).toHaveLength(1);
  });
});

describe('installing by itself', () => {
  const wish = { wish: 'install' } as const;

  test('fetches the version, quits in order when nothing runs, and only then starts the installer', async () => {
    const { updates, states, world, made, told, feed: own } = await desk({ latest: release('1.0.1') }, wish);
    await updates.look();
    expect(states.map(({ kind }) => kind)).toEqual(['looking', 'fetching', 'ready']);
    expect(world.quits).toBe(1);
    expect(await readFile(path.join(own.folder, 'hypernest-updater/pending/Hypernest.exe'))).toEqual(installer);
    const install = vi.mocked(made[0]?.quitAndInstall ?? vi.fn());
    expect(install).not.toHaveBeenCalled();
    updates.left();
    expect(install.mock.calls).toEqual([[true, true]]);
    expect(told).toEqual([]);
  });

  test('never in a change, nor while the window is open', async () => {
    const { updates, world, made } = await desk({ latest: release('1.0.1') }, wish);
    Object.assign(world, { isBusy: true, isSeen: true });
    await updates.look();
    world.isSeen = false;
    updates.rest();
    expect(world.quits).toBe(0);
    Object.assign(world, { isBusy: false, isSeen: true });
    updates.rest();
    expect(world.quits).toBe(0);
    updates.left();
    expect(made[0]?.quitAndInstall).not.toHaveBeenCalled();
    world.isSeen = false;
    updates.rest();
    updates.rest();
    expect(world.quits).toBe(1);
  });

  test('a person who asks for it waits for changes only', async () => {
    const { updates, world } = await desk({ latest: release('1.0.1') }, wish);
    Object.assign(world, { isBusy: true, isSeen: true });
    await updates.look();
    updates.install();
    expect(world.quits).toBe(0);
    world.isBusy = false;
    updates.rest();
    expect(world.quits).toBe(1);
  });

  test('what is ready waits when the wish is taken back', async () => {
    const { updates, world } = await desk({ latest: release('1.0.1') }, wish);
    world.isSeen = true;
    await updates.look();
    world.wish = 'never';
    updates.wished();
    world.isSeen = false;
    updates.rest();
    expect(world.quits).toBe(0);
    expect(updates.state).toEqual({ kind: 'ready', version: '1.0.1' });
  });

  test('what a person has asked for is taken back with the wish', async () => {
    const { updates, world } = await desk({ latest: release('1.0.1') }, wish);
    Object.assign(world, { isBusy: true, isSeen: true });
    await updates.look();
    updates.install();
    updates.stays(); // another end than its own
    world.wish = 'never';
    updates.wished();
    world.isBusy = false;
    updates.rest();
    expect(world.quits).toBe(0);
  });

  test('nothing is installed by an end that comes after quitting was taken back, unless it is asked for again', async () => {
    const { updates, world, made } = await desk({ latest: release('1.0.1') }, wish);
    world.isSeen = true;
    await updates.look();
    updates.install();
    expect(world.quits).toBe(1);
    updates.stays();
    updates.rest();
    expect(world.quits).toBe(1);
    updates.left();
    const install = vi.mocked(made[0]?.quitAndInstall ?? vi.fn());
    expect(install).not.toHaveBeenCalled();
    updates.install();
    expect(world.quits).toBe(2);
    updates.left();
    expect(install.mock.calls).toEqual([[true, true]]);
  });

  test('a copy for all users is never replaced: it is told', async () => {
    const { updates, told, world } = await desk({ latest: release('1.0.1') }, { ...wish, installs: false });
    await updates.look();
    expect(updates.state).toEqual({ kind: 'newer', version: '1.0.1' });
    expect(told).toEqual(['1.0.1']);
    expect(world.quits).toBe(0);
  });

  test.each<[string, 'damaged' | 'not-fetched', Answer]>([
    ['another file than was published', 'damaged', (response) => response.end(Buffer.alloc(installer.length, 'x'))],
    ['half of it', 'damaged', (response) => response.end(installer.subarray(0, 100_000))],
    ['no file', 'not-fetched', gone],
    [
      'a line that breaks in the middle',
      'not-fetched',
      (response) => {
        response.writeHead(200, { 'content-length': String(installer.length) });
        response.write(installer.subarray(0, 100_000), () => response.destroy());
      },
    ],
  ])('%s is not installed, and said to be %s', async (_name, why, exe) => {
    const { updates, world, feed: own } = await desk({ latest: release('1.0.1'), exe }, wish);
    await updates.look();
    expect(updates.state).toEqual({ kind: 'failed', why, at });
    const left = await readdir(path.join(own.folder, 'hypernest-updater/pending'));
    // Windows keeps what is still open: the part of a file, which the next download begins anew.
    expect(process.platform === 'win32' ? left.filter((name) => !name.startsWith('temp-')) : left).toEqual([]);
    updates.install();
    expect(world.quits).toBe(0);
  });

  test('a download that stands still ends in time, and the next look fetches it', async () => {
    let exe: Answer = (response) => {
      response.writeHead(200, { 'content-length': String(installer.length) });
      response.write(installer.subarray(0, 100_000));
    };
    const {
      updates,
      pass,
      until,
      feed: asked,
    } = await desk({ latest: release('1.0.1'), exe: (...given) => exe(...given) }, wish);
    const arrived = asked.arrived().then(() => asked.arrived());
    const looked = updates.look();
    await arrived;
    pass(limits.stall);
    await looked;
    expect(updates.state).toEqual({ kind: 'failed', why: 'not-fetched', at });
    exe = file;
    pass(limits.retry);
    await until('ready');
  });

  test('one that is taken back in the middle is dropped', async () => {
    const { updates, world, feed: asked } = await desk({ latest: release('1.0.1'), exe: silence }, wish);
    const arrived = asked.arrived().then(() => asked.arrived());
    const looked = updates.look();
    await arrived;
    world.wish = 'never';
    updates.wished();
    await looked;
    expect(updates.state).toEqual({ kind: 'not-looked' });
    updates.install();
    expect(world.quits).toBe(0);
  });
});
