/** What was allowed for this session ends when nobody uses it, and what is known of the VMs stays, as old. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accessOf } from '../../../src/core/machine/access.js';
import { pausableClock } from '../../../src/powershell/clock.js';
import type { Connection, Installation } from '../../../src/ipc/schema.js';
import { KeptAccounts } from '../../../src/shell/kept-accounts.js';
import type { Reading } from '../../../src/shell/readings.js';
import { TriedActs } from '../../../src/shell/tried-acts.js';
import { Unused } from '../../../src/shell/unused.js';
import { World } from '../../../src/shell/world.js';
import { manualClock } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { createScenario } from '../../../simulator/scenarios/scenarios.js';
import { hearing } from './keeping.js';

describe('the count', () => {
  function counting(isBusy = () => false) {
    const clock = manualClock();
    let ended = 0;
    let told = 0;
    const unused = new Unused({
      limit: 600_000,
      after: (milliseconds, act) => clock.after(milliseconds, act),
      isBusy,
      used: () => told++,
      end: async () => {
        ended++;
        unused.stop();
      },
    });
    unused.begin();
    return { clock, unused, ended: () => ended, told: () => told };
  }

  test('ends what nobody has used for ten minutes, once', async () => {
    const { clock, ended } = counting();
    await clock.advance(599);
    expect(ended()).toBe(0);
    await clock.advance(3600);
    expect(ended()).toBe(1);
  });

  test('begins anew with each use, and tells the shell of it', async () => {
    const { clock, unused, ended, told } = counting();
    await clock.advance(599);
    unused.used();
    expect(told()).toBe(2);
    await clock.advance(599);
    expect(ended()).toBe(0);
    await clock.advance(1);
    expect(ended()).toBe(1);
  });

  test('does not end a run, however long it takes, and counts on from its end', async () => {
    let isBusy = true;
    const { clock, unused, ended, told } = counting(() => isBusy);
    await clock.advance(3000);
    expect(ended()).toBe(0);
    expect(told()).toBeGreaterThan(4);
    isBusy = false;
    unused.used();
    await clock.advance(601);
    expect(ended()).toBe(1);
  });

  test('goes on where a run that began just then has kept it', async () => {
    const clock = manualClock();
    let asked = 0;
    const unused = new Unused({
      limit: 600_000,
      after: (milliseconds, act) => clock.after(milliseconds, act),
      isBusy: () => false,
      used: () => undefined,
      end: async () => {
        asked++;
      },
    });
    unused.begin();
    await clock.advance(601);
    await clock.advance(601);
    expect(asked).toBe(2);
  });

  test('is none after what was allowed has ended', async () => {
    const { clock, unused, ended } = counting();
    unused.stop();
    unused.used();
    await clock.advance(3600);
    expect(ended()).toBe(0);
  });

  test('stands still while the PC sleeps', async () => {
    vi.useFakeTimers();
    try {
      const clock = pausableClock();
      let ended = 0;
      const unused = new Unused({
        limit: 600_000,
        after: (milliseconds, act) => clock.after(milliseconds, act),
        isBusy: () => false,
        used: () => undefined,
        end: async () => {
          ended++;
        },
      });
      unused.begin();
      await vi.advanceTimersByTimeAsync(300_000);
      clock.pause();
      await vi.advanceTimersByTimeAsync(8 * 3_600_000);
      clock.resume();
      await vi.advanceTimersByTimeAsync(299_000);
      expect(ended).toBe(0);
      await vi.advanceTimersByTimeAsync(2000);
      expect(ended).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });
});

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-unused-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));

/** A whole world whose person may not see the VMs. */
async function begun(installation: Installation = 'for-everybody') {
  const simulated = manualClock({ auto: true });
  const simulator = createScenario('not-admin', { clock: simulated });
  const awake = manualClock();
  const opened: { readonly elevated: boolean; used: number; isClosed: boolean; readonly lose: () => void }[] = [];
  const readings: Reading[] = [];
  let state: Connection = { kind: 'starting' };
  let toBe: { readonly is: (now: Connection) => boolean; readonly so: () => void } | undefined;
  const world = await World.open(
    {
      source: { kind: 'simulated', scenario: 'not-admin', through: 'direct' },
      at: thisPc,
      journal: path.join(folder, 'runs'),
      files: { look: () => Promise.resolve(new Map()), find: () => Promise.resolve({ isos: [], disks: [] }) },
      downloads: () => undefined,
      open: ({ elevated, lost, credentials }) => {
        const host = simulatedHost(simulator, { elevated, credentials, onLost: () => lost({ kind: 'session-lost' }) });
        const session = { elevated, used: 0, isClosed: false, lose: () => lost({ kind: 'session-lost' }) };
        opened.push(session);
        return Promise.resolve({
          handshake: host.handshake,
          call: host.call.bind(host),
          used: () => {
            session.used++;
          },
          close: () => {
            session.isClosed = true;
            return host.close();
          },
        });
      },
      script: () => '',
      act: () => Promise.resolve({ kind: 'done' }),
      connect: () => Promise.resolve(true),
      signOut: () => Promise.resolve(true),
      restart: () => Promise.resolve(true),
      time: { now: () => awake.now(), after: (milliseconds, act) => awake.after(milliseconds, act) },
      clock: {
        elapsed: () => simulated.now() / 1000,
        wait: (seconds) => new Promise((resolve) => simulated.after(seconds * 1000, resolve)),
      },
      sleeping: () => undefined,
      close: () => Promise.resolve(),
    },
    {
      appVersion: '0',
      installation,
      unusedLimit: 600_000,
      nameCheckpoint: () => 'Before',
      connected: (now) => {
        state = now;
        if (toBe?.is(now)) toBe.so();
      },
      heard: (reading) => readings.push(reading),
      ran: () => undefined,
      recorded: () => undefined,
      unwritable: () => undefined,
      guestsChanged: () => undefined,
      proved: () => undefined,
      tried: new TriedActs({ source: { kind: 'this-pc' }, journal: folder }, hearing()),
      kept: new KeptAccounts(
        path.join(folder, 'accounts.json'),
        {
          isEncryptionAvailable: () => false,
          encryptString: (text) => Buffer.from(text),
          decryptString: (bytes) => bytes.toString(),
        },
        hearing(),
      ),
      failed: (error) => {
        throw error;
      },
      troubled: () => undefined,
      idleSeconds: () => 0,
    },
  );
  /** Resolves when the session is as told. */
  const until = (is: (now: Connection) => boolean): Promise<void> =>
    new Promise((so) => {
      toBe = { is, so };
      if (is(state)) so();
    });
  closing.push(() => world.close());
  await until(({ kind }) => kind === 'ready');
  const last = (): Reading => {
    const reading = readings.at(-1);
    if (!reading) throw new Error('nothing was read');
    return reading;
  };
  return { simulator, awake, world, opened, until, last, state: () => state };
}
/** The same, with what was allowed for this session. */
async function allowed(installation?: Installation) {
  const lab = await begun(installation);
  expect(await lab.world.act('allow-session')).toEqual({ kind: 'done' });
  await lab.world.watcher.refresh();
  return lab;
}
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const hasEnded = (now: Connection): boolean => now.kind === 'ready' && now.ended !== undefined;

