import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { thisPc, vmIn } from '../../src/core/cmdlets/ref.js';
import { madePath } from '../../src/core/change/paths.js';
import type { Thing } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { ThreeWay } from '../../src/core/run/undo.js';
import type { Chain } from '../../src/core/change/step.js';
import Activity from '../../renderer/pages/Activity.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import ThreeWayTables from '../../renderer/wizard/ThreeWayTables.svelte';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import { translator } from '../../src/text/index.js';
import {
  changeOf,
  chainOf,
  eventsOf,
  ids,
  planOf,
  runOf,
  shownOf,
  stepEvent,
  stepOf,
  vmOf,
} from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf, type FakeMain } from './bridge.js';

const t = translator('en');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const words = (): string => plain(document.body.textContent);

const vm = vmIn(thisPc, ids.box);
const made: Thing<'checkpoint'> = { what: 'checkpoint', at: thisPc, vm: ids.box, id: 'c1', name: 'Before: it' };
const box = (change: Partial<Vm> = {}): Vm => vmOf({ id: ids.box, name: 'dev-box', state: 'Off', ...change });
const withIt = box({
  checkpoints: [{ id: 'c1', name: 'Before: it', automatic: false, created: '2026-11-24T08:00:00Z', parent: null }],
});

/** As main plans it: with the checkpoint first where that is asked for. */
function chain(isOn: boolean): Chain {
  const nesting = stepOf(ids.box, isOn ? 2 : 1, 'setting', [changeOf(ids.box, 'nesting', false, true)]);
  const makes = { what: 'checkpoint', at: thisPc, vm: ids.box, name: made.name } as const;
  const take = { ...stepOf(ids.box, 1, 'setting', []), makes };
  return chainOf(isOn ? [take, nesting] : [nesting], { vm, name: 'dev-box' });
}
const asksForOne = (request: unknown): boolean => JSON.stringify(request).includes('"checkpoint":true');
const lastAsked = (main: FakeMain): unknown => main.asked.findLast(({ name }) => name === 'plan')?.request;

describe('the tick of a review', () => {
  const wants = [{ vm, want: { power: 'running' as const } }];
  const opening = { kind: 'goal', goal: { kind: 'vms', wants, consents: [] } } as const;
  async function reviewed(now: Vm) {
    const main = fakeMain({ plan: (request) => shownOf(planOf([chain(asksForOne(request))])) });
    app.state = stateOf([now]);
    render(Wizard, { opening });
    return { main, tick: await screen.findByRole('checkbox', { name: t('checkpoint.tick') }) };
  }

  it('is off, says what it keeps and restores, and asks the planner again', async () => {
    const { main, tick } = await reviewed(box());
    expect(tick.getAttribute('aria-checked')).toBe('false');
    expect(words()).toContain(plain(t('checkpoint.tickWhat')));
    expect(words()).toContain(plain(t('wizard.staysWhat')));
    expect(words()).not.toContain(plain(t('checkpoint.tickSpace')));
    await fireEvent.click(tick);
    await waitFor(() => expect(lastAsked(main)).toEqual({ goal: { ...opening.goal, wants: [{ vm, want: { power: 'running', checkpoint: true } }] } })); // prettier-ignore
    await waitFor(() => expect(tick.getAttribute('aria-checked')).toBe('true'));
    expect(words()).toContain(plain(t('checkpoint.staysWhat')));
    expect(words()).toContain(plain(t('checkpoint.tickSpace')));
    // It is off: nothing is in its memory.
    expect(words()).not.toContain(plain(t('checkpoint.tickProduction')));
    await fireEvent.click(tick);
    await waitFor(() => expect(lastAsked(main)).toEqual({ goal: opening.goal }));
  });

  it('is still there for whoever went back to choose something else', async () => {
    const nesting = [{ vm, want: { nesting: true } }];
    const main = fakeMain({ plan: (request) => shownOf(planOf([chain(asksForOne(request))])) });
    app.state = stateOf([box()]);
    render(Wizard, { opening: { kind: 'goal', goal: { kind: 'vms', wants: nesting, consents: [] } } });
    const toReview = async () => fireEvent.click(await screen.findByRole('button', { name: t('wizard.review') }));
    if (screen.queryByRole('button', { name: t('wizard.review') })) await toReview();
    const tick = await screen.findByRole('checkbox', { name: t('checkpoint.tick') });
    await fireEvent.click(tick);
    await waitFor(() => expect(tick.getAttribute('aria-checked')).toBe('true'));
    await fireEvent.click(screen.getByRole('button', { name: t('wizard.back') }));
    await toReview();
    const again = await screen.findByRole('checkbox', { name: t('checkpoint.tick') });
    expect(again.getAttribute('aria-checked')).toBe('true');
    expect(asksForOne(lastAsked(main))).toBe(true);
  });

  it.each([
    ['Standard', 'checkpoint.tickStandard'],
    ['Production', 'checkpoint.tickProduction'],
    ['ProductionOnly', 'checkpoint.tickProductionOnly'],
  ] as const)('says of a VM that runs what a checkpoint of the type %s is', async (checkpointType, key) => {
    const { tick } = await reviewed(box({ state: 'Running', checkpointType }));
    await fireEvent.click(tick);
    await waitFor(() => expect(tick.getAttribute('aria-checked')).toBe('true'));
    expect(words()).toContain(plain(t(key)));
  });

  it('cannot be ticked where checkpoints are turned off, and says so', async () => {
    const { tick } = await reviewed(box({ checkpointType: 'Disabled' }));
    expect(tick).toHaveProperty('disabled', true);
    expect(words()).toContain(plain(t('checkpoint.off', { vm: 'dev-box' })));
  });
});

