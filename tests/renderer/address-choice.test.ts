/** The page of an address that stays: the network that is offered, another one, and why one cannot be had. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { thisPc, vmIn } from '../../src/core/cmdlets/ref.js';
import type { AddressWant, Goal } from '../../src/core/machine/goal.js';
import { goalFor } from '../../renderer/state/quick.js';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import { translator } from '../../src/text/index.js';
import { chainOf, planOf, stepOf } from '../unit/renderer/fixtures.js';
import { fakeMain } from './bridge.js';
import { L1, world } from './network-world.js';

const t = translator('en');
const vm = vmIn(thisPc, L1);
beforeEach(() => route.go({ page: 'machines' }));

const field = (name: string): HTMLInputElement => screen.getByRole('textbox', { name });
const type = (name: string, value: string) => fireEvent.input(field(name), { target: { value } });
const button = (name: string): HTMLButtonElement => screen.getByRole('button', { name });

function open() {
  const main = fakeMain({
    plan: (request) => {
      const { goal } = request as { goal: Goal };
      const plan = planOf([chainOf([stepOf(L1, 1, 'setting')], { vm, name: 'k8s-node-1' })], {
        goal,
        wants: goal.kind === 'vms' ? goal.wants : [],
      });
      return { result: { kind: 'ready', plan }, script: [], undoScript: [] };
    },
  });
  app.state = world({}).state;
  render(Wizard, { opening: { kind: 'goal', goal: goalFor([vm], { address: 'choose' }) } });
  const wanted = async (): Promise<AddressWant | undefined> => {
    await fireEvent.click(button(t('wizard.review')));
    const { goal } = main.asked.findLast(({ name }) => name === 'plan')?.request as { goal: Goal };
    return goal.kind === 'vms' ? goal.wants[0]?.want.address : undefined;
  };
  return { wanted };
}

describe('an address that stays', () => {
  it('has a free network, with the reason, and the address in it', async () => {
    const { wanted } = open();
    expect([field(t('network.prefix')).value, field(t('network.stayAddress')).value]).toEqual([
      '192.168.100.0/24',
      '192.168.100.2',
    ]);
    expect(screen.getByText(/Doesn’t overlap any of the \d+ networks/)).toBeTruthy();
    expect(await wanted()).toMatchObject({ switchName: 'VmNAT', natName: 'LocalNAT', prefix: '192.168.100.0/24' });
  });

  it('is in another network where somebody wants that, and comes back to it as it was written', async () => {
    const { wanted } = open();
    await type(t('network.prefix'), '172.29.5.0/24');
    await type(t('network.switch'), ' Lab ');
    await type(t('network.natName'), 'LabNAT');
    expect(field(t('network.stayAddress')).value).toBe('172.29.5.2');
    expect(field(t('network.gateway')).value).toBe('172.29.5.1');
    expect(await wanted()).toMatchObject({ switchName: 'Lab', natName: 'LabNAT', prefix: '172.29.5.0/24' });
    await fireEvent.click(await screen.findByRole('button', { name: t('wizard.back') }));
    expect(field(t('network.prefix')).value).toBe('172.29.5.0/24');
  });

  it.each([
    ['192.168.1.0/24', /192\.168\.1\.0\/24/],
    ['here', /“here”|subnet|CIDR/i],
  ])('%s cannot be had: says why, and waits', async (prefix, why) => {
    open();
    await type(t('network.prefix'), prefix);
    expect(field(t('network.prefix')).getAttribute('aria-invalid')).toBe('true');
    expect(screen.getAllByText(why).length).toBeGreaterThan(0);
    expect(button(t('wizard.review')).disabled).toBe(true);
  });
});
