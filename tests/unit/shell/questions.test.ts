/** A page that was taken over calls whatever it likes; what main asks by itself it can neither draw nor answer. */
import { vmIn, thisPc, idOf } from '../../../src/core/cmdlets/ref.js';
import { dialog } from 'electron';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Consent } from '../../../src/core/machine/goal.js';
import { joinPlans, nameOn } from '../../../src/core/change/span.js';
import type { Plan } from '../../../src/core/change/step.js';
import { AppStore } from '../../../src/shell/app-state.js';
import { handlers } from '../../../src/shell/handlers.js';
import type { HostBook } from '../../../src/shell/host-book.js';
import { MemoryHistory } from '../../../src/shell/memory-history.js';
import { leavingQuestion, Questions, startQuestion } from '../../../src/shell/questions.js';
import { defaultSettings } from '../../../src/shell/settings.js';
import type { World } from '../../../src/shell/world.js';
import { shown, translator } from '../../../src/text/index.js';
import { otherPc } from '../core/other-pc.js';
import { readWorld } from './a-machine.js';
import { here } from './here.js';
import { headOf } from './a-record.js';
import { stateOf } from './a-state.js';

vi.mock('electron', () => ({ default: {}, clipboard: {}, shell: {}, dialog: { showMessageBox: vi.fn() } }));
const asked = vi.mocked(dialog.showMessageBox);
const answer = (response: number) => asked.mockResolvedValue({ response, checkboxChecked: false });
beforeEach(() => void asked.mockReset());

const t = translator('en');
const { plan } = headOf('run');
const [chain] = plan.chains;
if (!chain) throw new Error('no chain');
const planWith = (...consents: readonly Consent[]): Plan => ({
  ...plan,
  consents: consents.map((consent) => ({ consent, vms: [chain.vm], given: true })),
});

/** The window's calls, over a world that notes what it was made to do. */
async function desk(shown: Plan, isBusy = (): boolean => false, mayOpen = () => true) {
  const done: string[] = [];
  const state = stateOf(await readWorld('workstation'));
  const world = {
    runs: {
      isBusy: false,
      planOf: (id: string) => (id === shown.id ? { result: { kind: 'ready', plan: shown }, script: [] } : undefined),
      start: (id: string) => {
        done.push(`start ${id}`);
        return Promise.resolve({ kind: 'started', run: 'r' });
      },
    },
    act: () => Promise.resolve(done.push('act') > 0),
    place: { connect: () => Promise.resolve(done.push('connect') > 0) },
    restart: () => Promise.resolve(done.push('restart') > 0),
    signOut: () => Promise.resolve(done.push('sign out') > 0),
  } as unknown as World;
  const calls = handlers({
    store: new AppStore(state, () => undefined),
    worlds: {
      at: () => world,
      planner: () => world.runs,
      withPlan: () => world.runs,
      changeOf: () => world.runs,
      // That of another PC: the shown one is idle.
      get runs() {
        return { isBusy: isBusy() };
      },
    },
    book: {} as unknown as HostBook,
    t: () => t,
    window: () => undefined,
    listens: () => undefined,
    changeSettings: () => Promise.resolve(defaultSettings),
    keepDrift: () => undefined,
    memory: () => new MemoryHistory(),
    questions: new Questions({ window: () => undefined, t: () => t, mayOpen }),
    mayOpen,
    about: () => undefined,
    update: () => undefined,
    logFolder: '',
    reviewLeft: () => undefined,
    whileStarting: (start) => start(),
    unwritten: () => '',
  });
  return { calls: here(calls), all: calls, done };
}

describe('restarting and signing out', () => {
  test.each(['restart', 'signOut'] as const)('%s: only after a person has agreed in a dialog of main', async (call) => {
    const { calls, done } = await desk(plan);
    answer(1);
    await calls[call](undefined);
    expect(done).toEqual([]);
    answer(0);
    await calls[call](undefined);
    expect(done).toHaveLength(1);
    expect(asked).toHaveBeenCalledTimes(2);
    // Neither Enter nor Escape agrees.
    expect(asked.mock.lastCall?.[0]).toMatchObject({ defaultId: 1, cancelId: 1 });
  });

  test.each(['restart', 'signOut'] as const)(
    '%s: not in the middle of a run on any PC, whatever is pressed',
    async (call) => {
      const { calls, done } = await desk(plan, () => true);
      answer(0);
      await calls[call](undefined);
      expect(done).toEqual([]);
      expect(asked.mock.lastCall?.[0]).toMatchObject({ detail: t('rights.leavingBusy'), buttons: [t('tray.close')] });
    },
  );

  test.each(['restart', 'signOut'] as const)('%s: not where a run has begun behind the question', async (call) => {
    let hasBegun = false;
    const { calls, done } = await desk(plan, () => hasBegun);
    asked.mockImplementationOnce(() => {
      hasBegun = true;
      return Promise.resolve({ response: 0, checkboxChecked: false });
    });
    await expect(Promise.resolve(calls[call](undefined))).rejects.toThrow('Windows did not');
    expect(done).toEqual([]);
  });

  test.each(['restart', 'signOut'] as const)('%s: never of another PC, and nothing is asked', async (call) => {
    const { all, done } = await desk(plan);
    answer(0);
    await all[call](undefined, otherPc);
    expect([done, asked.mock.calls]).toEqual([[], []]);
  });

  test('the words are about the simulated PC where that is meant', () => {
    const words = leavingQuestion('restart', { isBusy: false, isSimulated: true }, t);
    expect(words.detail).toBe(t('rights.leavingSimulated'));
  });
});