const on = chain(true);
const run = runOf(
  planOf([on]),
  eventsOf(
    { kind: 'started' },
    stepEvent(on, 0, 'running'),
    stepEvent(on, 0, 'done', { made }),
    stepEvent(on, 1, 'running'),
    stepEvent(on, 1, 'done'),
    { kind: 'ended', outcome: 'done' },
  ),
  { outcome: 'done' },
);
const goal = { kind: 'undo', run: run.id, checkpoints: true, consents: [] } as const;

describe('a checkpoint that a change has taken', () => {
  const remove = (): HTMLElement | null => screen.queryByRole('button', { name: t('checkpoint.removeButton') });

  it('is offered to be removed in History and at the end of the change, as long as it is there', async () => {
    fakeMain({ threeWay: () => [] });
    app.state = stateOf([withIt], { runs: [run] });
    render(Activity, { run: run.id });
    await fireEvent.click(await screen.findByRole('button', { name: t('checkpoint.removeButton') }));
    expect(route.now).toEqual({ page: 'undo', run: run.id, checkpoints: true });
    app.state = stateOf([box()], { runs: [run] });
    await waitFor(() => expect(remove()).toBeNull());
    cleanup();
    app.state = stateOf([withIt], { runs: [run] });
    render(Wizard, { opening: { kind: 'run', run: run.id } });
    await waitFor(() => expect(remove()).not.toBeNull());
  });

  const row: ThreeWay = {
    vm,
    name: 'dev-box',
    path: madePath(vm, made),
    found: 'none',
    wrote: 'there',
    now: 'there',
    verdict: 'kept',
    made,
  };

  it('stays in an undo unless it is ticked', async () => {
    fakeMain({});
    app.state = stateOf([withIt]);
    const asked: unknown[] = [];
    render(ThreeWayTables, { rows: [row], onalso: (way: unknown, isOn: boolean) => void asked.push([way, isOn]) });
    expect(words()).toContain(t('checkpoint.stays'));
    await fireEvent.click(screen.getByRole('checkbox', { name: t('checkpoint.tickRemove', { name: 'dev-box' }) }));
    expect(asked).toEqual([[{ vm, path: row.path }, true]]);
  });

  it('goes in a review of its own, which says what that means', async () => {
    const gone = stepOf(ids.box, 1, 'setting', [{ path: row.path, from: 'there', to: 'gone' }]);
    const plan = planOf([chainOf([gone], { vm, name: 'dev-box' })], { goal });
    fakeMain({ plan: () => shownOf(plan, { threeWay: [row] }) });
    app.state = stateOf([withIt], { runs: [run] });
    render(Wizard, { opening: { kind: 'goal', goal } });
    expect(await screen.findByRole('heading', { name: t('checkpoint.removeHeadline', { count: 1 }) })).toBeTruthy();
    expect(words()).toContain(plain(t('checkpoint.removeLead')));
    expect(screen.getByRole('button', { name: t('checkpoint.removeNow') })).toBeTruthy();
    expect(screen.queryByRole('checkbox', { name: t('checkpoint.tick') })).toBeNull();
  });

  it('that is gone already leaves nothing to remove', async () => {
    fakeMain({ plan: () => ({ ...shownOf(planOf([])), result: { kind: 'already-so' }, threeWay: [] }) });
    app.state = stateOf([box()], { runs: [run] });
    render(Wizard, { opening: { kind: 'goal', goal } });
    expect(await screen.findByRole('heading', { name: t('checkpoint.gone') })).toBeTruthy();
  });
});
