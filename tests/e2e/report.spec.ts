/** Report a problem: what is shown is what is saved and copied, and nothing in it tells of whom. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipped } from '../unzip.js';
import { expect, sharedTest as test } from './app.js';

// What is shown is the same without PowerShell.
test.use({ options: { direct: true } });

test('a report is read first, loses a further word, and is saved as it was shown', async ({ hypernest, userData }) => {
  const { t, page, electron } = hypernest;
  const { machine } = await hypernest.ready();
  const file = path.join(userData, 'report.zip');
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await hypernest.open('host');
  await hypernest.button(t('host.report')).click();
  const paper = page.getByRole('region', { name: t('settings.problemText') });
  await expect(paper).toContainText('Z790');
  await page.getByLabel(t('settings.problemMore'), { exact: true }).fill('z790');
  await hypernest.button(t('settings.problemTakeOut')).click();
  await expect(paper.getByText('<word-1>').first()).toBeVisible();
  await expect(paper).not.toContainText('Z790');
  await hypernest.button(t('settings.problemSave')).click();
  await expect(page.getByText(t('settings.problemSaved'), { exact: true })).toBeVisible();

  const files = unzipped(await readFile(file));
  const squeezed = (text: string): string => text.replace(/\s+/g, '');
  expect(squeezed((await paper.textContent()) ?? '')).toBe(
    squeezed(files.map(({ name, text }) => name + text).join('')),
  );
  const told = files.map(({ text }) => text).join('\n');
  expect(files.map(({ name }) => name)).toEqual(['report.json', 'runs.json', 'hypernest.log']);
  for (const vm of machine?.vms ?? []) {
    expect(told).not.toContain(JSON.stringify(vm.name).slice(1, -1));
    expect(told.toLowerCase()).not.toContain(vm.id);
    for (const { macAddress } of vm.adapters ?? []) if (macAddress) expect(told).not.toContain(macAddress);
  }
  expect(told).not.toMatch(/DEV-PC|Z790/i);

  await hypernest.button(t('settings.problemCopy')).click();
  await expect(page.getByText(t('settings.problemCopied'), { exact: true })).toBeVisible();
  const copied = await electron.evaluate(({ clipboard }) => clipboard.readText());
  for (const { text } of files) expect(copied).toContain(text);
});

test('nothing is written when the person cancels, and a folder that takes nothing is said', async ({
  hypernest,
  userData,
}) => {
  const { t, page, electron } = hypernest;
  await hypernest.ready();
  await hypernest.open('settings');
  await hypernest.button(t('settings.problemOpen')).click();
  await expect(hypernest.button(t('settings.problemSave'))).toBeEnabled();
  await electron.evaluate(({ dialog }) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: true, filePath: '' });
  });
  await hypernest.button(t('settings.problemSave')).click();
  await electron.evaluate(
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    path.join(userData, 'no', 'such', 'folder.zip'),
  );
  await hypernest.button(t('settings.problemSave')).click();
  await expect(page.getByText(t('settings.problemNotSaved'), { exact: true })).toBeVisible();
  await expect(page.getByText(t('settings.problemSaved'), { exact: true })).toBeHidden();
  await hypernest.button(t('settings.problemBack')).click();
  await expect(hypernest.button(t('settings.problemOpen'))).toBeFocused();
});
