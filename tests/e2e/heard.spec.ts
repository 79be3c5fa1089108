/** The four journeys as a screen reader tells them: what stands in heard/ is what is heard, in the order of the keyboard. */
import { expect, sharedTest, test } from './app.js';
import { fillAccount } from './inside-steps.js';
import { heard } from './heard.js';

const direct = { direct: true };

test.describe('A: WSL 2, from the first start', () => {
  test.use({ options: { ...direct, fresh: true } });
  sharedTest('what to run, which VM, and what is changed', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await page.getByRole('radio', { name: t('inside.wsl') }).click();
    expect(await heard(page)).toMatchSnapshot('a-purpose.txt');
    await hypernest.button(t('setup.next')).click();
    await expect(page.getByRole('radio', { name: 'dev-box' })).toBeChecked();
    expect(await heard(page)).toMatchSnapshot('a-machine.txt');
    await hypernest.button(t('setup.nestingButton')).click();
    await expect(hypernest.button(t('wizard.applyAndStart'))).toBeVisible();
    expect(await heard(page)).toMatchSnapshot('a-review.txt');
  });
});

test.describe('B: some of many', () => {
  test.use({ options: direct });
  sharedTest('the list, the filter, and several that are selected', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    expect(await heard(page)).toMatchSnapshot('b-list.txt');
    await page.getByRole('textbox', { name: t('machines.filter') }).fill('off');
    expect(await heard(page)).toMatchSnapshot('b-filter.txt');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Control+a');
    await expect(hypernest.button(/^Turn on nesting for/)).toBeVisible();
    expect(await heard(page)).toMatchSnapshot('b-many.txt');
  });
});

test.describe('C: a nested VM without internet', () => {
  test.use({ options: { ...direct, scenario: 'server-l1' } });
  sharedTest('Error help, the account, and the hop that fails', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await hypernest.open('errors');
    expect(await heard(page)).toMatchSnapshot('c-errors.txt');
    await hypernest.button(t('errors.seesNoInternet')).click();
    await hypernest.button(t('inside.signIn')).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await heard(page)).toMatchSnapshot('c-account.txt');
    await fillAccount(hypernest, 'dev', 'lab');
    await hypernest.until(({ proof }) => proof !== null && proof.state !== 'running', 'tested', 60_000);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('lab-win');
    expect(await heard(page)).toMatchSnapshot('c-proof.txt');
  });
});

test.describe('D: the first day of a default administrator', () => {
  test.use({ options: { ...direct, scenario: 'not-admin', fresh: true } });
  sharedTest('the ways to see the VMs, and the page before the prompt', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await expect(page.getByText(t('rights.joinThen'))).toBeVisible();
    await page.getByRole('radio', { name: t('rights.session') }).click();
    expect(await heard(page)).toMatchSnapshot('d-ways.txt');
    await hypernest.button(t('rights.sessionButton')).click();
    await expect(hypernest.button(t('rights.goOn'))).toBeVisible();
    expect(await heard(page)).toMatchSnapshot('d-prompt.txt');
  });
});
