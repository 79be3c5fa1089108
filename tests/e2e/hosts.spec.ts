import { expect, test } from './app.js';
import type { Hypernest } from './hypernest.js';

test.use({ options: { scenario: 'lab-of-3-hosts' } });

const there = 'host-000000000001';
const name = 'lab-0002';

async function show({ page, t }: Hypernest, from: string, to: string): Promise<void> {
  await page.getByRole('button', { name: t('hosts.switcher', { name: from }) }).click();
  await page.getByRole('menuitemradio', { name: new RegExp(`^${to}`) }).click();
}

/** What a person has set, and what runs. */
const settingsIn = async (hypernest: Hypernest): Promise<unknown> =>
  (await hypernest.ready()).machine?.vms?.map((vm) => [vm.id, vm.state, vm.nesting]);

test('a VM of another host is changed there, and undone in the History of that host; nothing on this PC moves', async ({
  hypernest,
}) => {
  const { t } = hypernest;
  const before = await settingsIn(hypernest);
  const isNesting = (nesting: boolean, runs: number) =>
    hypernest.until(
      ({ others }) => {
        const host = others[there];
        const vm = host?.machine?.vms?.find((one) => one.name === name);
        return vm?.nesting === nesting && host?.runs.filter(({ outcome }) => outcome === 'done').length === runs;
      },
      `nesting of ${name} is ${String(nesting)} on the host`,
    );

  await show(hypernest, t('hosts.thisPc'), 'BUILD-01');
  await hypernest.turnNestingOn(name);
  await isNesting(true, 1);
  await hypernest.open('activity');
  await hypernest.button(t('activity.undoButton')).click();
  await hypernest.button(t('wizard.undoNow')).click();
  await isNesting(false, 2);

  await show(hypernest, 'BUILD-01', t('hosts.thisPc'));
  await hypernest.open('activity');
  await expect(hypernest.page.getByRole('heading', { name: t('activity.emptyTitle') })).toBeVisible();
  expect(await settingsIn(hypernest)).toEqual(before);
  expect((await hypernest.state()).runs).toEqual([]);
});
