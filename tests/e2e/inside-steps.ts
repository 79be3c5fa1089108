/** What a person does on the way inside a machine, for whoever tests or pictures it. */
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
  await hypernest.button(t('network.entryButton')).click();
  await page.getByRole('radio', { name: new RegExp(`^${t(`network.${way}`)}`) }).check();
}
