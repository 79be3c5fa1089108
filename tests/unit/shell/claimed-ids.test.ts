/**
 * A guest reports VMs of its own with the id of a VM of this PC, and with its own: these are other VMs. What is kept by VM (locks,
 * journal, drift, undo, names, what was learned, estimates) does not mix them up.
 */
import { vmIn, thisPc, hostOf, type MachineRef } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Guid } from '../../../src/core/cmdlets/call.js';
import { estimatesOf } from '../../../src/core/run/progress.js';
import type { Goal, VmWant } from '../../../src/core/machine/goal.js';
import { vmAt } from '../../../src/core/machine/tree.js';
import { undoWants, threeWay } from '../../../src/core/run/undo.js';
import type { RunEvent } from '../../../src/core/run/record.js';
import { driftsIn } from '../../../src/core/run/drift.js';
import type { ShownPlan, StartResult } from '../../../src/ipc/schema.js';
import { Runs } from '../../../src/shell/runs.js';
import { sleep } from '../../../simulator/clock.js';
import { vm } from '../../../simulator/scenarios/build.js';
import { readyOf, scenarioWorld, type RunWorld } from '../core/run-world.js';

const account = { userName: 'dev', password: 'lab' };
const on: VmWant = { stopAction: 'TurnOff' };

let folder = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-claimed-'));
});
afterEach(() => fs.rm(folder, { recursive: true, maxRetries: 9 }));

/** The VM inside `lab` that claims `id`, and is off. */
function claim(pc: RunWorld, id: Guid): void {
  const { machine } = pc.simulator.outside.vm('lab').guest;
  const win = [...(machine?.vms.values() ?? [])].find(({ name }) => name === 'lab-win');
  if (!machine || !win) throw new Error('no lab-win');
  machine.vms.set(id, {
    ...structuredClone({ ...win, guest: undefined }),
    guest: win.guest,
    id,
    name: 'twin',
    state: 'Off',
  });
}

async function desk() {
  const pc = scenarioWorld('server-l1');
  const { clock } = pc.simulator;
  const lab = pc.id('lab');
  const other = vm(pc.simulator.world.newId, { name: 'box' });
  pc.simulator.world.host.vms.set(other.id, other);
  claim(pc, other.id);
  await pc.enter(vmIn(thisPc, lab), account);
  await pc.readInside();
  const events: RunEvent[] = [];
  const open = () =>
    Runs.open({
      host: () => pc.host,
      machine: () => pc.reader.machine,
      readVms: (ids, where) => pc.reader.readVms(ids, where),
      at: thisPc,
      folder,
      appVersion: '0.1.0',
      onEvent: (event) => events.push(event),
      onRecord: () => undefined,
      onUnwritable: () => undefined,
      failed: (error) => {
        throw error;
      },
      now: () => new Date(clock.now()),
      wait: (seconds) => sleep(clock, seconds),
      elapsed: () => clock.now() / 1000,
    });
  const runs = await open();
  const own: MachineRef = thisPc;
  const twin: MachineRef = vmIn(thisPc, lab);
  const at = (where: MachineRef) => vmAt(pc.reader.machine, vmIn(where, other.id));
  const plan = async (goal: Goal): Promise<ShownPlan> => {
    const shown = await runs.plan(goal);
    if ('kind' in shown) throw new Error(shown.kind);
    return shown;
  };
  const want = (where: MachineRef, wanted: VmWant) => ({ vm: vmIn(where, other.id), want: wanted });
  const start = async (...wants: ReturnType<typeof want>[]): Promise<StartResult> => {
    const shown = await plan({ kind: 'vms', wants, consents: [] });
    const { id, consents } = readyOf(shown.result);
    return runs.start(
      id,
      consents.map(({ consent }) => consent),
    );
  };
  const whole = async (...wants: ReturnType<typeof want>[]): Promise<string> => {
    const started = await start(...wants);
    if (started.kind !== 'started') throw new Error(started.kind);
    await runs.idle();
    return started.run;
  };
  const record = (id: string) => {
    const found = runs.records.find((one) => one.id === id);
    if (!found) throw new Error('no such run');
    return found;
  };
  return { pc, lab, id: other.id, own, twin, at, runs, events, want, start, whole, record, plan, open };
}

