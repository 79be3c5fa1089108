import { expect, test } from './app.js';

test.use({ options: { direct: true } });

test('nothing of our own needs an exception from the content security policy', async ({ hypernest, page }) => {
  const { t } = hypernest;
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  // Not while the first page is still on its way: there is nothing to load again then.
  await hypernest.ready();
  await page.reload();
  await hypernest.ready();
  for (const name of ['machines', 'host', 'activity', 'settings', 'machines'] as const) await hypernest.open(name);
  await hypernest.openVm('Lab DC 01');
  await hypernest.button(t('machines.reviewRunning')).click();
  await hypernest.button(t('wizard.review')).click();
  await expect(hypernest.button(t('wizard.shutDownAndApply'))).toBeVisible();
  await hypernest.button(t('wizard.shutDownAndApply')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  await hypernest.open('activity');
  expect(refused).toEqual([]);
});
