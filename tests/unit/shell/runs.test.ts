/** Runs over a real folder of journals and a simulated PC: what a window can ask of them, and what a crash leaves. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Consent, Goal, VmWant } from '../../../src/core/machine/goal.js';
import type { RunEvent, RunRecord } from '../../../src/core/run/record.js';
import type { FileFault } from '../../../src/ipc/notices.js';
import { pausableClock } from '../../../src/powershell/clock.js';
import { driftsIn } from '../../../src/core/run/drift.js';
import type { ShownPlan, StartResult } from '../../../src/ipc/schema.js';
import { Runs } from '../../../src/shell/runs.js';
import { sleep } from '../../../simulator/clock.js';
import type { VmWish } from '../../../simulator/scenarios/build.js';
import { lineOf } from './a-line.js';
import { pcWith, readyOf, type RunWorld } from '../core/run-world.js';

const GiB = 2 ** 30;
let folder = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-runs-'));
});
afterEach(() => fs.rm(folder, { recursive: true, maxRetries: 9 }));

interface Desk {
  readonly pc: RunWorld;
  readonly runs: Runs;
  readonly events: RunEvent[];
  readonly recorded: RunRecord[];
  readonly unwritable: FileFault[];
  readonly want: (name: string, want: VmWant, consents?: readonly Consent[]) => Promise<ShownPlan>;
  readonly begin: (shown: ShownPlan, consents?: readonly Consent[]) => Promise<StartResult>;
  /** Planned, agreed to, started and ended: its id. */
  readonly whole: (name: string, want: VmWant) => Promise<string>;
  readonly record: (id: string) => RunRecord;
}

interface Time {
  /** Milliseconds by which the clock of the wall is wrong. */
  readonly wrong?: () => number;
  readonly elapsed?: () => number;
}

async function deskOn(pc: RunWorld, at = folder, time: Time = {}): Promise<Desk> {
  await pc.read();
  const { clock } = pc.simulator;
  const events: RunEvent[] = [];
  const recorded: RunRecord[] = [];
  const unwritable: FileFault[] = [];
  const runs = await Runs.open({
    host: () => pc.host,
    machine: () => pc.reader.machine,
    readVms: (ids, where) => pc.reader.readVms(ids, where),
    readFreeMemory: () => pc.reader.readFreeMemory(),
    at: thisPc,
    folder: at,
    appVersion: '0.1.0',
    onEvent: (event) => events.push(event),
    onRecord: (record) => recorded.push(record),
    onUnwritable: (fault) => unwritable.push(fault),
    failed: (error) => {
      throw error;
    },
    now: () => new Date(clock.now() + (time.wrong?.() ?? 0)),
    wait: (seconds) => sleep(clock, seconds),
    elapsed: time.elapsed ?? (() => clock.now() / 1000),
  });
  const want: Desk['want'] = (name, wanted, consents = []) =>
    plan(runs, { kind: 'vms', wants: [{ vm: vmIn(thisPc, pc.id(name)), want: wanted }], consents });
  const begin: Desk['begin'] = (shown, consents = []) => runs.start(readyOf(shown.result).id, consents);
  return {
    pc,
    runs,
    events,
    recorded,
    unwritable,
    want,
    begin,
    whole: async (name, wanted) => {
      const id = runOf(await begin(await want(name, wanted), ['shut-down']));
      await runs.idle();
      return id;
    },
    record: (id) => {
      const found = runs.records.find((one) => one.id === id);
      if (!found) throw new Error(`no run ${id}`);
      return found;
    },
  };
}
const desk = (...wishes: readonly VmWish[]) => deskOn(pcWith(wishes));

async function plan(runs: Runs, goal: Goal): Promise<ShownPlan> {
  const shown = await runs.plan(goal);
  if ('kind' in shown) throw new Error(shown.kind);
  return shown;
}
function runOf(started: StartResult): string {
  if (started.kind !== 'started') throw new Error(started.kind);
  return started.run;
}
const cmdlets = (shown: ShownPlan) =>
  readyOf(shown.result).chains.flatMap(({ steps }) =>
    steps.map(({ do: act }) => ('call' in act ? act.call.cmdlet : 'wait')),
  );
