import { idOf } from '../../src/core/cmdlets/ref.js';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Activity from '../../renderer/pages/Activity.svelte';
import Settings from '../../renderer/pages/Settings.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { eventsOf, planOf, restartChain, runOf, stepEvent, vmOf } from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf } from './bridge.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

const chain = restartChain();
const plan = planOf([chain]);
const all = [0, 1, 2, 3].flatMap((n) => [stepEvent(chain, n, 'running'), stepEvent(chain, n, 'done')]);
const done = runOf(plan, eventsOf({ kind: 'started' }, ...all, { kind: 'ended', outcome: 'done' }), {
  outcome: 'done',
});

describe('Activity', () => {
  it('says what will be here, and where to begin, before anything was changed', () => {
    fakeMain({});
    app.state = stateOf([vmOf()]);
    render(Activity, {});
    expect(screen.getByRole('heading', { name: 'Nothing was changed yet.' })).toBeTruthy();
    expect(screen.getByRole('button', { name: t('activity.emptyButton') })).toBeTruthy();
  });

  it('compares with what is so now only when a run is opened', async () => {
    const nesting = { vm: chain.vm, name: chain.name, path: `${idOf(chain.vm)}/nesting`, found: false, wrote: true };
    const main = fakeMain({ threeWay: () => [{ ...nesting, now: false, verdict: 'already-so' }] });
    app.state = stateOf([vmOf()], { runs: [done] });
    render(Activity, {});
    expect(main.asked).toEqual([]);
    await fireEvent.click(screen.getByRole('button', { name: /Details of/ }));
    expect(await screen.findByText(/^now .* again$/)).toBeTruthy();
  });

  it('says why a run cannot be compared with what is so now', async () => {
    fakeMain({ threeWay: () => ({ kind: 'unreadable', failure: { kind: 'access-denied' } }) });
    app.state = stateOf([vmOf()], { runs: [done] });
    render(Activity, {});
    await fireEvent.click(screen.getByRole('button', { name: /Details of/ }));
    expect(await screen.findByText(t('failures.accessDenied'))).toBeTruthy();
    expect(screen.getByText(t('activity.compareFailed'))).toBeTruthy();
  });

  it('puts a run that was cut short on top, and decides nothing by itself', async () => {
    const main = fakeMain({});
    const cut = runOf(plan, eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running')));
    app.state = stateOf([vmOf()], { runs: [cut] });
    render(Activity, {});
    await fireEvent.click(screen.getByRole('button', { name: 'Decide…' }));
    expect(route.now).toEqual({ page: 'recover', run: 'r1' });
    expect(main.asked).toEqual([]);
  });

  it('shows the PowerShell of a run of long ago, and says what of it did not run', async () => {
    const main = fakeMain({ threeWay: () => [], saveScript: () => ({ kind: 'saved' }) });
    const half = runOf(
      plan,
      eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'failed'), { kind: 'ended', outcome: 'failed' }),
      { outcome: 'failed' },
    );
    app.state = stateOf([vmOf()], { runs: [half] });
    render(Activity, {});
    await fireEvent.click(screen.getByRole('button', { name: /Details of/ }));
    const script = within(screen.getByRole('region', { name: 'PowerShell' }));
    expect(script.getByText(t('activity.script'))).toBeTruthy();
    expect(script.getByText(/Gray steps didn’t run\./)).toBeTruthy();
    await fireEvent.click(script.getByRole('button', { name: 'Copy' }));
    await fireEvent.click(script.getByRole('button', { name: 'Save script' }));
    const asked = { plan: plan.id, which: 'run' };
    expect(main.asked.slice(-2)).toEqual([
      { name: 'copyScript', request: asked },
      { name: 'saveScript', request: asked },
    ]);
  });

  it('says once what went alike on fifty machines, and shows the PowerShell of a few until all is asked for', async () => {
    const chains = Array.from({ length: 50 }, (_, index) => {
      const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
      return restartChain(id, index * 4 + 1, `lab-${String(index)}`);
    });
    fakeMain({ threeWay: () => [] });
    const run = runOf(planOf(chains), eventsOf({ kind: 'started' }, { kind: 'ended', outcome: 'failed' }), {
      outcome: 'failed',
    });
    app.state = stateOf([], { runs: [run] });
    render(Activity, {});
    await fireEvent.click(screen.getByRole('button', { name: /Details of/ }));
    const table = within(screen.getByRole('table'));
    expect(table.getAllByRole('row')).toHaveLength(3);
    expect(table.getAllByRole('button', { name: 'All 50 names' })).toHaveLength(2);
    const script = within(screen.getByRole('region', { name: 'PowerShell' }));
    const reads = () => script.getAllByText('Get-VMProcessor').length;
    expect(reads()).toBe(12);
    await fireEvent.click(script.getByRole('button', { name: 'Show all 50 VMs' }));
    expect(reads()).toBe(50);
  });

  it('saves the report of all runs as a file, and says so', async () => {
    const main = fakeMain({ saveReport: () => ({ kind: 'saved' }) });
    app.state = stateOf([vmOf()], { runs: [done] });
    render(Activity, {});
    await fireEvent.click(screen.getByRole('button', { name: 'Save report…' }));
    expect(await screen.findByRole('button', { name: 'Saved' })).toBeTruthy();
    expect(main.asked.at(-1)).toMatchObject({ name: 'saveReport', request: { report: { kind: 'runs' } } });
  });

  it('offers no way back for a journal of a newer app', async () => {
    const main = fakeMain({});
    app.state = stateOf([vmOf()], { runs: [{ ...done, trouble: 'newer-schema', appVersion: '9.0.0' }] });
    render(Activity, {});
    expect(screen.queryByRole('button', { name: t('activity.undoButton') })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: /Details of/ }));
    expect(screen.getByText('Recorded by a newer Hypernest (9.0.0).')).toBeTruthy();
    expect(main.asked).toEqual([]);
  });
});

