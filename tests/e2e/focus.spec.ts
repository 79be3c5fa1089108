/** Where the focus is after what had it has gone, in the browser itself: nobody starts again at the top of the window. */
import { expect, test } from './app.js';
import { fillAccount } from './inside-steps.js';

test.use({ options: { direct: true, speed: 400 } });

test('is at the heading of its section after a confirmation and after a start', async ({ hypernest }) => {
  const { t, page } = hypernest;
  const name = 'dev-box';
  await hypernest.ready();
  await hypernest.openVm(name);
  await hypernest.button(t('machines.turnOn')).press('Enter');
  await expect(hypernest.button(t('machines.confirmYes'))).toBeEnabled();
  await hypernest.button(t('machines.confirmYes')).press('Enter');
  await hypernest.endedRun();
  await expect(page.getByRole('heading', { name: t('machines.onOffSentence', { name }), exact: true })).toBeFocused();
  await hypernest.button(t('machines.start')).first().press('Enter');
  await hypernest.until(
    ({ machine, running }) => running.length === 0 && machine?.vms?.find((vm) => vm.name === name)?.state === 'Running',
    'it runs',
  );
  await expect(page.getByRole('heading', { name, exact: true })).toBeFocused();
});

test('is at Guest after signing in and out', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'server-l1' });
  const { t, page } = hypernest;
  const guest = page.getByRole('heading', { name: t('inside.title'), exact: true });
  await hypernest.ready();
  await hypernest.openVm('lab');
  await hypernest.turnTo('machines.partGuest');
  await hypernest.button(t('inside.signIn')).press('Enter');
  await fillAccount(hypernest, 'dev', 'lab');
  await expect(hypernest.button(t('inside.signOut'))).toBeVisible();
  await expect(guest).toBeFocused();
  await hypernest.button(t('inside.signOut')).press('Enter');
  await expect(hypernest.button(t('inside.signOut'))).toBeHidden();
  await expect(guest).toBeFocused();
});

test('is in the list after a click on a row, and its keys go on from there', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'lab-of-300' });
  const { page } = hypernest;
  await hypernest.ready();
  await page.getByRole('option').nth(2).click();
  const list = page.getByRole('listbox');
  await expect(list).toBeFocused();
  for (let presses = 0; presses < 40; presses++) await page.keyboard.press('ArrowDown');
  await expect(list).toBeFocused();
  await expect(page.getByRole('option', { selected: true })).toHaveAttribute('aria-posinset', '43');
});