const on: VmWant = { nesting: true };

describe('a run', () => {
  test('is planned, started, told step by step and kept', async () => {
    const { want, begin, runs, events, recorded, pc } = await desk({ name: 'a' });
    const shown = await want('a', on);
    expect(shown.script.length).toBeGreaterThan(0);
    expect(shown.undoScript.length).toBeGreaterThan(0);
    const id = runOf(await begin(shown));
    expect(runs.busyVms).toEqual(new Set([vmIn(thisPc, pc.id('a'))]));
    await runs.idle();
    expect(runs.isBusy).toBe(false);
    expect(events.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['started', 0],
      ['step', 1],
      ['step', 2],
      ['ended', 3],
    ]);
    expect(recorded.at(-1)).toMatchObject({ id, outcome: 'done' });
    const [read] = (await deskOn(pc)).runs.records;
    expect(read).toEqual(recorded.at(-1));
  });

  test('does not begin without what it needs to be agreed to', async () => {
    const { want, begin, pc } = await desk({ name: 'a', state: 'Running' });
    const shown = await want('a', on);
    for (const consents of [[], ['turn-off'], ['drop-saved-state']] as const)
      expect(await begin(shown, consents)).toEqual({ kind: 'consent-missing' });
    expect((await pc.vm('a')).state).toBe('Running');
    expect((await begin(shown, ['shut-down'])).kind).toBe('started');
  });

  test('turns nothing off before its guest was asked, whatever the window sends', async () => {
    const { want, begin, runs, events } = await desk({ name: 'a', state: 'Running', guest: { obeys: 'locked' } });
    const first = await want('a', on, ['turn-off']);
    expect(cmdlets(first)[0]).toBe('Stop-VM');
    await begin(first, ['shut-down']);
    await runs.idle();
    expect(events.some((event) => event.kind === 'stopped' && event.offer === 'turn-off')).toBe(true);
    const second = await want('a', on, ['turn-off']);
    expect(cmdlets(second)[0]).toBe('Stop-VM/TurnOff');
    expect(await begin(second)).toEqual({ kind: 'consent-missing' });
    await begin(second, ['turn-off']);
    await runs.idle();
    // It went: the next time it is asked again.
    expect(cmdlets(await want('a', { nesting: false }, ['turn-off']))[0]).toBe('Stop-VM');
  });

  test('that Windows refused as the VM ran is planned with the VM off, also after the app was started again', async () => {
    const { want, whole, record, runs, pc } = await desk({ name: 'a', state: 'Running', up: 600 });
    const memory = { memory: { startup: 6 * GiB } };
    const first = await want('a', memory);
    expect(cmdlets(first)).toEqual(['Set-VMMemory']);
    pc.simulator.fault({ cmdlet: 'Set-VMMemory', effect: { kind: 'error', error: 'set-memory-invalid-state' } });
    const id = await whole('a', memory);
    expect(record(id).events).toContainEqual(expect.objectContaining({ kind: 'stopped', offer: 'while-off' }));
    const after = await deskOn(pc);
    expect(cmdlets(await after.want('a', memory))).toEqual(['Stop-VM', 'Set-VMMemory', 'Start-VM']);
    // Started with what was read just before: still the same plan, and it is carried out.
    await whole('a', memory);
    expect(runs.records.map(({ outcome }) => outcome)).toEqual(['done', 'failed']);
    expect(await pc.vm('a')).toMatchObject({ state: 'Running', memory: { startup: 6 * GiB } });
    // It went: the next time it is tried as it runs.
    expect(cmdlets(await want('a', { memory: { startup: 2 * GiB } }))).toEqual(['Set-VMMemory']);
  });

  test('says what is free now, not what was free when all was read last', async () => {
    const { want, pc } = await desk({ name: 'a' }, { name: 'b', settings: { startup: 30 * GiB } });
    const wish: VmWant = { power: 'running', memory: { startup: 32 * GiB } };
    expect(readyOf((await want('a', wish)).result).remarks).toBeUndefined();
    pc.simulator.outside.put(pc.id('b'), 'Running');
    expect(readyOf((await want('a', wish)).result).remarks).toMatchObject([
      { verdict: 'warning', title: { key: 'checks.memoryNotFree', params: { memory: 32 * GiB, free: 30 * GiB } } },
    ]);
  });

  test('for a VM that was deleted is not said to be done already', async () => {
    const { pc, runs } = await desk({ name: 'a' }, { name: 'b' });
    const vm = pc.id('a');
    pc.simulator.outside.remove(vm);
    expect(await runs.plan({ kind: 'vms', wants: [{ vm: vmIn(thisPc, vm), want: on }], consents: [] })).toEqual({
      kind: 'not-found',
    });
  });

  test('of many names the VM that is gone, and does the others', async () => {
    const { pc, runs, whole } = await desk({ name: 'a' }, { name: 'b' }, { name: 'c' });
    await whole('c', on);
    const [a, b, c] = [pc.id('a'), pc.id('b'), pc.id('c')];
    const wants = (...vms: readonly string[]): Goal => ({
      kind: 'vms',
      wants: vms.map((vm) => ({ vm: vmIn(thisPc, vm), want: on })),
      consents: [],
    });
    pc.simulator.outside.remove(b);
    const many = readyOf((await plan(runs, wants(a, b))).result);
    expect(many.chains.map(({ name }) => name)).toEqual(['a']);
    expect(many.gone).toEqual([{ vm: vmIn(thisPc, b), name: 'b' }]);
    // Also where nothing else is left to do: that is not simply "already so".
    expect((await plan(runs, wants(b, c))).result).toMatchObject({
      kind: 'already-so',
      gone: [{ vm: vmIn(thisPc, b) }],
    });
  });

  test('begins once: a plan that was started, or was never shown, is not known', async () => {
    const { want, begin, runs } = await desk({ name: 'a' });
    const shown = await want('a', on);
    await begin(shown);
    expect(await begin(shown)).toEqual({ kind: 'unknown-plan' });
    expect(await runs.start('made-up', [])).toEqual({ kind: 'unknown-plan' });
    await runs.idle();
  });

  test('begins once, also where it is started twice at the same moment', async () => {
    const { want, begin, runs, events } = await desk({ name: 'a' });
    const shown = await want('a', on);
    const both = await Promise.all([begin(shown), begin(shown)]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['started', 'unknown-plan']);
    await runs.idle();
    expect(runs.records).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'started')).toHaveLength(1);
  });

  test('that was not begun is still there: once what stood in the way has gone, it begins', async () => {
    const { want, begin, runs, pc } = await desk({ name: 'a' });
    const shown = await want('a', on);
    pc.simulator.outside.put(pc.id('a'), 'Running');
    expect(await Promise.all([begin(shown), begin(shown)])).toMatchObject([
      { kind: 'changed' },
      { kind: 'unknown-plan' },
    ]);
    pc.simulator.outside.put(pc.id('a'), 'Off');
    pc.simulator.fault({ cmdlet: 'Get-VM', nth: 1, onwards: false, effect: { kind: 'die' } });
    expect((await begin(shown)).kind).toBe('unreadable');
    expect((await begin(shown)).kind).toBe('started');
    await runs.idle();
    expect(await pc.vm('a')).toMatchObject({ nesting: true });
  });

  test('is shown anew where the facts have changed since', async () => {
    const { want, begin, pc, events } = await desk({ name: 'a' });
    const shown = await want('a', on);
    pc.simulator.outside.put(pc.id('a'), 'Running');
    const answer = await begin(shown);
    if (answer.kind !== 'changed') throw new Error(answer.kind);
    expect(readyOf(answer.plan.result).consents).toMatchObject([{ consent: 'shut-down', given: false }]);
    expect(events).toEqual([]);
  });

  test('with a session that is lost is not begun', async () => {
    const { want, begin, pc, events } = await desk({ name: 'a' });
    const shown = await want('a', on);
    pc.simulator.fault({ cmdlet: 'Get-VM', effect: { kind: 'die' } });
    expect(await begin(shown)).toMatchObject({ kind: 'unreadable', failure: { kind: 'session-lost' } });
    expect(events).toEqual([]);
  });

  test('changes nothing where its journal cannot be written, and that is said', async () => {
    const blocked = path.join(folder, 'a file');
    await fs.writeFile(blocked, '');
    const { want, begin, pc, unwritable } = await deskOn(pcWith([{ name: 'a' }]), blocked);
    expect((await begin(await want('a', on))).kind).toBe('unreadable');
    expect(unwritable).toContainEqual({ why: 'in-the-way', path: blocked });
    expect(await pc.vm('a')).toMatchObject({ nesting: false });
  });

  test('never changes a VM together with another run', async () => {
    const { want, begin, runs, events, pc } = await desk({ name: 'a', state: 'Running' });
    const plans = [await want('a', on), await want('a', { memory: { startup: 8 * GiB } })];
    const ids: string[] = [];
    for (const shown of plans) ids.push(runOf(await begin(shown, ['shut-down'])));
    await runs.idle();
    const steps = events.filter(({ kind }) => kind === 'step').map(({ run }) => ids.indexOf(run));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Running', memory: { startup: 8 * GiB } });
  });

  test('that is cancelled ends between steps', async () => {
    const { want, begin, runs, record } = await desk({ name: 'a', state: 'Running' });
    const id = runOf(await begin(await want('a', on), ['shut-down']));
    runs.cancel(id);
    await runs.idle();
    expect(record(id).outcome).toMatch(/cancelled|partly/);
  });

  test('tells how long it may take by how long it took', async () => {
    const { whole, want } = await desk({ name: 'a', state: 'Running' });
    await whole('a', on);
    const shown = await want('a', { nesting: false });
    const { estimate } = readyOf(shown.result).chains[0]?.power ?? {};
    expect(estimate?.down).toBeGreaterThan(0);
    expect(estimate?.up).toBeGreaterThan(0);
  });
});

