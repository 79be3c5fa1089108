/** A change of VMs on several PCs: planned side by side, begun together or not at all, written down, stopped and undone on each. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { textOf, thisPc, vmIn, type HostId, type VmRef } from '../../../src/core/cmdlets/ref.js';
import type { VmWant } from '../../../src/core/machine/goal.js';
import type { Plan } from '../../../src/core/change/step.js';
import { progressOf, stepsOf } from '../../../src/core/run/progress.js';
import type { ShownPlan } from '../../../src/ipc/schema.js';
import type { Runs } from '../../../src/shell/runs.js';
import type { VmWish } from '../../../simulator/scenarios/build.js';
import { otherPc } from '../core/other-pc.js';
import { pcWith, readyOf, type RunWorld } from '../core/run-world.js';
import { beside, planned, runOf, siteAt, start, third, type Site } from './pcs-beside.js';

let folder = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-spans-'));
});
afterEach(() => fs.rm(folder, { recursive: true, maxRetries: 9 }));

const siteOf = (at: HostId, pc: RunWorld) => siteAt(at, pc, pc.simulator.clock, folder);

/** Each PC has the same VMs, of the same ids: imported copies have them. */
async function desk(
  wishes: readonly VmWish[] = [{ name: 'a' }, { name: 'b' }],
  { pcs = [thisPc, otherPc], worlds }: { pcs?: readonly HostId[]; worlds?: ReadonlyMap<HostId, RunWorld> } = {},
) {
  const sites = new Map<HostId, Site<RunWorld>>();
  for (const at of pcs) sites.set(at, await siteOf(at, worlds?.get(at) ?? pcWith(wishes, {}, {}, at)));
  const all = beside(sites);
  const site = (at: HostId): Site<RunWorld> => {
    const found = sites.get(at);
    if (!found) throw new Error('no such PC');
    return found;
  };
  const ref = (at: HostId, name: string): VmRef => vmIn(at, site(at).pc.id(name));
  return {
    ...all,
    sites,
    site,
    ref,
    want: (vms: readonly VmRef[], want: VmWant): Promise<ShownPlan> =>
      planned(all.spans, { kind: 'vms', wants: vms.map((vm) => ({ vm, want })), consents: [] }),
    nesting: async (at: HostId, name: string) => (await site(at).pc.vm(name)).nesting,
  };
}

const vmsOf = ({ chains }: Plan): readonly VmRef[] => chains.map(({ vm }) => vm);
const on: VmWant = { nesting: true };

