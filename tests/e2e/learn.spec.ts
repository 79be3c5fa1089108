/** Learn: the user's own machines in the pictures, and a way to it from the check that it explains. */
import { expect, sharedTest as test } from './app.js';
import { signIn } from './inside-steps.js';

// What is shown is the same without PowerShell.
test.use({ options: { direct: true } });

test('both pictures show this PC and its machines, and tell the same to those who cannot see them', async ({
  hypernest,
}) => {
  const { t, page } = hypernest;
  await signIn(hypernest, '构建机', 'builder', 'build-01');
  await hypernest.until(({ machine }) => machine?.vms?.some(({ nested }) => nested?.length) ?? false, 'looked inside');
  await hypernest.open('learn');
  const names = { pc: 'DEV-PC', vm: '构建机', extensions: 'VT-x' };
  await expect(page.getByRole('img', { name: t('learn.withoutPicture', names) })).toBeVisible();
  const nesting = page.getByRole('img', { name: t('learn.withPicture', { ...names, nested: 'runner-a' }) });
  await expect(nesting).toBeVisible();
  for (const name of ['DEV-PC', '构建机', 'runner-a', 'VT-x', 'L0', 'L1', 'L2'])
    await expect(nesting).toContainText(name);
});

test.describe('virtualization of other makers', () => {
  test.use({ options: { scenario: 'other-virtualization', direct: true } });

  test('is found on this PC and inside, and each finding leads to what explains it', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await signIn(hypernest, 'lab', 'dev', 'lab-01');
    await hypernest.turnTo('machines.partOverview');
    const title = t('makers.inside', { app: 'VirtualBox', vm: 'lab' });
    await expect(page.getByText(title, { exact: true })).toBeVisible();
    await hypernest.open('host');
    const here = t('makers.onPc', { app: 'VMware' });
    await page.getByRole('button', { name: t('app.evidenceOf', { title: here }), exact: true }).click();
    await expect(page.getByText('VMware Workstation', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: t('learn.moreOf', { title: here }), exact: true }).click();
    await expect(page.getByRole('heading', { name: t('learn.others'), exact: true })).toBeFocused();
    await expect(page.getByText(t('learn.found', { names: ['lab'] })).first()).toBeVisible();
    await expect(page.getByText(t('learn.foundHere', { pc: 'DEV-PC' })).first()).toBeVisible();
  });
});
