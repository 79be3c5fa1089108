/** Services inside that do not run: what each page offers and says, all by one rule. */
import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canMend } from '../../../src/core/errors/remedies.js';
import { planWants } from '../../../src/core/change/plan.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import { eachRole } from '../../../src/core/machine/roles.js';
import { progressOf } from '../../../src/core/run/progress.js';
import { startedOnce } from '../../../src/core/run/tried-inside.js';
import { endingOf, idleAfter, turnedOn } from '../../../renderer/wizard/ending.js';
import { readyingOf, readyWant } from '../../../renderer/wizard/ready.js';
import { headline, lead } from '../../../renderer/wizard/sentences.js';
import { translator } from '../../../src/text/index.js';
import { guid, machineOf, vmOf } from '../core/worlds.js';
import { eventsOf, runOf, stepEvent } from './fixtures.js';

const t = translator('en');
const want = { roles: { 'hyper-v': true } };
const running = { state: 'Running', startMode: 'Manual' };
const labOf = (vmms: { state: string; startMode: string }, hypervisorProcessors = 4): Vm =>
  vmOf(1, {
    name: 'lab',
    nesting: true,
    state: 'Running',
    guest: {
      ...machineOf({ services: { vmms, vmcompute: running }, hypervisorProcessors }, []),
      at: vmIn(thisPc, guid(1)),
      inside: {
        roles: eachRole((role) => (role === 'hyper-v' ? ('Enabled' as const) : ('Disabled' as const))),
        freeDisk: 2 ** 36,
      },
    },
  });
const disabled = labOf({ state: 'Stopped', startMode: 'Disabled' });

function planFor(vm: Vm) {
  const wants = [{ vm: vmIn(thisPc, vm.id), want }];
  const result = planWants(machineOf({}, [vm]), { kind: 'vms', wants, consents: [] }, wants, { id: 'p' });
  if (result.kind !== 'ready') throw new Error(result.kind);
  return result.plan;
}

describe('a disabled service inside', () => {
  it('is asked for on the guest page, and says that nothing restarts', () => {
    const ready = readyWant(readyingOf(want, disabled), 'hyper-v', disabled, true);
    expect(ready).toMatchObject({ kind: 'goal', want, note: { key: 'inside.noteService' } });
    const absent = labOf({ state: 'Running', startMode: 'Auto' }, 0);
    expect(readyWant(readyingOf(want, absent), 'hyper-v', absent, true)).toMatchObject({
      kind: 'not-yet',
      note: { key: 'inside.noteBlocked' },
    });
  });

  it('can be mended from an error, which a running one cannot', () => {
    expect(canMend('hyper-v', disabled)).toBe(true);
    expect(canMend('hyper-v', labOf({ state: 'Running', startMode: 'Auto' }))).toBe(false);
    expect(canMend('hyper-v', vmOf(1))).toBe(true);
  });

  it('is reviewed as no downtime that can be undone, and the last page says what runs, or what still does not', () => {
    const plan = planFor(disabled);
    expect(headline(t, plan)).toBe('2 settings of lab change.');
    expect(lead(t, plan, () => false)).toBe('No downtime. You can undo all of it.');
    const [planned] = plan.chains;
    if (!planned) throw new Error('a chain');
    const done = (at: number) => stepEvent(planned, at, 'done', { readBack: planned.steps[at]?.changes });
    const events = eventsOf({ kind: 'started' }, done(0), done(1), { kind: 'ended', outcome: 'done' });
    const progress = progressOf(plan, events);
    expect(endingOf(t, plan, progress).headline).toBe('The service vmms is running in lab.');
    const [chain] = progress.chains;
    if (!chain) throw new Error('a chain');
    const after = labOf({ state: 'Running', startMode: 'Auto' });
    expect(turnedOn(chain, after)).toEqual(['hyper-v']);
    expect(idleAfter(chain, after)).toBeUndefined();
    expect(idleAfter(chain, labOf({ state: 'Running', startMode: 'Auto' }, 0))?.id).toBe('guest-hypervisor');
  });

  it('ran once where the last run that touched it started it, and it is read as stopped since', () => {
    const plan = planFor(disabled);
    const [chain] = plan.chains;
    const path = chain?.steps[1]?.changes[0]?.path;
    if (!chain || path === undefined) throw new Error('a chain');
    const record = (to: 'Running' | 'Stopped', order: number) => {
      const change = { path, from: 'Stopped', to };
      const own = { ...chain, steps: [{ ...chain.steps[1], changes: [change] } as (typeof chain.steps)[number]] };
      const events = eventsOf({ kind: 'started' }, stepEvent(own, 0, 'done', { readBack: [change] }));
      return runOf({ ...plan, chains: [own] }, events, { id: String(order), order, outcome: 'done' });
    };
    const ends = fc.constantFrom('Running' as const, 'Stopped' as const);
    const states = fc.constantFrom('Running', 'Stopped', 'Start Pending', 'Stop Pending');
    fc.assert(
      fc.property(fc.array(ends, { maxLength: 6 }), states, fc.boolean(), (runs, state, isLater) => {
        const vm = labOf({ state, startMode: 'Auto' });
        const readAt = isLater ? '2026-11-25T08:00:00.000Z' : '2026-11-23T08:00:00.000Z';
        const read = vm.guest ? { ...vm, guest: { ...vm.guest, host: { ...vm.guest.host, readAt } } } : vm;
        const records = runs.map(record).toReversed();
        const isSo = runs.at(-1) === 'Running' && state === 'Stopped' && isLater;
        expect(startedOnce(records, thisPc, read, 'vmms') !== undefined).toBe(isSo);
        expect(startedOnce(records, vmIn(thisPc, guid(5)), read, 'vmms')).toBeUndefined();
        expect(startedOnce(records, thisPc, read, 'vmcompute')).toBeUndefined();
      }),
    );
  });
});