describe('a plan of several PCs', () => {
  test('has the VMs of each, told apart by their PC, and a script for each', async () => {
    const { want, ref, spans } = await desk();
    const vms = [ref(thisPc, 'a'), ref(otherPc, 'a')];
    const shown = await want(vms, on);
    const plan = readyOf(shown.result);
    expect(vmsOf(plan)).toEqual(vms);
    expect(plan.chains.map(({ name }) => name)).toEqual(['a · This PC', 'a · BUILD-01']);
    expect(new Set(shown.script.map(({ at }) => at))).toEqual(new Set([thisPc, otherPc]));
    expect(new Set(shown.undoScript.map(({ at }) => at))).toEqual(new Set([thisPc, otherPc]));
    expect(spans.planOf(plan.id)).toBe(shown);
  });

  test('one that is away keeps no other: its VMs are left out, and since when is said', async () => {
    const { want, ref, connections } = await desk();
    const since = '2026-11-24T14:02:00.000Z';
    const failure = { kind: 'host-not-answering' } as const;
    connections.set(otherPc, { kind: 'lost', failure, attempts: 1, retryAt: since, changing: false, since });
    const plan = readyOf((await want([ref(thisPc, 'a'), ref(otherPc, 'b')], on)).result);
    expect(vmsOf(plan)).toEqual([ref(thisPc, 'a')]);
    expect(plan.blocked).toMatchObject([
      {
        vm: ref(otherPc, 'b'),
        name: 'b · BUILD-01',
        by: [{ id: 'host', title: { key: 'plan.hostAway', params: { host: 'BUILD-01', since } } }],
      },
    ]);
  });

  test('all of them away is no plan, and says so of each VM', async () => {
    const { want, ref, connections } = await desk();
    connections.set(thisPc, { kind: 'starting' });
    connections.set(otherPc, {
      kind: 'lost',
      failure: { kind: 'host-key-changed' },
      attempts: 1,
      retryAt: null,
      changing: false,
    });
    const { result } = await want([ref(thisPc, 'a'), ref(otherPc, 'b')], on);
    if (result.kind !== 'blocked') throw new Error(result.kind);
    expect(result.by.map(({ checks }) => checks.map(({ title }) => title.key))).toEqual([
      ['plan.hostConnecting'],
      ['plan.hostUnread'],
    ]);
  });

  test('one that does not answer is not waited for', async () => {
    const { spans, ref, site, later } = await desk();
    const wants = [ref(thisPc, 'a'), ref(otherPc, 'b')].map((vm) => ({ vm, want: on }));
    const hanging = new Promise<ShownPlan | { readonly kind: string }>(() => undefined);
    site(otherPc).runs.plan = () => hanging as ReturnType<Runs['plan']>;
    const planning = planned(spans, { kind: 'vms', wants, consents: [] });
    await expect.poll(() => later.length).toBe(2);
    await new Promise((resolve) => setImmediate(resolve));
    for (const act of later) act();
    const { result } = await planning;
    const blocked = result.kind === 'ready' ? result.plan.blocked.map(({ by }) => by) : [];
    expect(blocked.flat().map(({ title, why }) => [title.key, why.key])).toEqual([
      ['plan.hostUnread', 'failures.timedOut'],
    ]);
  });

  test('what is so already is left out, and what is gone is named by its PC', async () => {
    const { want, ref, site } = await desk();
    const [mine, theirs] = [ref(thisPc, 'a'), ref(otherPc, 'b')];
    site(thisPc).pc.simulator.outside.set(site(thisPc).pc.id('a'), { nesting: true });
    site(otherPc).pc.simulator.outside.remove(site(otherPc).pc.id('b'));
    const { result } = await want([mine, theirs], on);
    expect(result).toEqual({ kind: 'already-so', gone: [{ vm: theirs, name: 'b · BUILD-01' }] });
  });

  test('a host that was removed has nothing left to change', async () => {
    const { want, ref } = await desk();
    const { result } = await want([ref(thisPc, 'a'), vmIn(third, site0)], on);
    expect(readyOf(result).gone).toMatchObject([{ vm: vmIn(third, site0) }]);
  });
});
const site0 = '00000000-0000-4000-8000-0000000000ff';

