/**
 * Hosts as the app has them, over real SSH servers: many beside each other, a run that is cut at its steps, a host that sleeps, and clocks that are
 * wrong. Each host has an sshd and, in each session, an engine of its own; the simulated worlds behind them are all in this process.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { epoch, realClock, type Clock } from '../../simulator/clock.js';
import type { RunRecord } from '../../src/core/run/record.js';
import { notAsBefore, notAsWanted, notTheSame } from '../faults/judge.js';
import { stateOf } from '../faults/state.js';
import { hostNamed } from '../unit/core/other-pc.js';
import { hasPowerShell } from './runtime.js';
import { appOver, type AppOver } from './ssh-app.js';
import { labDuring, type Behind } from './ssh-lab.js';
import { hasSshd } from './sshd.js';

/** npm run faults: 20 hosts, and each point of the run. */
const HOSTS = Number(process.env['HYPERNEST_SSH_HOSTS'] ?? 3);
const CUTS = Number(process.env['HYPERNEST_SSH_CUTS'] ?? 1);
/** Each opens several sessions with an engine: only a hang is a failure. */
const LONG = 600_000 + 60_000 * CUTS;

describe.skipIf(!hasSshd() || !(await hasPowerShell()))('hosts over SSH, as the app has them', () => {
  const lab = labDuring();
  /** Ten minutes there are a second here: a VM that was started is up soon. */
  const clockFrom = (start: number): Clock => realClock({ speed: 600, start });
  let count = 0;
  let apps: AppOver[] = [];
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    expect(apps.flatMap(({ troubles }) => troubles)).toEqual([]);
    apps = [];
  });
  async function opened(how: { readonly before?: readonly string[]; readonly clock?: Clock } = {}) {
    const number = (++count).toString(16).padStart(12, '0');
    const machine = `aaaaaaaa-0000-4000-8000-${number}`;
    const behind = await lab.host('workstation', machine, { clock: how.clock ?? clockFrom(epoch) });
    const at = hostNamed(`host-${number}`);
    const app = await appOver(behind, { at, machine, userData: lab.scratch, before: how.before ?? [] });
    apps.push(app);
    return { behind, app };
  }
  const kinds = ({ connections }: AppOver): readonly string[] => connections.all.map(({ kind }) => kind);
  const goal = { 'vms/Lab DC 01/settings/nesting': true };
  const judged = { goal, oneWay: [], names: ['Lab DC 01'] };

  it(
    `are ${String(HOSTS)}: one is changed, one is cut, and the others hear nothing of it`,
    async () => {
      // Each of them starts a shell: a real host has processors of its own for that, these share the two of this PC.
      const hosts: Awaited<ReturnType<typeof opened>>[] = [];
      while (hosts.length < HOSTS)
        hosts.push(...(await Promise.all(Array.from({ length: Math.min(3, HOSTS - hosts.length) }, () => opened()))));
      const [one, cut, ...others] = hosts;
      if (!one || !cut) throw new Error('too few');
      const before = hosts.map(({ behind }) => stateOf(behind.simulator.world));
      const pids = others.map(({ app }) => app.world.connection.handshake.pid);
      const record = await one.app.run(one.app.goalFor('Lab DC 01', { nesting: true }));
      expect(record.outcome).toBe('done');
      expect(notAsWanted(before[0] ?? new Map(), stateOf(one.behind.simulator.world), judged)).toEqual([]);
      const heard = cut.app.connections.all.length;
      cut.behind.sshd.cut();
      const lost = await cut.app.connections.until(({ kind }) => kind === 'lost', heard);
      expect(lost).toMatchObject({ kind: 'lost', changing: false });
      await cut.app.connections.until(({ kind }) => kind === 'ready', heard);
      // Each of the others is still read, by the session that it had.
      await Promise.all(
        others.map(async ({ app }) => {
          const read = app.machines.all.length;
          await app.world.watcher.refresh();
          await app.machines.until(() => true, read - 1);
        }),
      );
      expect(others.map(({ app }) => app.world.connection.handshake.pid)).toEqual(pids);
      for (const { app } of [one, ...others]) expect(kinds(app)).toEqual(['starting', 'ready']);
      for (const [index, { app, behind }] of hosts.entries()) {
        if (index === 0) continue;
        expect(app.world.runs.records).toEqual([]);
        expect(notTheSame(before[index] ?? new Map(), stateOf(behind.simulator.world))).toEqual([]);
      }
    },
    LONG,
  );

  type Point = { readonly at: 'event' | 'call' | 'reply'; readonly number: number };
  /** Cuts the connection once, when that has been reached. */
  function cutAt({ behind, app }: { readonly behind: Behind; readonly app: AppOver }, point: Point): { readonly off: () => void; readonly isCut: () => boolean } {
    const [firstEvent, heard] = [app.events.all.length, { calls: 0, isCut: false, isOver: false }];
    const cut = (): void => {
      if (heard.isCut || heard.isOver) return;
      heard.isCut = true;
      const from = app.connections.all.length;
      behind.sshd.cut();
      // Lost again and again it is tried ever later: a person tries now.
      void app.connections
        .until((one) => one.kind === 'lost', from)
        .then((one) => {
          if (one.kind === 'lost' && Date.parse(one.retryAt ?? '') > Date.now() + 300) void app.world.connection.open();
        });
    };
    if (point.at === 'event') void app.events.until(() => app.events.all.length - firstEvent >= point.number).then(cut);
    const stop = behind.simulator.on((event) => {
      if (event.kind === 'changed' || event.request.cmdlet.startsWith('Get-')) return;
      if (event.kind === 'call') heard.calls++;
      if (event.kind === point.at && heard.calls === point.number) cut();
    });
    const off = (): void => {
      stop();
      heard.isOver = true;
    };
    return { off, isCut: () => heard.isCut };
  } // prettier-ignore

  it(
    'are cut in the middle of a run: it is finished or undone, nothing of it is lost, and no more than it is changed',
    async () => {
      const host = await opened();
      const { app, behind } = host;
      const { world } = behind.simulator;
      const before = stateOf(world);
      const points: readonly Point[] = [
      { at: 'reply', number: 1 }, { at: 'call', number: 2 }, { at: 'event', number: 3 }, { at: 'reply', number: 3 },
      { at: 'event', number: 1 }, { at: 'call', number: 1 }, { at: 'event', number: 2 }, { at: 'reply', number: 2 },
      { at: 'event', number: 4 }, { at: 'event', number: 5 }, { at: 'call', number: 3 }, { at: 'event', number: 6 }, { at: 'event', number: 7 },
    ]; // prettier-ignore
      const outcomes: string[] = [];
      const isBack = async (from: number): Promise<void> => {
        await app.connections.until(({ kind }) => kind === 'lost', from);
        await app.connections.until(({ kind }) => kind === 'ready', from);
      };
      /** Carried out with a cut in it; what it had told is in its journal. */
      const cutRun = async (
        point: Point,
        act: () => Promise<RunRecord | undefined>,
      ): Promise<RunRecord | undefined> => {
        const from = app.connections.all.length;
        const { off, isCut } = cutAt(host, point);
        const record = await act();
        off();
        // An undo that has nothing to do, or less than that, is not cut.
        if (isCut()) await isBack(from);
        if (!record) return undefined;
        const known = (await app.journal()).find(({ id }) => id === record.id);
        expect(known?.events).toEqual(app.events.all.filter(({ run }) => run === record.id));
        expect(known?.outcome).toBe(record.outcome);
        outcomes.push(`${point.at} ${String(point.number)}: ${String(record.outcome)}`);
        return record;
      };
      for (const point of points.slice(0, CUTS)) {
        const record = await cutRun(point, () => app.run(app.goalFor('Lab DC 01', { nesting: true })));
        if (!record) throw new Error('no run');
        if (record.outcome === 'done') expect(notAsWanted(before, stateOf(world), judged)).toEqual([]);
        const undone = await cutRun(point, () => app.undo(record));
        // What could not be told is asked again once the host is back.
        if (undone && undone.outcome !== 'done') await app.undo(record);
        expect(notAsBefore(before, stateOf(world), judged), outcomes.join(', ')).toEqual([]);
      }
      expect(app.world.runs.cutShort).toEqual([]);
    },
    LONG,
  );

  it(
    'are away while they sleep, though their port still takes connections, and back once they are awake',
    async () => {
      const quick = ['ServerAliveInterval=1', 'ServerAliveCountMax=2', 'ConnectTimeout=3'].flatMap((one) => [
        '-o',
        one,
      ]);
      const { app, behind } = await opened({ before: quick });
      const since = app.connections.all.length;
      const wake = behind.sshd.sleep();
      try {
        expect(await app.connections.until(({ kind }) => kind === 'lost', since)).toMatchObject({ changing: false });
        // Tried again it says why.
        const away = await app.connections.until((one) => one.kind === 'lost' && one.attempts >= 2, since);
        expect(away).toMatchObject({ failure: { kind: 'host-not-answering' }, since: expect.any(String) as string });
      } finally {
        wake();
      }
      await app.world.connection.open();
      await app.connections.until(({ kind }) => kind === 'ready', since);
      const read = app.machines.all.length;
      await app.world.watcher.refresh();
      expect(app.machines.all.length).toBeGreaterThan(read - 1);
    },
    LONG,
  );

  it(
    'whose clock is a day behind, and jumps to a day ahead, are timed by ours',
    async () => {
      const DAY = 86_400_000;
      const base = clockFrom(Date.now() - DAY);
      let shift = 0;
      const { app, behind } = await opened({ clock: { ...base, now: () => base.now() + shift, after: base.after } });
      const from = Date.now();
      const during = (time: string | undefined): boolean => Math.abs(Date.parse(time ?? '') - from) < DAY / 2;
      const before = stateOf(behind.simulator.world);
      const orders: number[] = [];
      // From a day behind to a day ahead; back it does not jump: its VMs count by it how long they run, as no Windows does.
      for (const jump of [0, 2 * DAY]) {
        shift += jump;
        const record = await app.run(app.goalFor('Lab DC 01', { nesting: true }));
        const undone = await app.undo(record);
        for (const run of [record, undone]) {
          expect(run?.outcome).toBe('done');
          expect(run?.events.every(({ time, elapsed }) => during(time) && elapsed >= 0 && elapsed < 3600)).toBe(true);
          orders.push(run?.order ?? 0);
        }
        expect(notAsBefore(before, stateOf(behind.simulator.world), judged)).toEqual([]);
        const last = app.machines.all.at(-1);
        expect(during(last?.host.readAt)).toBe(true);
      }
      expect(orders).toEqual(orders.toSorted((a, b) => a - b));
      const heard = app.connections.all.length;
      behind.sshd.cut();
      const lost = await app.connections.until(({ kind }) => kind === 'lost', heard);
      expect(lost.kind === 'lost' && during(lost.since)).toBe(true);
    },
    LONG,
  );
});
