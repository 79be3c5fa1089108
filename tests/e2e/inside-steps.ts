/** What a person does on the way inside a machine, for whoever tests or pictures it. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { expect } from '@playwright/test';
import type { Hypernest } from './hypernest.js';

/** Writes an account into the dialog that asks for it, and sends it. */
export async function fillAccount({ page, t }: Hypernest, user: string, password: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('inside.userName'), { exact: true }).fill(user);
  await dialog.getByLabel(t('inside.password'), { exact: true }).fill(password);
  await dialog.locator('button[type=submit]').click();
}

/** Opens the VM and signs in there. */
export async function signIn(hypernest: Hypernest, name = 'lab', user = 'dev', password = 'lab'): Promise<void> {
  await hypernest.ready();
  await hypernest.openVm(name);
  await hypernest.turnTo('machines.partGuest');
  await hypernest.button(hypernest.t('inside.signIn')).click();
  await fillAccount(hypernest, user, password);
  await hypernest.until(({ guests }) => Object.values(guests).some(({ status }) => status === 'open'), 'signed in');
}

/** The network page of the wizard, with that way chosen. */
export async function chooseWay(
  hypernest: Hypernest,
  way: 'wayNat' | 'waySpoofing' | 'wayDefaultSwitch',
): Promise<void> {
  const { page, t } = hypernest;
  await hypernest.turnTo('machines.partNetwork');
  await hypernest.button(t('network.entryButton')).click();
  await page.getByRole('radio', { name: new RegExp(`^${t(`network.${way}`)}`) }).check();
}

/** Signs in to lab-win too, the Windows VM in lab. */
export async function enterNested(hypernest: Hypernest): Promise<void> {
  const lab = await hypernest.vm('lab');
  const nested = lab.guest?.vms?.find(({ name }) => name === 'lab-win');
  if (!nested) throw new Error('no lab-win');
  const form = { at: vmIn(vmIn(thisPc, lab.id), nested.id), userName: 'dev', password: 'lab-win', remember: false };
  expect(await hypernest.call('enter', form)).toMatchObject({ kind: 'open' });
}