describe('a VM inside that claims the id of a VM of this PC', () => {
  test('is changed and undone without touching that', async () => {
    const { own, twin, at, want, whole, plan, runs, pc, id } = await desk();
    const before = at(own)?.stopAction;
    const run = await whole(want(twin, on));
    await pc.readInside();
    expect([at(twin)?.stopAction, at(own)?.stopAction]).toEqual(['TurnOff', before]);
    const back = await plan({ kind: 'undo', run, consents: [] });
    expect(back.threeWay).toMatchObject([{ vm: vmIn(twin, id), verdict: 'undo' }]);
    await runs.start(readyOf(back.result).id, []);
    await runs.idle();
    await pc.readInside();
    expect([at(twin)?.stopAction, at(own)?.stopAction]).toEqual([before, before]);
  });

  test('in one run with it: each value is found, written and undone where it was', async () => {
    const { own, twin, at, want, whole, record, pc, id } = await desk();
    pc.simulator.outside.set(id, { stopAction: 'Save' });
    await pc.readInside();
    const [wasOwn, wasTwin] = [at(own)?.stopAction, at(twin)?.stopAction];
    const run = record(
      await whole(want(own, on), want(twin, { stopAction: wasTwin === 'Save' ? 'ShutDown' : 'Save' })),
    );
    expect(run.plan.chains.map(({ vm }) => vm)).toEqual([vmIn(thisPc, id), vmIn(twin, id)]);
    const ways = threeWay(run, await pc.readInside());
    expect(ways.map(({ vm, found, verdict }) => [hostOf(vm), found, verdict])).toEqual([
      [own, wasOwn, 'undo'],
      [twin, wasTwin, 'undo'],
    ]);
    const wants = undoWants(ways, {});
    expect(wants.map(({ vm, want: one }) => [hostOf(vm), one.stopAction])).toEqual([
      [own, wasOwn],
      [twin, wasTwin],
    ]);
    // A tick is of one of them.
    const theirs = ways.map((way) => ({ ...way, verdict: 'somebody-else' as const }));
    expect(undoWants(theirs, { also: theirs.slice(1) }).map(({ vm }) => vm)).toEqual([vmIn(twin, id)]);
  });

  test('has not drifted with it, nor it with that', async () => {
    const { own, twin, want, whole, runs, pc, id } = await desk();
    await whole(want(twin, on));
    const drifts = async () =>
      driftsIn({ machine: await pc.readInside(), records: runs.records, busy: new Set(), kept: [] });
    expect(await drifts()).toEqual([]);
    await whole(want(own, on));
    expect(await drifts()).toEqual([]);
    pc.simulator.outside.set(id, { stopAction: 'Save' });
    expect(await drifts()).toMatchObject([{ vm: vmIn(thisPc, id), changes: [{ wrote: 'TurnOff', now: 'Save' }] }]);
  });

  test('is changed while that is: neither waits for the other, and only what is changed is busy', async () => {
    const { own, twin, want, start, runs, events, lab, id } = await desk();
    const first = await start(want(own, on));
    expect([...runs.busyVms]).toEqual([vmIn(thisPc, id)]);
    const second = await start(want(twin, on));
    for (const key of [vmIn(thisPc, lab), vmIn(vmIn(thisPc, lab), id)]) expect(runs.busyVms).toContain(key);
    await runs.idle();
    expect([first.kind, second.kind]).toEqual(['started', 'started']);
    const ended = events.filter(({ kind }) => kind === 'ended');
    expect(ended).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
    // Each event says whose it is.
    const whose = new Set(events.flatMap((event) => (event.kind === 'step' ? [event.vm] : [])));
    expect(whose).toEqual(new Set([vmIn(thisPc, id), vmIn(vmIn(thisPc, lab), id)]));
  });

  test('does not overlap with what happens to the machine that it is in', async () => {
    const { twin, want, start, runs, events, lab } = await desk();
    await start(want(twin, on));
    await start({ vm: vmIn(thisPc, lab), want: { automaticCheckpoints: true } });
    await runs.idle();
    const order = events.flatMap((event) => (event.kind === 'step' ? [event.run] : []));
    expect(order.length).toBeGreaterThan(0);
    expect(order.lastIndexOf(order[0] ?? '')).toBe(order.filter((run) => run === order[0]).length - 1);
  });

  test('has its own name, also when it is gone, and its own times', async () => {
    const { own, twin, want, whole, plan, pc, id, lab, runs } = await desk();
    await whole(want(twin, { power: 'running' }));
    await whole(want(own, on));
    const estimates = estimatesOf(runs.records);
    expect(estimates.get(vmIn(vmIn(thisPc, lab), id))?.up).toBeGreaterThan(0);
    expect(estimates.get(vmIn(thisPc, id))).toBeUndefined();
    pc.simulator.outside.vm('lab').guest.machine?.vms.delete(id);
    await pc.readInside();
    const both = await plan({ kind: 'vms', wants: [want(twin, on), want(own, { stopAction: 'Save' })], consents: [] });
    expect(readyOf(both.result).gone).toEqual([{ vm: vmIn(vmIn(thisPc, lab), id), name: 'twin' }]);
  });
});

test('a VM inside that claims the id of the machine that it is in: its values are its own', async () => {
  const { pc, lab } = await desk();
  claim(pc, lab);
  await pc.makeSwitch('lab', 'Inner');
  const l1 = vmAt(await pc.readInside(), vmIn(thisPc, lab));
  const twin = l1?.guest?.vms?.find(({ id }) => id === lab);
  const [adapter] = twin?.adapters ?? [];
  if (!l1 || !twin || !adapter) throw new Error('no twin');
  const plan = readyOf(await pc.plan('lab', { nested: { [lab]: { [adapter.id]: { switch: 'Inner' } } } }));
  const changes = plan.chains.flatMap(({ steps }) => steps.flatMap((step) => step.changes));
  expect(changes.map(({ path: of }) => of)).toEqual([`${lab}/${lab}/adapters/${adapter.id}/switch`]);
  const done = await pc.carryOut(plan);
  expect(done.outcome).toBe('done');
  const after = vmAt(await pc.readInside(), vmIn(thisPc, lab));
  expect(after?.adapters).toEqual(l1.adapters);
  expect(after?.guest?.vms?.find(({ id }) => id === lab)?.adapters?.[0]?.switchName).toBe('Inner');
  const back = readyOf(await pc.undoPlan(done));
  expect(back.wants).toEqual([
    { vm: vmIn(thisPc, lab), want: { nested: { [lab]: { [adapter.id]: { switch: null } } } } },
  ]);
});