describe('a clock', () => {
  const day = 86_400_000;

  test('that is set back changes nothing: what was done last is what was done last', async () => {
    let wrong = 0;
    const pc = pcWith([{ name: 'a', state: 'Running', guest: { obeys: 'locked' } }]);
    const { want, begin, runs, record } = await deskOn(pc, folder, { wrong: () => wrong });
    const first = runOf(await begin(await want('a', on, ['turn-off']), ['shut-down']));
    await runs.idle();
    wrong = -3 * day;
    const second = runOf(await begin(await want('a', on, ['turn-off']), ['turn-off']));
    await runs.idle();
    expect(record(second).outcome).toBe('done');
    wrong = -6 * day;
    const again = await deskOn(pc, folder, { wrong: () => wrong });
    for (const one of [runs, again.runs]) expect(one.records.map(({ id }) => id)).toEqual([second, first]);
    // It went down: the next time it is asked again, not forced.
    expect(cmdlets(await again.want('a', { nesting: false }, ['turn-off']))[0]).toBe('Stop-VM');
    const third = await again.whole('a', { stopAction: 'TurnOff' });
    expect(again.runs.records.map(({ id }) => id)).toEqual([third, second, first]);
    expect(again.runs.ownRecords.map(({ id }) => id)).toEqual([third]);
    // What was done last holds: nothing has drifted.
    const machine = await pc.read();
    expect(driftsIn({ machine, records: again.runs.records, busy: new Set(), kept: [] })).toEqual([]);
    const took = again.runs.records.flatMap(({ events }) => events.map(({ elapsed }) => elapsed));
    expect(Math.min(...took)).toBe(0);
  });

  test('that ran on while the PC slept in the middle of a step ends nothing, and counts for nothing', async () => {
    const pc = pcWith([{ name: 'a' }]);
    const { clock, outside } = pc.simulator;
    let slept = 0;
    const awake = pausableClock(() => clock.now() + slept);
    const time = { wrong: () => slept, elapsed: () => awake.now() / 1000 };
    const { want, begin, runs, record } = await deskOn(pc, folder, time);
    const shown = await want('a', on);
    pc.simulator.fault({
      cmdlet: 'Set-VMProcessor',
      effect: {
        kind: 'meanwhile',
        act: () => {
          // Nobody has said that it would sleep; and the VM is on its way when it wakes.
          slept = 9 * 3_600_000;
          outside.put(pc.id('a'), 'Starting');
          clock.after(60_000, () => outside.put(pc.id('a'), 'Off'));
        },
      },
    });
    const run = runOf(await begin(shown));
    await runs.idle();
    const last = record(run).events.at(-1);
    expect(last?.elapsed).toBeLessThan(120);
    expect(Date.parse(last?.time ?? '') - Date.parse(record(run).events[0]?.time ?? '')).toBeGreaterThan(8 * 3_600_000);
  });
});

