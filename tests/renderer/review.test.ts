import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { app } from '../../renderer/state/app.svelte.js';
import Review from '../../renderer/wizard/Review.svelte';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import type { Chain, Plan } from '../../src/core/change/step.js';
import { translator } from '../../src/text/index.js';
import { chainOf, changeOf, ids, planOf, restartChain, stepOf, vmOf } from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf } from './bridge.js';

const t = translator('en');
const at = vmIn(thisPc, ids.lab);
const nestedBox = vmIn(at, ids.box);
/** This PC with a VM in which another one is. */
const withNested = (nested: Vm): void => {
  const { machine } = stateOf([]);
  const guest: Machine | undefined = machine ? { ...machine, at, vms: [nested] } : undefined;
  app.state = stateOf([vmOf({ nesting: true, ...(guest && { guest }) })]);
};
const show = (plan: Plan): void => {
  fakeMain({});
  render(Review, {
    shown: { result: { kind: 'ready', plan }, script: [], undoScript: [] },
    plan,
    given: new Set<never>(),
    also: new Set<never>(),
    onconsent: () => undefined,
    onalso: () => undefined,
  });
};
const words = (): string => document.body.textContent.replaceAll('\u00a0', ' ');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('the review of a VM inside another', () => {
  const stop = chainOf([stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'stopAction', 'Save', 'ShutDown')])], {
    vm: nestedBox,
  });

  it('says that nothing stops because it is off', () => {
    withNested(vmOf({ id: ids.box, name: 'web', state: 'Off' }));
    show(planOf([stop]));
    expect(words()).toContain(plain(t('wizard.offSoNothingStops')));
  });

  it('says that nobody could look at what goes down inside it', () => {
    withNested(vmOf({ id: ids.box, name: 'web', nesting: true, inside: 'probably', nested: null }));
    show(planOf([{ ...restartChain(ids.box, 1, 'web'), vm: nestedBox }]));
    expect(words()).toContain(plain(t('wizard.nestedUnknown', { name: 'web' })));
  });

  it('warns how much memory stands still once Hyper-V runs inside', () => {
    const memory = { ...vmOf().memory, assigned: 2 ** 33 };
    withNested(vmOf({ id: ids.box, name: 'web', memory }));
    const role = changeOf(ids.box, 'roles/hyper-v', 'Disabled', 'Enabled');
    show(planOf([chainOf([stepOf(ids.box, 1, 'setting', [role])], { vm: nestedBox, name: 'web' })]));
    expect(words()).toContain(plain(t('inside.freezes', { memory: 2 ** 33 })));
  });

  it.each([
    ['Disabled', true],
    ['Enabled', false],
  ] as const)('says what Windows leaves on when Hyper-V becomes %s', (to, isSaid) => {
    withNested(vmOf({ id: ids.box, name: 'web' }));
    const role = changeOf(ids.box, 'roles/hyper-v', to === 'Disabled' ? 'Enabled' : 'Disabled', to);
    show(planOf([chainOf([stepOf(ids.box, 1, 'setting', [role])], { vm: nestedBox, name: 'web' })]));
    expect(words().includes(plain(t('inside.leaves')))).toBe(isSaid);
  });
});

