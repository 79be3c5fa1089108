import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { daysOf, groupThreeWay, viewOf } from '../../../renderer/pages/activity.js';
import { rightsOf } from '../../../renderer/pages/settings.js';
import type { Connection } from '../../../src/ipc/schema.js';
import { changeOf, eventsOf, ids, planOf, restartChain, runOf, stepEvent } from './fixtures.js';

const chain = restartChain();
const plan = planOf([chain]);
const none: ReadonlySet<string> = new Set();
const all = [0, 1, 2, 3].flatMap((n) => [stepEvent(chain, n, 'running'), stepEvent(chain, n, 'done')]);
const finished = runOf(plan, eventsOf({ kind: 'started' }, ...all, { kind: 'ended', outcome: 'done' }), {
  outcome: 'done',
});

describe('a run in Activity', () => {
  it('can be undone once it has changed something', () => {
    expect(viewOf(finished, none)).toMatchObject({ face: 'done', canUndo: true, canDecide: false, off: 7 });
  });

  it('cannot be undone twice', () => {
    expect(viewOf({ ...finished, undoneBy: 'r2' }, none)).toMatchObject({ face: 'undo', canUndo: false });
  });

  it('that neither ended nor runs was cut short: it waits for a decision', () => {
    const run = runOf(plan, eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running')));
    expect(viewOf(run, none)).toMatchObject({ face: 'cut-short', canDecide: true, canUndo: false });
    expect(viewOf(run, new Set(['r1'])).face).toBe('running');
    expect(viewOf({ ...run, settled: 'left' }, none).canDecide).toBe(false);
  });

  it('of a newer app is shown, and nothing is done with it', () => {
    const run = { ...finished, trouble: 'newer-schema' as const };
    expect(viewOf(run, none)).toMatchObject({ face: 'newer', canUndo: false, canDecide: false });
  });

  it('that changed nothing offers nothing to undo', () => {
    const run = runOf(plan, eventsOf(stepEvent(chain, 0, 'failed'), { kind: 'ended', outcome: 'failed' }), {
      outcome: 'failed',
    });
    expect(viewOf(run, none)).toMatchObject({ face: 'failed', canUndo: false });
  });

  it('stands under its day, newest first', () => {
    const older = { ...finished, id: 'r0', order: 0, events: [], plan: { ...plan, readAt: '2026-11-23T09:00:00' } };
    const days = daysOf([viewOf(older, none), viewOf(finished, none)], new Date('2026-11-24T12:00:00'));
    expect(days.map(({ when }) => when)).toEqual(['today', 'yesterday']);
  });

  it('stands above those that were begun before it, also when the clock was set back meanwhile', () => {
    const runs = [3, 1, 2].map((order) => ({
      ...finished,
      id: `r${String(order)}`,
      order,
      events: [],
      plan: { ...plan, readAt: `2026-11-24T0${String(9 - order)}:00:00` },
    }));
    const [today] = daysOf(
      runs.map((run) => viewOf(run, none)),
      new Date('2026-11-24T12:00:00'),
    );
    expect(today?.runs.map(({ run }) => run.id)).toEqual(['r3', 'r2', 'r1']);
  });

  it('was off for as long as it was, whatever the clock of the wall said', () => {
    const begun = finished.events.map((event, seq) => ({
      ...event,
      time: new Date(Date.UTC(2026, 10, 24, 8, 0, -3600 * seq)).toISOString(),
    }));
    const off = (events: typeof begun) => viewOf({ ...finished, events }, none).off;
    expect(off(begun)).toBe(viewOf(finished, none).off);
    expect(off(begun)).toBeGreaterThan(0);
  });

  it('whose record is broken is neither undone nor decided about, and is still shown', () => {
    const { outcome, ...cut } = finished;
    expect(outcome).toBe('done');
    for (const run of [finished, cut])
      expect(viewOf({ ...run, trouble: 'broken' }, none)).toMatchObject({
        face: 'broken',
        canUndo: false,
        canDecide: false,
      });
  });
});

describe('the three-way table', () => {
  it('keeps apart what goes back, what is so already, and what somebody else changed', () => {
    const row = {
      vm: vmIn(thisPc, ids.lab),
      name: 'Lab DC 01',
      path: changeOf(ids.lab, 'nesting', 0, 0).path,
      found: 0,
      wrote: 1,
      now: 1,
    };
    const groups = groupThreeWay([
      { ...row, verdict: 'undo' },
      { ...row, verdict: 'already-so' },
      { ...row, verdict: 'somebody-else' },
      { ...row, verdict: 'gone' },
      { ...row, verdict: 'one-way' },
    ]);
    expect([groups.back, groups.same, groups.else, groups.cannot].map(({ length }) => length)).toEqual([1, 1, 1, 2]);
  });
});

describe('the rights line of Settings', () => {
  const ready = (identity: object, elevated = false): Connection =>
    ({ kind: 'ready', elevated, handshake: { identity: { account: 'DEV-PC\\mei', ...identity } } }) as Connection;

  it('tells the group, the sign-out that is missing, and no rights apart', () => {
    expect(rightsOf(ready({ inToken: true, isMember: true }))).toEqual({ kind: 'group', account: 'DEV-PC\\mei' });
    expect(rightsOf(ready({ inToken: false, isMember: true })).kind).toBe('sign-out');
    expect(rightsOf(ready({ inToken: false, isMember: null })).kind).toBe('none');
    expect(rightsOf(ready({ inToken: false }, true)).kind).toBe('elevated');
    expect(rightsOf({ kind: 'starting' }).kind).toBe('unknown');
  });
});