describe('a disk that is full', () => {
  const refused = (code: string) => Object.assign(new Error(code), { code });
  /** From the line with this number on nothing can be written; what came before it is on the disk. */
  async function fullFrom(line: number): Promise<() => void> {
    const handle = await fs.open(path.join(folder, 'any'), 'w');
    const prototype = Object.getPrototypeOf(handle) as { write: (...args: unknown[]) => Promise<unknown> };
    const { write } = prototype;
    await handle.close();
    let count = 0;
    const spy = vi.spyOn(prototype, 'write').mockImplementation(function (this: unknown, ...args) {
      return count++ < line ? write.apply(this, args) : Promise.reject(refused('ENOSPC'));
    });
    return () => spy.mockRestore();
  }

  test('at whichever line: the VM that ran runs again, the person is told, and after a restart all can be undone', async () => {
    for (let line = 0, isWhole = false; !isWhole; line++) {
      const at = path.join(folder, String(line));
      const pc = pcWith([{ name: 'a', state: 'Running' }]);
      const before = await deskOn(pc, at);
      const shown = await before.want('a', on);
      const heal = await fullFrom(line);
      const run = runOf(await before.begin(shown, ['shut-down']));
      await before.runs.idle();
      heal();
      isWhole = before.unwritable.length === 0;
      expect([line, (await pc.vm('a')).state]).toEqual([line, 'Running']);
      // Its outcome is told and held, though it may not be written.
      expect(before.record(run).outcome).toBeDefined();
      expect(before.events.at(-1)).toMatchObject({ kind: 'ended' });
      if (!isWhole) expect(before.unwritable[0]).toEqual({ why: 'full', path: at });
      const after = await deskOn(pc, at);
      expect(after.record(run).trouble).toBeUndefined();
      const back = await plan(after.runs, { kind: 'undo', run, consents: ['shut-down'] });
      if (back.result.kind === 'ready') {
        await after.runs.start(back.result.plan.id, ['shut-down']);
        await after.runs.idle();
      }
      expect([line, await pc.vm('a')]).toMatchObject([line, { state: 'Running', nesting: false }]);
      expect(line).toBeLessThan(20);
    }
  });

  test.each([
    ['ENOSPC', 'journal-full', 'full'],
    ['EROFS', 'journal-unwritable', 'read-only'],
    ['EACCES', 'journal-unwritable', 'refused'],
    ['EBUSY', 'journal-unwritable', 'refused'],
    ['EPERM', 'journal-unwritable', 'refused'],
  ] as const)('or refuses (%s) before a run begins: it is not begun, and that is said', async (code, kind, why) => {
    const { want, begin, pc, unwritable, runs } = await desk({ name: 'a' });
    const shown = await want('a', on);
    const write = vi.spyOn(fs, 'writeFile').mockRejectedValue(refused(code));
    try {
      expect(await begin(shown)).toEqual({ kind: 'unreadable', failure: { kind } });
    } finally {
      write.mockRestore();
    }
    expect(unwritable).toEqual([{ why, path: folder }]);
    expect(await pc.vm('a')).toMatchObject({ nesting: false });
    expect(await fs.readdir(folder)).toEqual([]);
    // Once there is room, the same plan begins.
    expect((await begin(shown)).kind).toBe('started');
    await runs.idle();
  });

  test('a folder in the place of a journal: what is marked later cannot be, and that is said', async () => {
    const { runs, run, unwritable, record } = await cutShort('Off');
    const file = path.join(folder, `${run}.jsonl`);
    await fs.rm(file);
    await fs.mkdir(file);
    expect(await runs.settle(run, 'leave')).toEqual({ kind: 'left' });
    expect(unwritable).toHaveLength(1);
    expect(record(run).settled).toBe('left');
  });

  test('a folder of journals that could not be read at the start is read before a run begins', async () => {
    const pc = pcWith([{ name: 'a' }, { name: 'b' }]);
    const first = await (await deskOn(pc)).whole('a', on);
    const read = vi.spyOn(fs, 'readdir').mockRejectedValue(refused('EIO'));
    const after = await deskOn(pc);
    read.mockRestore();
    expect(after.unwritable).toMatchObject([{ why: 'other', detail: 'EIO' }]);
    const second = await after.whole('b', on);
    expect(after.runs.records.map(({ id, order }) => [id, order])).toEqual([
      [second, 2],
      [first, 1],
    ]);
  });
});

