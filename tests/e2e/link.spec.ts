import { command, expect, test } from './app.js';

test.use({ options: { direct: true } });

test('another start with a link leads the app that runs there, one with anything beside it nowhere', async ({
  hypernest,
  userData,
}) => {
  const { t, page } = hypernest;
  const { id } = await hypernest.vm('k8s-node-2');
  await hypernest.open('learn');
  expect((await command(userData, [`hypernest://vm/${id}`])).code).toBe(0);
  await expect(page.getByRole('heading', { name: 'k8s-node-2', exact: true })).toBeVisible();
  await command(userData, [`hypernest://vm/${id.replace(/^./, 'f').replace(/.$/, '0')}`]);
  await expect(page.getByText(t('app.linkNoVm'))).toBeVisible();
  await command(userData, ['hypernest://settings', 'hypernest://check']);
  await expect(page.getByText(t('app.linkUnreadable'))).toBeVisible();
  await page.getByRole('button', { name: t('app.dismiss') }).click();
  await expect(page.getByText(t('app.linkUnreadable'))).toBeHidden();
  expect((await hypernest.state()).runs).toEqual([]);
});

test('a start by a link opens there', async ({ launch }) => {
  const hypernest = await launch({ switches: ['hypernest://check'] });
  await expect(hypernest.place('host')).toHaveAttribute('aria-current', 'page');
});

test('a link that comes before the app is loaded is not lost', async ({ launch }) => {
  const hypernest = await launch({ hooks: ['hook-early-link.cjs'], switches: ['--hidden'] });
  await expect(hypernest.page.getByRole('textbox')).toHaveValue('0x80370102');
});
