import { vmIn, thisPc, textOf, type MachineRef } from '../../src/core/cmdlets/ref.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { alsoOf, takingAlong } from '../../renderer/wizard/stages.js';
import { WizardController } from '../../renderer/wizard/wizard.svelte.js';
import type { Wish } from '../../src/core/machine/goal.js';
import { rolePath } from '../../src/core/change/paths.js';
import type { Plan } from '../../src/core/change/step.js';
import { keyOfWay, type ThreeWay } from '../../src/core/run/undo.js';
import type { ShownPlan, StartResult } from '../../src/ipc/schema.js';
import {
  chainOf,
  changeOf,
  eventsOf,
  ids,
  planOf,
  restartChain,
  runOf,
  shownOf,
  stepEvent,
  stepOf,
  vmOf,
} from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf } from './bridge.js';

beforeEach(() => route.go({ page: 'machines' }));

const goalFor = <Want extends Wish>(vm: string, want: Want, at: MachineRef = thisPc) => ({
  kind: 'vms' as const,
  wants: [{ vm: vmIn(at, vm), want }],
  consents: [],
});
const box = vmOf({ id: ids.box, name: 'dev-box', state: 'Off' });
const planOfBox = (id = 'p1', basis = 'Save'): Plan =>
  planOf(
    [
      chainOf([stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'nesting', false, true)])], {
        name: 'dev-box',
        basis: [{ path: `${ids.box}/stopAction`, value: basis }],
      }),
    ],
    { id },
  );
/** A VM that is off, and asked for one thing: nothing is left to choose. */
const boxOpening = { kind: 'goal', goal: goalFor(ids.box, { nesting: true }) } as const;
const labOpening = { kind: 'goal', goal: goalFor(ids.lab, { nesting: true }) } as const;
const timedOut = { kind: 'timed-out' } as const;

/** A wizard over a main that answers so, once it has planned. */
async function reviewed(
  opening: ConstructorParameters<typeof WizardController>[0],
  answers: Parameters<typeof fakeMain>[0],
): Promise<{ wizard: WizardController; main: ReturnType<typeof fakeMain> }> {
  const main = fakeMain({ plan: () => shownOf(planOfBox()), ...answers });
  const wizard = new WizardController(opening);
  await expect.poll(() => wizard.stage.kind).not.toBe('planning');
  return { wizard, main };
}
const requests = (main: ReturnType<typeof fakeMain>, name: string): unknown[] =>
  main.asked.filter((one) => one.name === name).map(({ request }) => request);
/** All that waits for an answer has gone on with it. */
const answersTaken = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('where the wizard begins', () => {
  beforeEach(() => (app.state = stateOf([vmOf(), box])));

  it('plans at once where nothing is left to choose', () => {
    const main = fakeMain({});
    expect(new WizardController(boxOpening).page.kind).toBe('planning');
    expect(requests(main, 'plan')).toEqual([{ goal: boxOpening.goal }]);
  });

  it.each([
    ['settings', { nesting: true }],
    ['inside', { roles: {} }],
    ['network', { network: 'choose' }],
  ] as const)('chooses on the page of %s first, and asks main for nothing', (page, want) => {
    const main = fakeMain({});
    const wizard = new WizardController({ kind: 'goal', goal: goalFor(ids.lab, want) });
    expect(wizard.page).toMatchObject({ kind: 'form', form: { page } });
    expect(wizard.place).toBe('choose');
    expect(main.asked).toEqual([]);
  });

  it('leaves nothing to choose where the setup has asked what for and an account is there', () => {
    const { machine } = stateOf([]);
    app.state = stateOf([vmOf({ ...(machine && { guest: machine }) })]);
    const main = fakeMain({});
    const opening = { kind: 'goal', goal: goalFor(ids.lab, { roles: {} }) } as const;
    expect(new WizardController(opening, 'inside').stage.kind).toBe('planning');
    expect(new WizardController(opening).stage.kind).toBe('choosing');
    expect(main.asked).toHaveLength(1);
  });

  it('says that the VM is gone instead of planning for none', () => {
    fakeMain({});
    app.state = stateOf([box]);
    expect(new WizardController(labOpening).page.kind).toBe('vm-gone');
  });

  it('shows a run that is not there any more as gone', () => {
    expect(new WizardController({ kind: 'run', run: 'r1' }).page.kind).toBe('run-gone');
  });
});