describe('a broken journal', () => {
  test('is shown, waits for no decision, and is neither undone, compared nor finished', async () => {
    const { run, pc } = await cutShort('Running');
    const file = path.join(folder, `${run}.jsonl`);
    const lines = (await fs.readFile(file, 'utf8')).split('\n');
    await fs.writeFile(file, lines.toSpliced(2, 1, 'x').join('\n'));
    const { runs, record } = await deskOn(pc);
    expect(record(run).trouble).toBe('broken');
    expect(runs.cutShort).toEqual([]);
    expect(await runs.settle(run, 'finish')).toEqual({ kind: 'unknown-plan' });
    expect(await runs.threeWay(run)).toEqual({ kind: 'not-found' });
    expect(await runs.plan({ kind: 'undo', run, consents: [] })).toEqual({ kind: 'not-found' });
  });

  test('whose last line is damaged: the step that it may have begun is ours, whether it was done or not', async () => {
    for (const isDone of [false, true]) {
      const { run, pc } = await cutShort('Running');
      const file = path.join(folder, `${run}.jsonl`);
      await fs.appendFile(file, '{"event":{"kind":"step" 00000000\n');
      if (isDone) pc.simulator.outside.set(pc.id('a'), { nesting: true });
      const { runs, record } = await deskOn(pc);
      expect(record(run).trouble).toBe('damaged');
      expect((await runs.settle(run, 'undo')).kind).toBe('started');
      await runs.idle();
      expect(await pc.vm('a')).toMatchObject({ nesting: false, state: 'Running' });
      await fs.rm(folder, { recursive: true, maxRetries: 9 });
      await fs.mkdir(folder);
    }
  });
});