describe('what a change takes away', () => {
  const forcedOff = (): Chain => {
    const chain = restartChain();
    const [down, ...rest] = chain.steps;
    if (!down) throw new Error('no step');
    const call = { cmdlet: 'Stop-VM/TurnOff', params: { Force: true }, on: { vm: ids.lab }, at: thisPc } as const;
    return { ...chain, steps: [{ ...down, do: { call } }, ...rest] };
  };
  const turningOff = planOf([forcedOff()], {
    consents: [{ consent: 'turn-off', vms: [vmIn(thisPc, ids.lab)], given: false }],
  });
  const before = (first: Element, then: Element): boolean =>
    (first.compareDocumentPosition(then) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

  it('is said by the headline of a VM that is turned off, not by the word restarts', () => {
    app.state = stateOf([vmOf()]);
    show(turningOff);
    expect(screen.getByRole('heading', { name: t('wizard.turnOffHeadline', { name: 'Lab DC 01' }) })).toBeTruthy();
    expect(screen.getByText(t('wizard.losesWork'))).toBeTruthy();
    expect(words()).toContain(plain(t('wizard.allBackButWork')));
    expect(words()).not.toContain(plain(t('wizard.allBackWithRestart')));
  });

  it('is agreed to directly under the headline, before anything that has to be scrolled', () => {
    app.state = stateOf([vmOf()]);
    show(turningOff);
    const heading = screen.getByRole('heading', { level: 2 });
    const tick = screen.getByRole('checkbox');
    expect(before(heading, tick)).toBe(true);
    for (const table of screen.getAllByRole('table')) expect(before(tick, table)).toBe(true);
    expect(before(tick, screen.getByText(t('wizard.powerTitle')))).toBe(true);
  });

  it('names the VMs that lose it, once for all that lose the same', () => {
    const [lab, box] = [restartChain(), restartChain(ids.box, 5, 'dev-box')];
    const old = changeOf(ids.box, 'version', '9.0', '12.0');
    app.state = stateOf([vmOf(), vmOf({ id: ids.box, name: 'dev-box' })]);
    show(
      planOf([lab, box], {
        oneWay: [
          { vm: lab.vm, path: `${ids.lab}/power`, reason: { key: 'plan.oneWayPower' } },
          { vm: box.vm, path: `${ids.box}/power`, reason: { key: 'plan.oneWayPower' } },
          { vm: box.vm, path: old.path, reason: { key: 'plan.oneWayVersion' } },
        ],
      }),
    );
    const rows = screen.getAllByText(t('plan.oneWayPower')).map((fact) => fact.parentElement);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.textContent).toContain('Lab DC 01');
    expect(rows[0]?.textContent).toContain('dev-box');
    const version = screen.getByText(t('plan.oneWayVersion')).parentElement;
    expect(version && within(version).getByText('dev-box')).toBeTruthy();
    expect(version?.textContent).not.toContain('Lab DC 01');
  });
});

describe('what is saved of a change', () => {
  const region = () => within(screen.getByRole('region', { name: t('wizard.powershell') }));
  const winget = () => region().queryByRole('button', { name: t('wizard.saveConfiguration') });

  it('is its script, or a WinGet configuration beside it; of the undo only the script', async () => {
    app.state = stateOf([vmOf()]);
    const plan = planOf([restartChain()]);
    show(plan);
    const main = fakeMain({ saveConfiguration: () => ({ kind: 'saved' }) });
    expect(region().getByRole('button', { name: t('wizard.saveScript') })).toBeTruthy();
    const save = winget();
    if (!save) throw new Error('no button');
    await fireEvent.click(save);
    expect(main.asked).toEqual([{ name: 'saveConfiguration', request: { plan: plan.id } }]);
    expect(await screen.findByText(t('wizard.scriptSaved'))).toBeTruthy();
    await fireEvent.click(region().getByRole('radio', { name: t('wizard.undoTab') }));
    expect(region().getByRole('button', { name: t('wizard.saveScript') })).toBeTruthy();
    expect(winget()).toBeNull();
  });

  it('is no configuration where it goes into a guest', () => {
    app.state = stateOf([vmOf()]);
    const role = changeOf(ids.lab, 'roles/hyper-v', 'Disabled', 'Enabled');
    show(planOf([chainOf([stepOf(ids.lab, 1, 'setting', [role])])]));
    expect(region().getByRole('button', { name: t('wizard.saveScript') })).toBeTruthy();
    expect(winget()).toBeNull();
  });

  it('says why it could not be saved', async () => {
    app.state = stateOf([vmOf()]);
    show(planOf([restartChain()]));
    fakeMain({ saveConfiguration: () => ({ kind: 'failed', fault: { why: 'full', path: 'D:\\a.winget' } }) });
    await fireEvent.click(winget() ?? document.body);
    expect(await screen.findByText(t('wizard.configurationNotSaved'), { exact: false })).toBeTruthy();
  });
});