describe('choosing and planning', () => {
  beforeEach(() => (app.state = stateOf([vmOf(), box])));

  it('keeps on the way back what was chosen, what nesting recommended too', async () => {
    const main = fakeMain({ plan: () => shownOf(planOf([restartChain()])) });
    const wizard = new WizardController(labOpening);
    wizard.choose({ after: 'off' });
    wizard.toReview();
    await expect.poll(() => wizard.page.kind).toBe('review');
    expect(requests(main, 'plan')).toMatchObject([
      { goal: { wants: [{ want: { nesting: true, stopAction: 'ShutDown', power: 'off' } }] } },
    ]);
    wizard.toChoose();
    expect(wizard.form).toMatchObject({ page: 'settings', draft: { after: 'off', stopAction: 'ShutDown' } });
  });

  it('takes away what was only recommended when its reason goes', () => {
    fakeMain({});
    const wizard = new WizardController(labOpening);
    wizard.choose({ nesting: false });
    expect(wizard.form).toMatchObject({ draft: { nesting: false, stopAction: undefined }, goal: null });
    wizard.toReview();
    expect(wizard.stage.kind).toBe('choosing');
  });

  it('goes back to the page of the memory with what was changed there', async () => {
    const memory = { startup: 2 ** 33 };
    const opening = { kind: 'goal', goal: goalFor(ids.box, { memory }), from: 'memory' } as const;
    const { wizard } = await reviewed(opening, {});
    wizard.toChoose();
    expect(route.now).toEqual({ page: 'memory', vm: vmIn(thisPc, ids.box), edits: memory });
  });

  it('says what Windows said where it could not be read, and plans the same once more', async () => {
    let isRead = false;
    const { wizard, main } = await reviewed(boxOpening, {
      plan: () => (isRead ? shownOf(planOfBox()) : { kind: 'unreadable', failure: timedOut }),
    });
    expect(wizard.page).toMatchObject({ kind: 'trouble', failure: timedOut });
    isRead = true;
    wizard.retry();
    await expect.poll(() => wizard.page.kind).toBe('review');
    expect(requests(main, 'plan')).toEqual([{ goal: boxOpening.goal }, { goal: boxOpening.goal }]);
  });

  it('shows trouble without words where main has not answered', async () => {
    const { wizard } = await reviewed(boxOpening, { plan: () => Promise.reject(new Error('main is gone')) });
    expect(wizard.page).toMatchObject({ kind: 'trouble', failure: undefined });
  });

  it.each(['already-so', 'blocked'] as const)('shows %s as what it is, with nothing to start', async (kind) => {
    const result = kind === 'blocked' ? { kind, by: [] } : { kind };
    const { wizard, main } = await reviewed(boxOpening, { plan: () => shownOf(planOfBox(), { result }) });
    expect(wizard.page.kind).toBe(kind);
    await wizard.start();
    expect(requests(main, 'start')).toEqual([]);
  });

  it('drops the plan of somebody who went on meanwhile', async () => {
    let answer: (shown: ShownPlan) => void = () => undefined;
    fakeMain({ plan: () => new Promise((resolve) => (answer = resolve)) });
    const wizard = new WizardController(labOpening);
    wizard.toReview();
    wizard.toChoose();
    answer(shownOf(planOf([restartChain()])));
    await answersTaken();
    expect(wizard.stage.kind).toBe('choosing');
  });
});