describe('undoing', () => {
  test('marks the run that is undone', async () => {
    const { whole, runs, record, pc } = await desk({ name: 'a' });
    const first = await whole('a', on);
    const shown = await plan(runs, { kind: 'undo', run: first, consents: [] });
    expect(shown.threeWay).toMatchObject([{ verdict: 'undo', found: false, wrote: true, now: true }]);
    const second = runOf(await runs.start(readyOf(shown.result).id, []));
    await runs.idle();
    expect(record(first).undoneBy).toBe(second);
    expect(await pc.vm('a')).toMatchObject({ nesting: false });
    expect((await deskOn(pc)).record(first).undoneBy).toBe(second);
  });

  test('leaves alone what somebody else changed between looking and starting', async () => {
    const { whole, runs, pc } = await desk({ name: 'a', settings: { startup: 2 * GiB } });
    const run = await whole('a', { memory: { startup: 4 * GiB }, nesting: true });
    const shown = await plan(runs, { kind: 'undo', run, consents: [] });
    pc.simulator.outside.set(pc.id('a'), { startup: 6 * GiB });
    const answer = await runs.start(readyOf(shown.result).id, []);
    if (answer.kind !== 'changed') throw new Error(answer.kind);
    expect(answer.plan.threeWay?.map(({ verdict }) => verdict).toSorted()).toEqual(['somebody-else', 'undo']);
    await runs.start(readyOf(answer.plan.result).id, []);
    await runs.idle();
    expect(await pc.vm('a')).toMatchObject({ nesting: false, memory: { startup: 6 * GiB } });
  });

  test('of a run that is not known is refused', async () => {
    const { runs } = await desk({ name: 'a' });
    expect(await runs.plan({ kind: 'undo', run: '../x', consents: [] })).toEqual({ kind: 'not-found' });
  });
});

