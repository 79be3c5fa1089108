import { expect, sharedTest, test } from './app.js';
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

sharedTest(
  'a VM of another host is changed there, and undone in the History of that host; nothing on this PC moves',
  async ({ hypernest }) => {
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
  },
);

sharedTest(
  'VMs of two PCs are changed by one click, and undone by one; each has its part in its History',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    const isSo = (nesting: boolean, runs: number) =>
      hypernest.until(
        ({ machine, runs: own, others }) => {
          const host = others[there];
          const [mine, theirs] = [
            machine?.vms?.find((vm) => vm.name === 'dev-box'),
            host?.machine?.vms?.find((vm) => vm.name === name),
          ];
          const done = [own, host?.runs ?? []].map((all) => all.filter(({ outcome }) => outcome === 'done').length);
          return mine?.nesting === nesting && theirs?.nesting === nesting && done.every((count) => count === runs);
        },
        `nesting of both is ${String(nesting)}`,
      );
    await hypernest.until(({ others }) => others[there]?.machine !== null, 'the host was read');
    await show(hypernest, t('hosts.thisPc'), t('hosts.all'));
    await page.getByRole('textbox', { name: t('machines.filter') }).fill(`dev-box, ${name}`);
    await page.getByRole('listbox').press('Control+a');
    await hypernest.button(t('machines.manyReview', { count: 2 })).click();
    await expect(page.getByRole('region', { name: 'BUILD-01' }).getByText(name, { exact: true })).toBeVisible();
    await hypernest.button(t('wizard.apply')).click();
    await isSo(true, 1);
    await hypernest.button(t('wizard.undoButton')).click();
    await hypernest.button(t('wizard.undoNow')).click();
    await isSo(false, 2);
    const { runs, others } = await hypernest.state();
    const spans = [runs, others[there]?.runs ?? []].map((all) => all.map(({ span }) => span?.id));
    expect(spans[0]).toEqual(spans[1]);
  },
);