test('a page that asks without anybody at the window opens nothing: no prompt, no dialog, no other program', async () => {
  const { calls, done } = await desk(planWith('turn-off'), undefined, () => false);
  answer(0);
  expect(await calls.act({ act: 'join-group' })).toEqual({ kind: 'refused' });
  expect(await calls.connect({ vm: chain.vm })).toEqual({ ok: false });
  expect(await calls.start({ plan: plan.id, consents: ['turn-off'] })).toEqual({ kind: 'consent-missing' });
  await calls.restart(undefined);
  await calls.signOut(undefined);
  await calls.openLogFolder(undefined);
  expect(done).toEqual([]);
  expect(asked).not.toHaveBeenCalled();
});

const harmless: readonly (readonly Consent[])[] = [[], ['shut-down'], ['shut-down', 'interrupt-guest-network']];

describe('starting a plan', () => {
  test('asks nothing more where nothing is lost: the window has shown it', async () => {
    for (const consents of harmless) {
      const { calls } = await desk(planWith(...consents));
      expect(await calls.start({ plan: plan.id, consents: [] })).toMatchObject({ kind: 'started' });
    }
    expect(asked).not.toHaveBeenCalled();
  });

  test.each(['turn-off', 'drop-saved-state', 'upgrade-version'] as const)(
    '%s: asks a person, also where the page says that all was agreed to',
    async (consent) => {
      const { calls, done } = await desk(planWith('shut-down', consent));
      answer(1);
      const request = { plan: plan.id, consents: ['shut-down' as const, consent] };
      expect(await calls.start(request)).toEqual({ kind: 'consent-missing' });
      expect(done).toEqual([]);
      const [words] = asked.mock.lastCall ?? [];
      expect(words).toMatchObject({ message: t('tray.losesAsk') });
      expect((words as { detail: string }).detail).toContain(chain.name);
      answer(0);
      expect(await calls.start(request)).toMatchObject({ kind: 'started' });
    },
  );

  test('what is asked while a question is open is answered with no, and opens no second one', async () => {
    const { calls, done } = await desk(planWith('turn-off'));
    let press: (answer: { response: number; checkboxChecked: boolean }) => void = () => undefined;
    asked.mockImplementation(() => new Promise((resolve) => (press = resolve)));
    const first = calls.start({ plan: plan.id, consents: ['turn-off'] });
    expect(await calls.start({ plan: plan.id, consents: ['turn-off'] })).toEqual({ kind: 'consent-missing' });
    await calls.restart(undefined);
    expect(asked).toHaveBeenCalledTimes(1);
    press({ response: 0, checkboxChecked: false });
    expect(await first).toMatchObject({ kind: 'started' });
    expect(done).toEqual([`start ${plan.id}`]);
  });

  test('names a VM inside another as its plan does', () => {
    const nested = vmIn(chain.vm, idOf(chain.vm));
    const consents = [{ consent: 'turn-off', vms: [nested], given: false }] as const;
    const question = startQuestion({ ...plan, chains: [chain, { ...chain, vm: nested, name: 'web' }], consents }, t);
    expect(question?.detail).toContain('web');
  });

  test('is about a checkpoint that is removed too: nothing brings it back', () => {
    const [step] = chain.steps;
    if (!step) throw new Error('no step');
    const vm = idOf(chain.vm);
    const call = { cmdlet: 'Remove-VMSnapshot', params: {}, at: thisPc, on: { vm, checkpoint: vm } } as const;
    const question = startQuestion(
      { ...plan, chains: [{ ...chain, steps: [{ ...step, do: { call } }] }], consents: [] },
      t,
    );
    expect(question?.detail).toBe(t('tray.losesCheckpoint', { names: shown(chain.name) }));
  });

  test('names VMs of several PCs by theirs, of which two can have one name and one id', () => {
    const there = vmIn(otherPc, idOf(chain.vm));
    const own = { ...plan, consents: [{ consent: 'turn-off', vms: [chain.vm], given: false }] } as const;
    const other = { ...own, chains: [{ ...chain, vm: there }], consents: [{ ...own.consents[0], vms: [there] }] };
    const whole = joinPlans(plan, [
      { plan: own, label: 'This PC' },
      { plan: other, label: 'BUILD-01' },
    ]);
    const detail = startQuestion(whole, t)?.detail;
    for (const label of ['This PC', 'BUILD-01']) expect(detail).toContain(shown(nameOn(chain.name, label)));
  });

  test('names a few of many VMs, and says how many more there are', () => {
    const chains = Array.from({ length: 300 }, (_, index) => ({
      ...chain,
      vm: vmIn(thisPc, `vm-${String(index)}`),
      name: `lab ${String(index)}`,
    }));
    const consents = [{ consent: 'turn-off', vms: chains.map(({ vm }) => vm), given: false }] as const;
    const question = startQuestion({ ...plan, chains, consents }, t);
    expect(question?.detail).toContain(`lab 4, ${t('tray.losesMore', { count: 295 })}`);
    expect(question?.detail).not.toContain('lab 5');
  });
});