/** The app is killed when the first step is done: nothing after that line is in the journal. */
async function cutShort(state: 'Off' | 'Running'): Promise<Desk & { readonly run: string }> {
  const before = await desk({ name: 'a', state });
  const { pc } = before;
  const shown = await before.want('a', state === 'Running' ? on : { nesting: true, stopAction: 'ShutDown' });
  const run = runOf(await before.begin(shown, ['shut-down']));
  const stop = pc.simulator.fault({
    cmdlet: state === 'Running' ? 'Set-VMProcessor' : 'Set-VM',
    effect: { kind: 'hang' },
  });
  await before.runs.idle();
  stop();
  // As it was when it was killed.
  pc.simulator.outside.put(pc.id('a'), 'Off');
  const file = path.join(folder, `${run}.jsonl`);
  const lines = (await fs.readFile(file, 'utf8')).split('\n');
  // Head, started, running and done of the first step.
  await fs.writeFile(file, `${lines.slice(0, 4).join('\n')}\n`);
  return { ...(await deskOn(pc)), run };
}

describe('a run that was cut short', () => {
  test('is found at the next start', async () => {
    const { runs, run } = await cutShort('Off');
    expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);
    expect(runs.isBusy).toBe(false);
  });

  test('is finished: the rest is done, and what ran before runs again', async () => {
    const { runs, run, pc, record } = await cutShort('Running');
    expect((await pc.vm('a')).state).toBe('Off');
    expect((await runs.settle(run, 'finish')).kind).toBe('started');
    await runs.idle();
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Running' });
    expect(record(run).settled).toBe('finished');
    expect((await deskOn(pc)).runs.cutShort).toEqual([]);
  });

  test('is undone', async () => {
    const { runs, run, pc, record } = await cutShort('Running');
    expect((await runs.settle(run, 'undo')).kind).toBe('started');
    await runs.idle();
    expect(await pc.vm('a')).toMatchObject({ nesting: false, state: 'Running' });
    expect(record(run)).toMatchObject({ settled: 'undone' });
    expect(record(run).undoneBy).toBeDefined();
    const again = await deskOn(pc);
    expect(again.record(run)).toMatchObject({ settled: 'undone', undoneBy: record(run).undoneBy });
  });

  test('is not called finished before the run that finishes it has succeeded', async () => {
    const { runs, run, pc, record } = await cutShort('Off');
    const heal = pc.simulator.fault({ cmdlet: 'Set-VM', effect: { kind: 'error', error: 'access-denied-operation' } });
    const settling = runs.settle(run, 'finish');
    expect((await settling).kind).toBe('started');
    expect(record(run).settled).toBeUndefined();
    // Not a second time while the first is under way.
    expect(await runs.settle(run, 'finish')).toEqual({ kind: 'unknown-plan' });
    await runs.idle();
    expect(runs.cutShort.map(({ id }) => id)).toEqual([run]);
    heal();
    expect((await runs.settle(run, 'finish')).kind).toBe('started');
    await runs.idle();
    expect(record(run).settled).toBe('finished');
    expect((await deskOn(pc)).record(run).settled).toBe('finished');
  });

  test('is settled once, however many ask for it at the same moment', async () => {
    const { runs, run, pc, events } = await cutShort('Running');
    const answers = await Promise.all(
      (['finish', 'undo', 'leave', 'finish'] as const).map((how) => runs.settle(run, how)),
    );
    expect(answers.map(({ kind }) => kind)).toEqual(['started', 'unknown-plan', 'unknown-plan', 'unknown-plan']);
    await runs.idle();
    expect(events.filter(({ kind }) => kind === 'started')).toHaveLength(1);
    expect(await pc.vm('a')).toMatchObject({ nesting: true, state: 'Running' });
  });

  test('is left as it is', async () => {
    const { runs, run, pc } = await cutShort('Off');
    expect(await runs.settle(run, 'leave')).toEqual({ kind: 'left' });
    expect(await pc.vm('a')).toMatchObject({ nesting: true, stopAction: 'Save' });
    expect(runs.cutShort).toEqual([]);
    expect(await runs.settle(run, 'finish')).toEqual({ kind: 'unknown-plan' });
  });

  test('shuts nothing down that nobody agreed to', async () => {
    const { runs, run, pc } = await cutShort('Off');
    pc.simulator.outside.put(pc.id('a'), 'Running');
    expect(await runs.settle(run, 'undo')).toEqual({ kind: 'consent-missing' });
    expect((await pc.vm('a')).state).toBe('Running');
    expect(runs.cutShort).toHaveLength(1);
  });

  test('where all is done already is only marked', async () => {
    const { runs, run, pc, record } = await cutShort('Off');
    pc.simulator.outside.set(pc.id('a'), { stopAction: 'ShutDown' });
    expect(await runs.settle(run, 'finish')).toEqual({ kind: 'left' });
    expect(record(run).settled).toBe('finished');
  });

  test('by a newer app is shown, and not acted on', async () => {
    const { run, pc } = await cutShort('Off');
    const file = path.join(folder, `${run}.jsonl`);
    const [head = '', ...rest] = (await fs.readFile(file, 'utf8')).split('\n');
    const newer = lineOf({ ...(JSON.parse(head.slice(0, -9)) as object), schema: 2 });
    await fs.writeFile(file, newer + rest.join('\n'));
    const { runs, record } = await deskOn(pc);
    expect(record(run).trouble).toBe('newer-schema');
    expect(runs.cutShort).toEqual([]);
    expect(await runs.settle(run, 'finish')).toEqual({ kind: 'unknown-plan' });
    expect(await runs.plan({ kind: 'undo', run, consents: [] })).toEqual({ kind: 'not-found' });
  });
});