describe('starting', () => {
  beforeEach(() => (app.state = stateOf([box])));
  const upgrade = planOf([chainOf([stepOf(ids.box, 1, 'one-way', [changeOf(ids.box, 'version', '9.0', '12.0')])])], {
    consents: [{ consent: 'upgrade-version', vms: [vmIn(thisPc, ids.box)], given: false }],
  });

  it('starts once, with the ticks, and follows the run', async () => {
    const { wizard, main } = await reviewed(boxOpening, {
      plan: () => shownOf(upgrade),
      start: () => ({ kind: 'started', run: 'r1' }),
    });
    expect(wizard.waits).toEqual({ key: 'wizard.waitsForVersion' });
    wizard.consent('upgrade-version', true);
    expect(wizard.waits).toBeNull();
    await Promise.all([wizard.start(), wizard.start()]);
    expect(requests(main, 'start')).toEqual([{ plan: 'p1', consents: ['upgrade-version'] }]);
    expect(wizard.page.kind).toBe('running');
    expect(wizard.place).toBe('run');
  });

  it('says what changed since it was shown, and asks for the ticks again', async () => {
    const { wizard } = await reviewed(boxOpening, {
      start: (): StartResult => ({ kind: 'changed', plan: shownOf(planOfBox('p2', 'TurnOff')) }),
    });
    wizard.consent('turn-off', true);
    await wizard.start();
    expect(wizard.page).toMatchObject({ kind: 'review', plan: { id: 'p2' } });
    expect(wizard.stage).toMatchObject({
      busy: null,
      kept: { given: new Set(), changed: [{ path: `${ids.box}/stopAction`, from: 'Save', to: 'TurnOff' }] },
    });
  });

  it('plans again where the plan was too old, and says so; ticks stay', async () => {
    let made = 0;
    const { wizard } = await reviewed(boxOpening, {
      plan: () => shownOf(planOfBox(`p${String(++made)}`)),
      start: () => ({ kind: 'unknown-plan' }),
    });
    wizard.consent('turn-off', true);
    await wizard.start();
    await expect.poll(() => wizard.page).toMatchObject({ kind: 'review', plan: { id: 'p2' } });
    expect(wizard.stage).toMatchObject({ kept: { isLost: true, given: new Set(['turn-off']) } });
  });

  it('shows trouble, not an endless wait, where that plan cannot be made either', async () => {
    let made = 0;
    const { wizard } = await reviewed(boxOpening, {
      plan: () => (++made === 1 ? shownOf(planOfBox()) : { kind: 'unreadable', failure: timedOut }),
      start: () => ({ kind: 'unknown-plan' }),
    });
    await wizard.start();
    await expect.poll(() => wizard.page).toMatchObject({ kind: 'trouble', failure: timedOut });
  });

  it('asks for a tick again that main has missed', async () => {
    const { wizard } = await reviewed(boxOpening, {
      plan: () => shownOf(upgrade),
      start: () => ({ kind: 'consent-missing' }),
    });
    wizard.consent('upgrade-version', true);
    await wizard.start();
    expect(wizard.waits).toEqual({ key: 'wizard.waitsForVersion' });
    expect(wizard.stage).toMatchObject({ kind: 'review', busy: null });
  });

  it('shows what Windows said where it could not be read before the first step', async () => {
    const { wizard } = await reviewed(boxOpening, { start: () => ({ kind: 'unreadable', failure: timedOut }) });
    await wizard.start();
    expect(wizard.page).toMatchObject({ kind: 'trouble', failure: timedOut });
  });

  it('shows a run that began also to whoever went back meanwhile, and no other answer', async () => {
    let answer: (result: StartResult) => void = () => undefined;
    const { wizard } = await reviewed(boxOpening, { start: () => new Promise((resolve) => (answer = resolve)) });
    const first = wizard.start();
    wizard.toChoose();
    answer({ kind: 'changed', plan: shownOf(planOfBox('p2')) });
    await first;
    expect(wizard.stage.kind).toBe('choosing');
    wizard.choose({ nesting: true });
    wizard.toReview();
    await expect.poll(() => wizard.stage.kind).toBe('review');
    const second = wizard.start();
    wizard.toChoose();
    answer({ kind: 'started', run: 'r1' });
    await second;
    expect(wizard.stage).toMatchObject({ kind: 'run', run: 'r1' });
  });
});