describe('Settings', () => {
  it('says that Windows has turned off starting with it', () => {
    fakeMain({});
    app.state = { ...stateOf([]), isStartOff: true };
    render(Settings, {});
    expect(screen.getByText(t('settings.startOff'))).toBeTruthy();
    expect(screen.queryByText(t('settings.startWhy'))).toBeNull();
  });

  it('asks main for one change at a time, and shows what main has', async () => {
    const main = fakeMain({});
    app.state = stateOf([]);
    render(Settings, {});
    const start = screen.getByRole('switch', { name: 'Start when you sign in' });
    await fireEvent.click(start);
    expect(main.asked).toEqual([{ name: 'settings', request: { startWithWindows: true } }]);
    expect(start.getAttribute('aria-checked')).toBe('false');
  });

  it('switches the language live', async () => {
    fakeMain({});
    app.state = stateOf([]);
    render(Settings, {});
    app.state = stateOf([], { language: 'zh-CN' });
    expect(await screen.findByRole('heading', { name: '设置' })).toBeTruthy();
  });

  it('has five groups, and the zoom among what is seen', async () => {
    const main = fakeMain({});
    app.state = stateOf([]);
    render(Settings, {});
    const groups = screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent.trim());
    const keys = ['look', 'startup', 'permissions', 'history', 'about'] as const;
    expect(groups).toEqual(keys.map((key) => t(`settings.${key}`)));
    await fireEvent.change(screen.getByRole('combobox', { name: t('settings.zoom') }), { target: { value: '150' } });
    expect(main.asked).toContainEqual({ name: 'settings', request: { zoom: 150 } });
  });

  it('offers the simulated worlds only where machines are simulated', () => {
    fakeMain({});
    app.state = stateOf([]);
    render(Settings, {});
    expect(within(screen.getByRole('combobox', { name: t('settings.scenario') })).getAllByRole('option')).toHaveLength(
      2,
    );
    cleanup();
    app.state = stateOf([], { source: { kind: 'this-pc' } });
    render(Settings, {});
    expect(screen.queryByRole('combobox', { name: t('settings.scenario') })).toBeNull();
  });

  it('saves diagnostics as a file; when the dialog was cancelled it claims nothing', async () => {
    const answers = [{ kind: 'cancelled' }, { kind: 'saved' }];
    fakeMain({ saveReport: () => answers.shift() });
    app.state = stateOf([]);
    render(Settings, {});
    const save = screen.getByRole('button', { name: 'Save…' });
    await fireEvent.click(save);
    expect(screen.queryByText('Saved')).toBeNull();
    await fireEvent.click(save);
    expect(await screen.findByText('Saved')).toBeTruthy();
  });

  it('leads to the report of a problem, and has its button in focus when it comes back', async () => {
    fakeMain({});
    app.state = stateOf([]);
    render(Settings, {});
    await fireEvent.click(screen.getByRole('button', { name: t('settings.problemOpen') }));
    expect(route.now).toEqual({ page: 'report', from: 'settings' });
    cleanup();
    render(Settings, { from: 'report' });
    await waitFor(() => expect(document.activeElement?.textContent).toBe(t('settings.problemOpen')));
  });

  it('says when a setting could not be saved', async () => {
    fakeMain({ settings: () => Promise.reject(new Error('disk full')) });
    app.state = stateOf([]);
    render(Settings, {});
    await fireEvent.click(screen.getByRole('switch', { name: 'Notifications' }));
    expect(await screen.findByText(t('settings.notSaved'))).toBeTruthy();
  });
});