test.each([['for-everybody'], ['from-source']] satisfies [Installation][])(
  'a copy %s has an elevated session',
  async (installation) => {
    const { state } = await allowed(installation);
    expect(state()).toMatchObject({ elevated: true });
  },
);

test('a copy that its user can write has none, whoever asks for it; what runs a constant text it has', async () => {
  const { world, opened } = await begun('for-this-user');
  await expect(world.act('allow-session')).rejects.toThrow('can write');
  expect(() => world.script('allow-session')).toThrow('can write');
  expect(opened.some(({ elevated }) => elevated)).toBe(false);
  expect(await world.act('join-group')).toEqual({ kind: 'done' });
});

describe('a session that was allowed', () => {
  test('is closed after ten minutes in which the app has only read, and is not opened again by itself', async () => {
    const { awake, world, opened, until, state } = await allowed();
    for (let minute = 0; minute < 9; minute++) {
      await awake.advance(60);
      await world.watcher.refresh();
    }
    expect(state()).toMatchObject({ kind: 'ready', elevated: true });
    await awake.advance(61);
    await until(hasEnded);
    expect(state()).toMatchObject({ kind: 'ready', elevated: false, ended: { why: 'unused' } });
    expect(opened.filter(({ elevated }) => elevated)).toMatchObject([{ isClosed: true }]);
    await awake.advance(3600);
    await world.watcher.refresh();
    expect(opened.filter(({ elevated }) => elevated)).toHaveLength(1);
  });

  test('stays while somebody clicks, and the shell is told', async () => {
    const { awake, world, opened, state } = await allowed();
    for (let minute = 0; minute < 30; minute += 5) {
      await awake.advance(300);
      world.used();
    }
    expect(state()).toMatchObject({ elevated: true });
    expect(opened.at(-1)?.used).toBeGreaterThan(5);
  });

  test('stays after somebody tried to sign in to a guest', async () => {
    const { awake, world, last, state } = await allowed();
    const vm = last().machine.vms?.[0]?.id ?? '';
    await awake.advance(590);
    await world.enter({ at: vmIn(thisPc, vm), userName: 'nobody', password: 'x', remember: false });
    await awake.advance(590);
    expect(state()).toMatchObject({ elevated: true });
  });

  test('stays while a run is under way, and for ten minutes after it', async () => {
    const { awake, world, last, until, state } = await allowed();
    const vm = last().machine.vms?.find(({ state: power, nesting }) => power === 'Off' && nesting === false)?.id ?? '';
    const plan = await world.runs.plan({
      kind: 'vms',
      wants: [{ vm: vmIn(thisPc, vm), want: { nesting: true } }],
      consents: [],
    });
    if ('kind' in plan || plan.result.kind !== 'ready') throw new Error('no plan');
    // Windows takes its time: until it is told to go on.
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const call = world.connection.call.bind(world.connection);
    vi.spyOn(world.connection, 'call').mockImplementation(async (calls, signal) => {
      if (calls.some(({ cmdlet }) => cmdlet === 'Set-VMProcessor')) await held;
      return await call(calls, signal);
    });
    expect(await world.runs.start(plan.result.plan.id, [])).toMatchObject({ kind: 'started' });
    await awake.advance(3000);
    expect(state()).toMatchObject({ elevated: true });
    goOn();
    await world.runs.idle();
    expect(world.runs.records[0]?.outcome).toBe('done');
    await awake.advance(590);
    expect(state()).toMatchObject({ elevated: true });
    await awake.advance(20);
    await until(hasEnded);
  });

  test('leaves the VMs as they were read last, and says as of when', async () => {
    const { awake, world, last, until, state } = await allowed();
    const { machine: before } = last();
    await awake.advance(601);
    await until(hasEnded);
    await world.watcher.refresh();
    const { machine } = last();
    expect(machine.host.identity).toMatchObject({ isElevated: false });
    expect(machine.vms).toBe(before.vms);
    expect(machine.host.switches).toEqual(before.host.switches);
    const access = accessOf(state(), machine);
    expect(access).toMatchObject({ kind: 'ended', why: 'unused' });
    if (access.kind !== 'ended') throw new Error('has not ended');
    // It read on until then, and not after.
    expect(Date.parse(access.asOf)).toBeGreaterThanOrEqual(Date.parse(before.host.readAt));
    // Later readings without rights neither wipe them nor make them look newer.
    await world.watcher.refresh();
    expect(last().machine.vms).toBe(before.vms);
    expect(accessOf(state(), last().machine)).toEqual(access);
  });

  test('leaves them also when its shell has gone away', async () => {
    const { awake, world, opened, last, until, state } = await allowed();
    const { vms } = last().machine;
    opened.at(-1)?.lose();
    await awake.advance(0); // another one is opened at once
    await until(hasEnded);
    await world.watcher.refresh();
    expect(last().machine.vms).toBe(vms);
    expect(state()).toMatchObject({ ended: { why: 'lost' } });
  });

  test('has no change planned, and nobody signed in, on values that are old', async () => {
    const { awake, world, last, until } = await allowed();
    const vm = last().machine.vms?.find(({ state: power }) => power === 'Off')?.id ?? '';
    await awake.advance(601);
    await until(hasEnded);
    const goal = { kind: 'vms', wants: [{ vm: vmIn(thisPc, vm), want: { nesting: true } }], consents: [] } as const;
    expect(await world.runs.plan({ ...goal, wants: [...goal.wants], consents: [] })).toEqual({ kind: 'access-denied' });
    expect(await world.enter({ at: vmIn(thisPc, vm), userName: 'dev', password: 'x', remember: false })).toMatchObject({
      kind: 'refused',
      failure: { kind: 'access-denied' },
    });
  });

  test('is there again after a click, and the VMs are read anew', async () => {
    const { simulator, awake, world, last, until, state } = await allowed();
    const vm = last().machine.vms?.find(({ state: power }) => power === 'Off');
    await awake.advance(601);
    await until(hasEnded);
    simulator.outside.set(vm?.id ?? '', { nesting: true });
    await world.watcher.refresh();
    expect(last().machine.vms?.find(({ id }) => id === vm?.id)?.nesting).toBe(false);
    expect(await world.act('allow-session')).toEqual({ kind: 'done' });
    await world.watcher.refresh();
    expect(state()).not.toHaveProperty('ended');
    expect(accessOf(state(), last().machine)).toEqual({ kind: 'ok' });
    expect(last().machine.vms?.find(({ id }) => id === vm?.id)?.nesting).toBe(true);
  });
});
