import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import Memory from '../../renderer/pages/Memory.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import type { MemorySample } from '../../src/core/machine/memory-history.js';
import type { MemoryWant } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { chainOf, changeOf, ids, planOf, stepOf, vmOf } from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf, type FakeMain } from './bridge.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

const GB = 2 ** 30;
const at = Date.parse('2026-11-24T08:00:00Z');
const readings: readonly MemorySample[] = [0, 60, 120]
  .map((second) => ({
    at: at - second * 1000,
    assigned: 16 * GB,
    demand: (18 + second / 60) * GB,
    frozen: true,
  }))
  .toReversed();
const memory: Vm['memory'] = {
  dynamic: true,
  startup: 8 * GB,
  minimum: 4 * GB,
  maximum: 16 * GB,
  assigned: 16 * GB,
  demand: 18 * GB,
};
const off = vmOf({ id: ids.box, name: 'dev-box', state: 'Off', memory: { ...memory, assigned: 0, demand: 0 } });
const frozen = vmOf({ id: ids.lab, name: 'build', nesting: true, inside: 'certainly', memory });

function open(
  vm: Vm,
  { edits, more = {} }: { edits?: MemoryWant; more?: Parameters<typeof fakeMain>[0] } = {},
): FakeMain {
  const main = fakeMain({ memoryHistory: () => readings, ...more });
  app.state = stateOf([off, frozen].map((one) => (one.id === vm.id ? vm : one)));
  render(Memory, { vm: vmIn(thisPc, vm.id), edits });
  return main;
}
const field = (name: string): HTMLInputElement => screen.getByRole('textbox', { name });
const fill = (name: string, value: string): Promise<unknown> => fireEvent.input(field(name), { target: { value } });
const button = (name: string): HTMLButtonElement => screen.getByRole('button', { name });
const said = (): string => (document.querySelector('.commandbar .note')?.textContent ?? '').replaceAll('\u00a0', ' ');
const wanted = (): unknown => {
  const { now } = route;
  return now.page === 'wizard' && now.goal.kind === 'vms' ? now.goal.wants : undefined;
};

beforeEach(() => route.go({ page: 'memory', vm: vmIn(thisPc, ids.box) }));

describe('what a VM gets', () => {
  it('asks the one wizard for what was changed, and for nothing else', async () => {
    open(off);
    expect(button('Review').disabled).toBe(true);
    await fill(t('memory.startup'), '12');
    await fill(t('memory.maximum'), '24');
    expect(screen.getAllByText(/^was/).map(({ textContent }) => textContent.replaceAll('\u00a0', ' '))).toEqual([
      'was 8 GB',
      'was 16 GB',
    ]);
    expect(said()).toBe('dev-box is off, so there’s no downtime.');
    await fireEvent.click(button('Review'));
    expect(wanted()).toEqual([{ vm: vmIn(thisPc, ids.box), want: { memory: { startup: 12 * GB, maximum: 24 * GB } } }]);
  });

  it('says at once at the field what cannot be, and lets nobody review it', async () => {
    open(off);
    await fill(t('memory.startup'), '20');
    expect(screen.getByRole('alert').textContent.replaceAll('\u00a0', ' ')).toBe(
      'Enter at least the startup memory, 20 GB.',
    );
    expect(field(t('memory.maximum')).getAttribute('aria-invalid')).toBe('true');
    expect(field(t('memory.startup')).getAttribute('aria-invalid')).toBe('false');
    expect(button('Review').disabled).toBe(true);
    await fill(t('memory.maximum'), '20');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(button('Review').disabled).toBe(false);
  });

  it.each(['', 'a lot', '-4', '0.001', '99999999'])('takes no amount from “%s”', async (typed) => {
    open(off);
    await fill(t('memory.minimum'), '3');
    await fill(t('memory.startup'), typed);
    expect(field(t('memory.startup')).getAttribute('aria-invalid')).toBe('true');
    expect(button('Review').disabled).toBe(true);
    await fill(t('memory.startup'), '8');
    expect(button('Review').disabled).toBe(false);
  });

  it('has one amount when it is fixed, and asks for no limits then', async () => {
    open(off);
    await fill(t('memory.minimum'), '2');
    await fireEvent.click(screen.getByRole('radio', { name: t('memory.kindFixed') }));
    expect(screen.getByText('was dynamic')).toBeTruthy();
    expect(screen.getAllByRole('textbox')).toHaveLength(1);
    expect(field(t('memory.amount')).value).toBe('8');
    await fireEvent.click(button('Review'));
    expect(wanted()).toEqual([{ vm: vmIn(thisPc, ids.box), want: { memory: { dynamic: false } } }]);
  });

  it('undoes everything with one click', async () => {
    open(off);
    await fill(t('memory.startup'), 'x');
    await fireEvent.click(screen.getByRole('radio', { name: t('memory.kindFixed') }));
    await fireEvent.click(button(t('memory.discard')));
    expect(field(t('memory.startup')).value).toBe('8');
    expect(screen.getByRole('radio', { name: 'Dynamic' }).getAttribute('aria-checked')).toBe('true');
    expect(button('Review').disabled).toBe(true);
    expect(said()).toBe(t('memory.noteNothing'));
  });

  it('shows what this PC has and who holds it, and says when it would not start', async () => {
    open(off);
    expect(screen.getByText(/^1 other VM: 16/)).toBeTruthy();
    expect(screen.getByText(/^free: 8/)).toBeTruthy();
    await fill(t('memory.startup'), '10');
    expect(screen.getByText(/^Only 8.GB is available now, so it might not start\.$/)).toBeTruthy();
  });

  it('says of a frozen VM that it has to shut down, before anything is clicked', async () => {
    open({ ...frozen, nested: [{ name: 'runner', state: 'Running' }] });
    await fill(t('memory.maximum'), '32');
    expect(said()).toBe('Memory is locked, so build and the VMs in it have to shut down.');
  });

  it('says that limits move apart while it runs, and nothing stops', async () => {
    open({ ...frozen, nesting: false, inside: 'no' });
    await fill(t('memory.maximum'), '32');
    expect(said()).toBe('build keeps running: no downtime.');
    await fill(t('memory.maximum'), '12');
    expect(said()).toContain('the memory range can only get larger');
  });
});