describe('the app leaves', () => {
  test('while a run is being begun: it is waited for, interrupted, and asked about at the next start', async () => {
    const { want, begin, runs, pc } = await desk({ name: 'a', state: 'Running' });
    const beginning = begin(await want('a', on), ['shut-down']);
    // Its journal is under way.
    await vi.waitUntil(async () => (await fs.readdir(folder)).length > 0, { interval: 0 });
    expect(runs.isBusy).toBe(true);
    runs.interrupt();
    await runs.idle();
    await beginning;
    expect(runs.isBusy).toBe(false);
    expect((await pc.vm('a')).state).toBe('Running');
    const [record] = (await deskOn(pc)).runs.records;
    expect(record?.outcome).toBeUndefined();
    expect(record?.events.map(({ kind }) => kind)).toContain('interrupted');
  });
});

test('a run that was cut short is not called undone while somebody else’s change is left alone', async () => {
  const { want, begin, runs, pc, record } = await desk({ name: 'a', state: 'Running' });
  const id = runOf(await begin(await want('a', on), ['shut-down']));
  await runs.idle();
  // Killed in the middle of shutting down.
  const file = path.join(folder, (await fs.readdir(folder)).find((name) => name.includes(id)) ?? '');
  const stopping = record(id).events.findIndex((event) => event.kind === 'step' && event.state === 'running');
  const lines = (await fs.readFile(file, 'utf8')).split('\n');
  await fs.writeFile(file, `${lines.slice(0, stopping + 2).join('\n')}\n`);
  pc.simulator.outside.put(pc.id('a'), 'Saved');
  const next = await deskOn(pc);
  expect(next.runs.cutShort.map((one) => one.id)).toEqual([id]);
  expect(await next.runs.settle(id, 'undo')).toMatchObject({ kind: 'changed' });
  expect(next.record(id).settled).toBeUndefined();
});