describe('a run of several PCs', () => {
  test('is one journal on each, which says of what it is a part', async () => {
    const { want, spans, ref, site, idle, whole, nesting } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'b')], on);
    const run = runOf(await start(spans, shown));
    await idle();
    const parts = [thisPc, otherPc].map((at) => site(at).runs.records);
    expect(parts.map((own) => own.map(({ span, outcome }) => [span, outcome]))).toEqual([
      [[{ id: run, part: 1, parts: 2 }, 'done']],
      [[{ id: run, part: 2, parts: 2 }, 'done']],
    ]);
    expect(whole(run)).toMatchObject({ outcome: 'done', events: [{ kind: 'started' }, ...many(4), { kind: 'ended' }] });
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'b')]).toEqual([true, true]);
    expect([await nesting(thisPc, 'b'), await nesting(otherPc, 'a')]).toEqual([false, false]);
    const again = await siteOf(otherPc, site(otherPc).pc);
    expect(again.runs.records[0]).toEqual(site(otherPc).runs.records[0]);
  });

  test('what is agreed to once counts for all, and nothing begins without', async () => {
    const { want, spans, ref, idle, records, nesting } = await desk([{ name: 'a', state: 'Running' }]);
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    expect(readyOf(shown.result).consents).toEqual([
      { consent: 'shut-down', vms: [ref(thisPc, 'a'), ref(otherPc, 'a')], given: false },
    ]);
    expect(await start(spans, shown)).toEqual({ kind: 'consent-missing' });
    expect(records()).toEqual([]);
    runOf(await start(spans, shown, ['shut-down']));
    await idle();
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'a')]).toEqual([true, true]);
  });

  test('where one has changed meanwhile the whole is shown anew, and nothing has begun', async () => {
    const { want, spans, ref, site, idle, records, nesting } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    site(otherPc).pc.simulator.outside.put(site(otherPc).pc.id('a'), 'Running');
    const answer = await start(spans, shown);
    if (answer.kind !== 'changed') throw new Error(answer.kind);
    expect(records()).toEqual([]);
    expect([...(await journals(thisPc)), ...(await journals(otherPc))]).toEqual([]);
    expect(site(thisPc).runs.isBusy).toBe(false);
    expect(vmsOf(readyOf(answer.plan.result))).toHaveLength(2);
    runOf(await start(spans, answer.plan, ['shut-down']));
    await idle();
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'a')]).toEqual([true, true]);
  });

  test('where one went away meanwhile the others are shown without it, and nothing has begun', async () => {
    const { want, spans, ref, sites, records } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    sites.delete(otherPc);
    const answer = await start(spans, shown);
    if (answer.kind !== 'changed') throw new Error(answer.kind);
    expect(records()).toEqual([]);
    expect(vmsOf(readyOf(answer.plan.result))).toEqual([ref(thisPc, 'a')]);
  });

  test('where one can write nothing down none begins, and it can be started again', async () => {
    const { want, spans, ref, idle, records, nesting } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    const inTheWay = path.join(folder, textOf(otherPc));
    await fs.rm(inTheWay, { recursive: true, force: true });
    await fs.writeFile(inTheWay, '');
    expect(await start(spans, shown)).toEqual({ kind: 'unreadable', failure: { kind: 'journal-unwritable' } });
    expect(records()).toEqual([]);
    expect(await journals(thisPc)).toEqual([]);
    await fs.rm(inTheWay);
    runOf(await start(spans, shown));
    await idle();
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'a')]).toEqual([true, true]);
  });

  test('one that is found to fit too late is not begun, and nothing is left of it', async () => {
    const { want, spans, ref, site, later, records } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    later.length = 0;
    const { runs } = site(otherPc);
    const prepare = runs.prepare.bind(runs);
    let go = (): void => undefined;
    const waits = new Promise<void>((resolve) => (go = resolve));
    runs.prepare = async (...of) => {
      const prepared = await prepare(...of);
      await waits;
      return prepared;
    };
    const starting = start(spans, shown);
    await expect.poll(() => [site(thisPc), site(otherPc)].map((one) => one.runs.isBusy)).toEqual([true, true]);
    await expect.poll(async () => (await journals(otherPc)).length).toBe(1);
    for (const act of later.splice(0)) act();
    expect((await starting).kind).toBe('changed');
    go();
    await runs.idle();
    expect(records()).toEqual([]);
    expect(await journals(otherPc)).toEqual([]);
  });

  test('where one breaks down none begins, and nothing of the others is left', async () => {
    const { want, spans, ref, site, records } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    site(otherPc).runs.prepare = () => Promise.reject(new Error('a bug'));
    await expect(start(spans, shown)).rejects.toThrow('a bug');
    expect(records()).toEqual([]);
    expect(await journals(thisPc)).toEqual([]);
    await site(thisPc).runs.idle();
    expect(site(thisPc).runs.isBusy).toBe(false);
  });

  test('of several PCs is one when it is told of', async () => {
    const { want, spans, ref, idle, site, whole } = await desk();
    const run = runOf(await start(spans, await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on)));
    await idle();
    const [part] = site(otherPc).runs.records;
    if (!part) throw new Error('no part');
    expect(spans.whole(part)).toEqual(whole(run));
    const { span: _span, ...alone } = part;
    expect(spans.whole(alone)).toBe(alone);
  });

  test('begins once, however often it is asked for', async () => {
    const { want, spans, ref, idle, records } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    const both = await Promise.all([start(spans, shown), start(spans, shown)]);
    expect(both.map(({ kind }) => kind)).toEqual(['started', 'unknown-plan']);
    await idle();
    expect(records()).toHaveLength(2);
  });

  test.each([
    ['an error', { kind: 'error', error: 'access-denied-operation' }, 'failed'],
    ['a host that goes away in the middle', { kind: 'die' }, 'unknown'],
  ] as const)('%s stops its own VM only', async (_, effect, state) => {
    const { want, spans, ref, site, idle, whole, nesting } = await desk();
    const vms = [ref(thisPc, 'a'), ref(otherPc, 'a'), ref(otherPc, 'b')];
    const shown = await want(vms, on);
    site(otherPc).pc.simulator.fault({ cmdlet: 'Set-VMProcessor', effect });
    const run = runOf(await start(spans, shown));
    await idle();
    expect(whole(run).outcome).toBe(state === 'failed' ? 'partly' : 'unknown');
    expect(site(thisPc).runs.records[0]?.outcome).toBe('done');
    expect(await nesting(thisPc, 'a')).toBe(true);
    const { chains } = progressOf(whole(run).plan, whole(run).events);
    expect(chains.find((chain) => chain.chain.vm === vms[0])?.state).toBe('done');
    expect(stepsOf(whole(run)).map((step) => step.state)).toContain(state);
  });

  test('is stopped as a whole', async () => {
    const { want, spans, ref, idle, whole } = await desk([{ name: 'a', state: 'Running' }]);
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'a')], on);
    const run = runOf(await start(spans, shown, ['shut-down']));
    expect(spans.has(run)).toBe(true);
    spans.cancel(run);
    await idle();
    expect(whole(run).outcome).toBe('cancelled');
  });

  test('the VMs of all parts are busy from the click on', async () => {
    const { want, spans, ref, site, idle } = await desk();
    const shown = await want([ref(thisPc, 'a'), ref(otherPc, 'b')], on);
    const starting = start(spans, shown);
    await starting;
    expect(site(otherPc).runs.busyVms).toEqual(new Set([ref(otherPc, 'b')]));
    await idle();
    expect(site(otherPc).runs.isBusy).toBe(false);
  });
});