describe('a run', () => {
  const chain = restartChain();
  const plan = planOf([chain]);
  const failed = runOf(
    plan,
    eventsOf(
      { kind: 'started' },
      stepEvent(chain, 0, 'done'),
      stepEvent(chain, 1, 'done'),
      stepEvent(chain, 2, 'failed', { failure: timedOut }),
      { kind: 'stopped', vm: chain.vm, why: { key: 'app.name' }, offer: 'turn-off' },
      { kind: 'ended', outcome: 'failed' },
    ),
    { outcome: 'failed' },
  );
  const opening = { kind: 'run', run: 'r1' } as const;

  it('goes from running to done as main tells it, and closes to History', () => {
    const started = eventsOf({ kind: 'started' });
    app.state = stateOf([vmOf()], { runs: [runOf(plan, started)] });
    const wizard = new WizardController(opening);
    expect(wizard.page.kind).toBe('running');
    const steps = chain.steps.map((_, at) => stepEvent(chain, at, 'done'));
    const events = eventsOf({ kind: 'started' }, ...steps, { kind: 'ended', outcome: 'done' });
    app.state = stateOf([vmOf()], { runs: [runOf(plan, events, { outcome: 'done' })] });
    expect(wizard.page).toMatchObject({ kind: 'done', ways: [], way: undefined });
    expect(wizard.place).toBe('done');
    wizard.close();
    expect(route.now).toEqual({ page: 'activity' });
  });

  it('is asked to stop once', async () => {
    app.state = stateOf([vmOf()], { runs: [runOf(plan, eventsOf({ kind: 'started' }))] });
    const main = fakeMain({});
    const wizard = new WizardController(opening);
    await wizard.stop();
    expect(wizard.stage).toMatchObject({ isStopping: true });
    expect(requests(main, 'cancel')).toEqual([{ run: 'r1' }]);
  });

  it('is renewed for a VM that ran before, which runs again after', async () => {
    app.state = stateOf([vmOf({ state: 'Off' })], { runs: [failed] });
    const { wizard, main } = await reviewed(opening, {});
    expect(wizard.page).toMatchObject({ kind: 'done', way: 'again' });
    expect(wizard.place).toBe('run');
    wizard.goOn();
    await expect.poll(() => wizard.page.kind).toBe('review');
    expect(requests(main, 'plan')).toEqual([{ goal: goalFor(ids.lab, { power: 'running', nesting: true }) }]);
    expect(wizard.stage).toMatchObject({ kept: { given: new Set(), changed: null, isLost: false } });
    wizard.toChoose();
    expect(wizard.form).toMatchObject({ page: 'settings', draft: { after: 'running', nesting: true } });
  });

  it('turns off only where that was chosen', async () => {
    app.state = stateOf([vmOf()], { runs: [failed] });
    const { wizard, main } = await reviewed(opening, {});
    wizard.chooseWay('turn-off');
    expect(main.asked).toEqual([]);
    wizard.goOn();
    expect(requests(main, 'plan')).toMatchObject([{ goal: { consents: ['turn-off'] } }]);
  });

  it('leads to its undo', () => {
    app.state = stateOf([vmOf()], { runs: [failed] });
    const wizard = new WizardController(opening);
    wizard.chooseWay('undo');
    wizard.goOn();
    expect(route.now).toEqual({ page: 'undo', run: 'r1' });
  });

  it('starts a nested VM that it left off in the machine that it is in, also when it is looked at later', async () => {
    const at = vmIn(thisPc, ids.lab);
    const inside = chainOf([stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'nesting', false, true)])], {
      vm: vmIn(at, ids.box),
    });
    const nested = planOf([inside], { wants: [{ vm: vmIn(at, ids.box), want: { nesting: true } }] });
    const events = eventsOf({ kind: 'started' }, stepEvent(inside, 0, 'done'), { kind: 'ended', outcome: 'done' });
    app.state = stateOf([vmOf()], { runs: [runOf(nested, events, { outcome: 'done' })] });
    const { wizard, main } = await reviewed(opening, {});
    wizard.startVm(inside.vm);
    expect(requests(main, 'plan')).toEqual([{ goal: goalFor(ids.box, { power: 'running' }, at) }]);
  });

  it('starts and tests the VM that it is asked for, also where one of this PC has the same id', async () => {
    const twin = chainOf([stepOf(ids.box, 1, 'setting')], { vm: vmIn(vmIn(thisPc, ids.lab), ids.box) });
    const own = chainOf([stepOf(ids.box, 2, 'setting')]);
    const wants = [own, twin].map(({ vm }) => ({
      vm,
      want: { network: { kind: 'default-switch' as const, nested: [] } },
    }));
    const events = eventsOf({ kind: 'started' }, { kind: 'ended', outcome: 'done' });
    app.state = stateOf([vmOf(), box], { runs: [runOf(planOf([own, twin], { wants }), events, { outcome: 'done' })] });
    const { wizard, main } = await reviewed(opening, {});
    wizard.prove(twin.vm);
    expect(route.now).toEqual({ page: 'proof', at: twin.vm, vm: null });
    wizard.startVm(twin.vm);
    expect(requests(main, 'plan')).toMatchObject([{ goal: { wants: [{ vm: twin.vm }] } }]);
  });

  it('names the VM that could not be connected to', async () => {
    app.state = stateOf([vmOf()], { runs: [failed] });
    const { wizard } = await reviewed(opening, { connect: () => ({ ok: false }) });
    await wizard.connect(vmIn(thisPc, ids.lab));
    expect(wizard.stage).toMatchObject({ unreached: 'Lab DC 01' });
  });
});