describe('the last minutes', () => {
  it('say their gist to who cannot see the chart, and are there as a table', async () => {
    open(frozen);
    await waitFor(() => expect(button('Show as table').getAttribute('aria-expanded')).toBe('false'));
    await fireEvent.click(button('Show as table'));
    const table = await screen.findByRole('table', { name: 'Memory readings of build, newest first' });
    const rows = within(table).getAllByRole('row');
    expect(rows).toHaveLength(4);
    expect(rows[1]?.textContent).toMatch(/16.*18.*locked/);
    expect(rows[3]?.textContent).toMatch(/16.*20.*locked/);
  });

  it('are no empty chart for a VM that held nothing', () => {
    open(off, { more: { memoryHistory: () => [] } });
    expect(screen.queryByRole('button', { name: 'Show as table' })).toBeNull();
    expect(screen.getByText(/^dev-box hasn’t used any memory/)).toBeTruthy();
  });

  it('grow at each reading, though the VM does not differ', async () => {
    const asked: unknown[] = [];
    const main = open(frozen, {
      more: {
        state: () => stateOf([off, frozen]),
        memoryHistory: (request) => {
          asked.push(request);
          return asked.length === 1 ? readings : [];
        },
      },
    });
    await waitFor(() => expect(asked).toHaveLength(1));
    const stop = app.start();
    await waitFor(() => expect(main.asked.some(({ name }) => name === 'state')).toBe(true));
    main.tell({ kind: 'machine', patch: { readAt: '2026-11-24T08:00:02Z' } });
    await waitFor(() => expect(asked.at(-1)).toEqual({ vm: vmIn(thisPc, ids.lab), since: at }));
    stop();
  });
});

describe('the way to the review and back', () => {
  const step = stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'memory.startup', 8 * GB, 12 * GB)]);
  const plan = planOf([chainOf([step], { name: 'dev-box' })]);
  const goal = {
    kind: 'vms',
    wants: [{ vm: vmIn(thisPc, ids.box), want: { memory: { startup: 12 * GB } } }],
    consents: [],
  } as const;
  const planned = { plan: () => ({ result: { kind: 'ready', plan }, script: [], undoScript: [] }) };

  it('asks nothing again that was chosen on the page, also of a VM that runs; Back brings what was changed', async () => {
    const main = fakeMain(planned);
    app.state = stateOf([{ ...off, state: 'Running' }]);
    render(Wizard, { opening: { kind: 'goal', goal, from: 'memory' } });
    await screen.findByRole('heading', { name: '1 setting of dev-box changes.' });
    expect(main.asked.filter(({ name }) => name === 'plan')).toEqual([{ name: 'plan', request: { goal } }]);
    await fireEvent.click(button('Back'));
    expect(route.now).toEqual({ page: 'memory', vm: vmIn(thisPc, ids.box), edits: { startup: 12 * GB } });
  });

  it('asks what becomes of a saved state, and loses nothing of what was changed', async () => {
    const main = fakeMain(planned);
    app.state = stateOf([{ ...off, state: 'Saved' }]);
    const want = { memory: { startup: 12 * GB, minimum: 2 * GB, maximum: 32 * GB } };
    render(Wizard, {
      opening: { kind: 'goal', goal: { ...goal, wants: [{ vm: vmIn(thisPc, ids.box), want }] }, from: 'memory' },
    });
    await fireEvent.click(await screen.findByRole('button', { name: 'Review' }));
    await waitFor(() => expect(main.asked.some(({ name }) => name === 'plan')).toBe(true));
    expect(main.asked.find(({ name }) => name === 'plan')?.request).toMatchObject({
      goal: { wants: [{ vm: vmIn(thisPc, ids.box), want: { ...want, savedState: 'resume' } }] },
    });
  });

  it('opens with what was changed before', () => {
    open(off, { edits: { startup: 12 * GB } });
    expect(field(t('memory.startup')).value).toBe('12');
    expect(button('Review').disabled).toBe(false);
  });
});

describe('advice', () => {
  it('is there only when it is true', () => {
    const little = { ...off.memory, startup: 2 * GB, minimum: GB };
    open({ ...off, memory: little });
    expect(screen.queryByText(/of startup memory for nested VMs/)).toBeNull();
    cleanup();
    open({ ...off, memory: little, nesting: true });
    expect(screen.getByText(/of startup memory for nested VMs/)).toBeTruthy();
  });
});