describe('undoing a change of several PCs', () => {
  const changed = async () => {
    const all = await desk();
    const vms = [all.ref(thisPc, 'a'), all.ref(otherPc, 'b')];
    const run = runOf(await start(all.spans, await all.want(vms, on)));
    await all.idle();
    return { ...all, run, vms };
  };

  test('takes all of it back, in one review', async () => {
    const { spans, run, idle, whole, nesting, vms } = await changed();
    const shown = await planned(spans, { kind: 'undo', run, consents: [] });
    expect(shown.threeWay?.map(({ vm, name, verdict }) => [vm, name, verdict])).toEqual([
      [vms[0], 'a · This PC', 'undo'],
      [vms[1], 'b · BUILD-01', 'undo'],
    ]);
    expect(await spans.threeWay(run)).toEqual(shown.threeWay);
    const back = runOf(await start(spans, shown));
    await idle();
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'b')]).toEqual([false, false]);
    expect(whole(run).undoneBy).toBe(back);
    expect(whole(back).goal).toEqual({ kind: 'undo', run, consents: [] });
  });

  test('takes back the VMs that are ticked, of whichever PC', async () => {
    const { spans, run, idle, whole, nesting, vms } = await changed();
    const shown = await planned(spans, { kind: 'undo', run, only: vms.slice(1), consents: [] });
    expect(shown.threeWay).toHaveLength(2);
    runOf(await start(spans, shown));
    await idle();
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'b')]).toEqual([true, false]);
    expect(whole(run).undoneBy).toBeUndefined();
  });

  test('leaves out a PC that is away, and can be asked for again', async () => {
    const { spans, run, connections, idle, nesting, vms } = await changed();
    const since = '2026-11-24T14:02:00.000Z';
    const failure = { kind: 'host-not-answering' } as const;
    connections.set(otherPc, { kind: 'lost', failure, attempts: 1, retryAt: since, changing: false, since });
    const first = await planned(spans, { kind: 'undo', run, consents: [] });
    expect(readyOf(first.result).blocked).toMatchObject([{ vm: vms[1], name: 'b · BUILD-01' }]);
    runOf(await start(spans, first));
    await idle();
    connections.clear();
    runOf(await start(spans, await planned(spans, { kind: 'undo', run, consents: [] })));
    await idle();
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'b')]).toEqual([false, false]);
  });

  test('from one PC takes back what is of that alone', async () => {
    const { site, idle, nesting } = await changed();
    const { runs } = site(otherPc);
    const [part] = runs.records;
    const shown = await runs.plan({ kind: 'undo', run: part?.id ?? '', consents: [] });
    if ('kind' in shown) throw new Error(shown.kind);
    runOf(await runs.start(readyOf(shown.result).id, []));
    await idle();
    expect([await nesting(thisPc, 'a'), await nesting(otherPc, 'b')]).toEqual([true, false]);
  });

  test('says how many PCs of it are not here any more, and what became of their part is not known', async () => {
    const { spans, run, sites, whole } = await changed();
    expect(whole(run).outcome).toBe('done');
    sites.delete(otherPc);
    const { remarks, blocked, chains } = readyOf((await planned(spans, { kind: 'undo', run, consents: [] })).result);
    expect(remarks?.map(({ title }) => title)).toEqual([{ key: 'plan.pcsMissing', params: { count: 1 } }]);
    expect([chains.length, blocked, whole(run).outcome]).toEqual([1, [], 'unknown']);
  });

  test.each<[string, (site: Site) => void, string]>([
    [
      'still changes its VMs',
      ({ runs }) => vi.spyOn(runs, 'running', 'get').mockReturnValue(runs.records.map(({ id }) => id)),
      'plan.hostRunning',
    ],
    [
      'has a record of it that cannot be read',
      ({ runs }) => {
        const broken = runs.records.map((record) => ({ ...record, trouble: 'broken' as const }));
        vi.spyOn(runs, 'records', 'get').mockReturnValue(broken);
      },
      'plan.hostJournal',
    ],
    [
      'breaks down while it plans',
      ({ runs }) => vi.spyOn(runs, 'plan').mockRejectedValue(new Error('a bug')),
      'plan.hostUnread',
    ],
  ])('leaves out a PC that %s, and says so', async (_, spoil, key) => {
    const { spans, run, site, vms } = await changed();
    spoil(site(otherPc));
    const { chains, blocked } = readyOf((await planned(spans, { kind: 'undo', run, consents: [] })).result);
    expect(chains.map(({ vm }) => vm)).toEqual(vms.slice(0, 1));
    expect(blocked.map(({ vm, by }) => [vm, by.map(({ title }) => title.key)])).toEqual([[vms[1], [key]]]);
  });

  test('of one that nobody knows is refused', async () => {
    const { spans } = await desk();
    expect(await spans.plan({ kind: 'undo', run: 'x', consents: [] })).toEqual({ kind: 'not-found' });
    expect(spans.has('x')).toBe(false);
  });
});

const many = (count: number): unknown[] => Array.from({ length: count }, () => ({ kind: 'step' }));
const journals = async (at: HostId): Promise<readonly string[]> =>
  (await fs.readdir(path.join(folder, textOf(at))).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