describe('undoing', () => {
  beforeEach(() => (app.state = stateOf([box])));
  const path = `${ids.box}/stopAction` as const;
  const row: ThreeWay = {
    vm: vmIn(thisPc, ids.box),
    name: 'dev-box',
    path,
    found: 'Save',
    wrote: 'ShutDown',
    now: 'TurnOff',
    verdict: 'somebody-else',
  };
  const way = { vm: row.vm, path };
  const opening = { kind: 'goal', goal: { kind: 'undo', run: 'r1', consents: [] } } as const;
  const alsoIn = (wizard: WizardController): readonly string[] =>
    wizard.stage.kind === 'review' ? [...alsoOf(wizard.stage)] : ['no review'];

  it('plans anew with each tick while the table stays in sight, and starts nothing meanwhile', async () => {
    const { wizard, main } = await reviewed(opening, { plan: () => shownOf(planOfBox(), { threeWay: [row] }) });
    const planned = wizard.askElse(takingAlong(way, true));
    expect(wizard.page.kind).toBe('review');
    expect(alsoIn(wizard)).toEqual([keyOfWay(way)]);
    await wizard.start();
    expect(requests(main, 'start')).toEqual([]);
    await planned;
    expect(wizard.stage).toMatchObject({ kind: 'review', busy: null });
    await wizard.askElse(takingAlong(way, false));
    expect(alsoIn(wizard)).toEqual([]);
    expect(requests(main, 'plan').at(-1)).toEqual({ goal: { ...opening.goal, also: [] } });
  });

  it('shows the plan of the last tick, whatever is answered last', async () => {
    const answers: ((shown: ShownPlan) => void)[] = [];
    let isFirst = true;
    const { wizard } = await reviewed(opening, {
      plan: () => {
        if (!isFirst) return new Promise((resolve) => answers.push(resolve));
        isFirst = false;
        return shownOf(planOfBox(), { threeWay: [row] });
      },
    });
    const both = [wizard.askElse(takingAlong(way, true)), wizard.askElse(takingAlong(way, false))];
    answers[1]?.(shownOf(planOfBox('last')));
    answers[0]?.(shownOf(planOfBox('first')));
    await Promise.all(both);
    expect(wizard.page).toMatchObject({ kind: 'review', plan: { id: 'last' } });
  });

  it('has nothing to go back to: it closes', async () => {
    const { wizard } = await reviewed(opening, {});
    wizard.toChoose();
    expect(route.now).toEqual({ page: 'activity' });
  });

  it('shows the ticks of an undo that is planned again', async () => {
    const goal = { kind: 'undo', run: 'r0', also: [way], consents: [] } as const;
    const plan = { ...planOfBox(), goal };
    const chain = plan.chains[0];
    const events = eventsOf(
      { kind: 'started' },
      ...(chain ? [stepEvent(chain, 0, 'failed', { failure: timedOut })] : []),
      { kind: 'ended', outcome: 'failed' },
    );
    app.state = stateOf([box], { runs: [runOf(plan, events, { outcome: 'failed' })] });
    const { wizard, main } = await reviewed({ kind: 'run', run: 'r1' }, { plan: () => shownOf(plan) });
    wizard.again();
    await expect.poll(() => wizard.page.kind).toBe('review');
    expect(requests(main, 'plan')).toEqual([{ goal }]);
    expect(alsoIn(wizard)).toEqual([keyOfWay(way)]);
  });

  it('starts a VM that has to run first, before one can look inside', async () => {
    const unread: ThreeWay = { ...row, path: rolePath(ids.box, 'hyper-v'), verdict: 'unknown', now: undefined };
    const { wizard, main } = await reviewed(opening, {
      plan: () => shownOf(planOfBox(), { result: { kind: 'already-so' }, threeWay: [unread] }),
    });
    const off = wizard.nothing?.off;
    expect(off).toMatchObject({ vm: vmIn(thisPc, ids.box), name: 'dev-box' });
    if (off) wizard.startVm(off.vm);
    expect(requests(main, 'plan').at(-1)).toEqual({ goal: goalFor(ids.box, { power: 'running' }) });
  });

  it('asks for the account of the machine that could not be read, and plans again once it is read', async () => {
    const at = vmIn(thisPc, ids.lab);
    const role = rolePath(ids.lab, 'hyper-v');
    const unread: ThreeWay = { ...row, vm: vmIn(thisPc, ids.lab), path: role, verdict: 'unknown', now: undefined };
    const lab = vmOf();
    app.state = stateOf([lab]);
    const { wizard, main } = await reviewed(opening, {
      plan: () => shownOf(planOfBox(), { result: { kind: 'already-so' }, threeWay: [unread] }),
    });
    expect(wizard.nothing?.inside).toEqual({ at, name: 'dev-box' });
    wizard.askAccount();
    expect(wizard.stage).toMatchObject({ account: { at, isOpen: true } });
    wizard.closeAccount();
    wizard.onInsideRead();
    expect(requests(main, 'plan')).toHaveLength(1);
    const guests = { [textOf(at)]: { status: 'open', userName: 'lab\\admin', remembered: false } } as const;
    app.state = stateOf([lab], { guests });
    wizard.onInsideRead();
    expect(requests(main, 'plan')).toHaveLength(1);
    const { machine } = app.state;
    app.state = stateOf([vmOf({ ...(machine && { guest: { ...machine, at } }) })], { guests });
    wizard.onInsideRead();
    wizard.onInsideRead();
    expect(requests(main, 'plan')).toEqual([{ goal: opening.goal }, { goal: opening.goal }]);
    await expect.poll(() => wizard.stage).toMatchObject({ kind: 'review', account: null });
  });
});

