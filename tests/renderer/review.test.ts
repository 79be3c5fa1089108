import { cleanup, render } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { app } from '../../renderer/state/app.svelte.js';
import Review from '../../renderer/wizard/Review.svelte';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import type { Plan } from '../../src/core/change/step.js';
import { translator } from '../../src/text/index.js';
import { chainOf, changeOf, ids, planOf, restartChain, stepOf, vmOf } from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf } from './bridge.js';

afterEach(cleanup);

const t = translator('en');
const at = [ids.lab];
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
  const stop = chainOf([stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'stopAction', 'Save', 'ShutDown')])], { at });

  it('says that nothing stops because it is off', () => {
    withNested(vmOf({ id: ids.box, name: 'web', state: 'Off' }));
    show(planOf([stop]));
    expect(words()).toContain(plain(t('wizard.offSoNothingStops')));
  });

  it('says that nobody could look at what goes down inside it', () => {
    withNested(vmOf({ id: ids.box, name: 'web', nesting: true, inside: 'probably', nested: null }));
    show(planOf([{ ...restartChain(ids.box, 1, 'web'), at }]));
    expect(words()).toContain(plain(t('wizard.nestedUnknown', { name: 'web' })));
  });

  it('warns how much memory stands still once Hyper-V runs inside', () => {
    const memory = { ...vmOf().memory, assigned: 2 ** 33 };
    withNested(vmOf({ id: ids.box, name: 'web', memory }));
    const role = changeOf(ids.box, 'roles/hyper-v', 'Disabled', 'Enabled');
    show(planOf([chainOf([stepOf(ids.box, 1, 'setting', [role])], { at, name: 'web' })]));
    expect(words()).toContain(plain(t('inside.freezes', { memory: 2 ** 33 })));
  });

  it.each([
    ['Disabled', true],
    ['Enabled', false],
  ] as const)('says what Windows leaves on when Hyper-V becomes %s', (to, isSaid) => {
    withNested(vmOf({ id: ids.box, name: 'web' }));
    const role = changeOf(ids.box, 'roles/hyper-v', to === 'Disabled' ? 'Enabled' : 'Disabled', to);
    show(planOf([chainOf([stepOf(ids.box, 1, 'setting', [role])], { at, name: 'web' })]));
    expect(words().includes(plain(t('inside.leaves')))).toBe(isSaid);
  });
});