describe('what is lost when it is left', () => {
  beforeEach(() => (app.state = stateOf([vmOf(), box])));
  const memory = { kind: 'goal', goal: goalFor(ids.box, { memory: { startup: 2 ** 32 } }), from: 'memory' } as const;

  it('is what was chosen, wherever there is a form behind it', async () => {
    fakeMain({});
    expect(new WizardController(boxOpening).losesChoice).toBe(true);
    expect(new WizardController(labOpening).losesChoice).toBe(true);
    const so = { ...shownOf(planOfBox()), result: { kind: 'already-so' } };
    expect((await reviewed(boxOpening, { plan: () => so })).wizard.losesChoice).toBe(true);
    const trouble = await reviewed(boxOpening, { plan: () => ({ kind: 'unreadable', failure: timedOut }) });
    expect(trouble.wizard.losesChoice).toBe(true);
  });

  it('is nothing where the page of the memory has it still, until it has been carried out', async () => {
    const { wizard } = await reviewed(memory, { start: () => ({ kind: 'started', run: 'r1' }) satisfies StartResult });
    expect([wizard.losesChoice, wizard.hasRun]).toEqual([false, false]);
    await wizard.start();
    wizard.again();
    expect([wizard.losesChoice, wizard.hasRun]).toEqual([true, true]);
    wizard.close();
    expect(route.now).toEqual({ page: 'memory', vm: vmIn(thisPc, ids.box) });
  });
});
