/** Inside a machine, as a person does it: an account, a network for nested VMs, its test, what a role needs, and all of it undone. */
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, sharedTest, test } from './app.js';
import type { Hypernest } from './hypernest.js';
import { chooseWay, fillAccount, signIn } from './inside-steps.js';

const VM = 'lab';
const PASSWORD = 'lab';
const world = { scenario: 'server-l1', speed: 400 };
// The two that matter most go through PowerShell.
test.use({ options: { ...world, direct: true } });

/** The vEthernet ends, NAT networks and connections inside, by name. */
async function inside(hypernest: Hypernest) {
  const { guest } = await hypernest.vm(VM);
  return {
    switches: guest?.host.switches?.map(({ name }) => name),
    nats: typeof guest?.network?.nats === 'object' ? guest.network.nats.map(({ name }) => name) : [],
    connected: guest?.vms?.filter(({ adapters }) => adapters?.some(({ switchId }) => switchId !== null)).length,
  };
}

sharedTest('a wrong password is said with what to try; the right one shows what is inside', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.openVm(VM);
  await hypernest.turnTo('machines.partGuest');
  await hypernest.button(t('inside.signIn')).click();
  await fillAccount(hypernest, 'dev', 'not it');
  await expect(page.getByRole('dialog').getByText(t('inside.causeWrong'))).toBeVisible();
  await fillAccount(hypernest, 'dev', PASSWORD);
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByText('Windows Server 2025 Standard')).toBeVisible();
  await expect(
    page.getByRole('region', { name: t('inside.nestedIn', { name: VM }) }).getByText('lab-linux'),
  ).toBeVisible();
  expect((await hypernest.vm(VM)).inside).toBe('certainly');
});

test.describe('through PowerShell', () => {
  test.use({ options: world });
  test('a NAT network is made, works as its test shows, and is undone; no secret is in anything that is written', async ({
    hypernest,
    userData,
  }) => {
    const { t, page } = hypernest;
    await signIn(hypernest);
    await expect.poll(() => inside(hypernest)).toEqual({ switches: [], nats: [], connected: 0 });
    await chooseWay(hypernest, 'wayNat');
    await expect(page.getByLabel(t('network.prefix'), { exact: true })).toHaveValue('192.168.100.0/24');
    await hypernest.button(t('wizard.review')).click();
    await expect(page.getByText('New-NetNat').first()).toBeVisible();
    await hypernest.button(t('network.apply')).click();
    expect((await hypernest.endedRun()).outcome).toBe('done');
    expect(await inside(hypernest)).toEqual({ switches: ['VmNAT'], nats: ['LocalNAT'], connected: 2 });
    await hypernest.button(t('network.testButton')).first().click();
    const { proof } = await hypernest.until((state) => state.proof?.state === 'done', 'tested', 40_000);
    expect(proof?.hops.map(({ state }) => state)).toEqual(['reached', 'reached', 'reached', 'reached']);
    await hypernest.open('activity');
    await hypernest.button(t('activity.undoButton')).first().click();
    await hypernest.button(t('wizard.undoNow')).click();
    await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone', 40_000);
    await expect.poll(() => inside(hypernest)).toEqual({ switches: [], nats: [], connected: 0 });
    // In a password of three letters chance would find many: the journal of this run names no account at all.
    for (const file of await readdir(userData, { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || !/runs|logs|accounts|settings/.test(file.parentPath)) continue;
      const text = await readFile(path.join(file.parentPath, file.name), 'utf8');
      expect(text).not.toContain('"password"');
      expect(text).not.toContain(Buffer.from(PASSWORD).toString('base64'));
    }
  });
});

sharedTest('a network that is in use elsewhere is refused while it is typed, with its owner', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'vpn-overlap' });
  const { t, page } = hypernest;
  await signIn(hypernest);
  await chooseWay(hypernest, 'wayNat');
  const field = page.getByLabel(t('network.prefix'), { exact: true });
  // The first that the VPNs of both machines leave.
  await expect(field).not.toHaveValue('192.168.100.0/24');
  await field.fill('10.99.7.0/24');
  await expect(page.getByText(/Lab VPN|Contoso VPN/).first()).toBeVisible();
  await expect(hypernest.button(t('wizard.review'))).toBeDisabled();
});

sharedTest('what was made before a step was refused is undone, and nothing else is touched', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'nat-refused' });
  const { t } = hypernest;
  await signIn(hypernest);
  await chooseWay(hypernest, 'wayNat');
  await hypernest.button(t('wizard.review')).click();
  await hypernest.button(t('network.apply')).click();
  expect((await hypernest.endedRun()).outcome).toBe('partly');
  expect((await inside(hypernest)).switches).toEqual(['VmNAT']);
  await hypernest.open('activity');
  await hypernest.button(t('activity.undoButton')).first().click();
  await hypernest.button(t('wizard.undoNow')).click();
  await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone', 40_000);
  await expect.poll(() => inside(hypernest)).toEqual({ switches: [], nats: [], connected: 0 });
});

sharedTest(
  'MAC address spoofing asks for the moment without a network, and all three parts are undone',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    await signIn(hypernest);
    await chooseWay(hypernest, 'waySpoofing');
    await hypernest.button(t('wizard.review')).click();
    await page.getByRole('checkbox').first().check();
    await hypernest.button(t('network.apply')).click();
    expect((await hypernest.endedRun()).outcome).toBe('done');
    expect((await hypernest.vm(VM)).adapters?.[0]?.macSpoofing).toBe('On');
    expect(await inside(hypernest)).toMatchObject({ switches: ['External'], connected: 2 });
  },
);

sharedTest(
  'without its account what is inside is not undone blindly: it is said that it is not known',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    await signIn(hypernest);
    await chooseWay(hypernest, 'wayNat');
    await hypernest.button(t('wizard.review')).click();
    await hypernest.button(t('network.apply')).click();
    expect((await hypernest.endedRun()).outcome).toBe('done');
    const { guests } = await hypernest.state();
    for (const key of Object.keys(guests)) await hypernest.call('leave', { at: key });
    await hypernest.open('activity');
    await hypernest.button(t('activity.undoButton')).first().click();
    await expect(page.getByText(t('activity.gapUnknown')).first()).toBeVisible();
  },
);

test('of a machine that was deleted with its network nothing is left to undo', async ({ launch, userData }) => {
  const hypernest = await launch();
  const { t } = hypernest;
  await signIn(hypernest);
  await chooseWay(hypernest, 'wayNat');
  await hypernest.button(t('wizard.review')).click();
  await hypernest.button(t('network.apply')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  await hypernest.electron.close();
  await cp(path.join(userData, 'runs', 'simulated-server-l1'), path.join(userData, 'runs', 'simulated-empty'), {
    recursive: true,
  });
  const again = await launch({ scenario: 'empty' });
  await again.ready();
  const ways = (await again.call('threeWay', { run: (await again.state()).runs[0]?.id })) as readonly {
    verdict: string;
  }[];
  expect(new Set(ways.map(({ verdict }) => verdict))).toEqual(new Set(['gone']));
});

test.describe('through PowerShell', () => {
  test.use({ options: world });
  sharedTest(
    'what WSL 2 needs is turned on inside with one restart, is proven, and is undone',
    async ({ hypernest }) => {
      const { t, page } = hypernest;
      await signIn(hypernest);
      await hypernest.button(t('inside.rolesChange')).click();
      await page.getByRole('radio', { name: new RegExp(`^${t('inside.wsl')}`) }).check();
      await hypernest.button(t('wizard.review')).click();
      await expect(page.getByText('Enable-WindowsOptionalFeature').first()).toBeVisible();
      await hypernest.button(t('wizard.shutDownAndApply')).click();
      expect((await hypernest.endedRun(60_000)).outcome).toBe('done');
      const roles = async () => (await hypernest.vm(VM)).guest?.inside?.roles['virtual-machine-platform'];
      expect(await roles()).toBe('Enabled');
      await hypernest.button(t('wizard.undoButton')).first().click();
      await hypernest.button(t('wizard.shutDownAndUndo')).click();
      await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone', 60_000);
      await expect.poll(roles).toBe('Disabled');
    },
  );
});

sharedTest('a nested VM is shut down and started from outside', async ({ hypernest }) => {
  const { t } = hypernest;
  await signIn(hypernest);
  const state = async () => (await hypernest.vm(VM)).guest?.vms?.find(({ name }) => name === 'lab-linux')?.state;
  await hypernest.button(t('inside.shutDownOf', { name: 'lab-linux' })).click();
  await hypernest.button(t('wizard.shutDown')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  await expect.poll(state).toBe('Off');
});

/** Of this PC: its switches, and its NAT networks. */
async function around(hypernest: Hypernest) {
  const { machine } = await hypernest.state();
  const nats = machine?.network?.nats;
  return {
    switches: machine?.host.switches?.flatMap(({ type, name }) =>
      type === 'Internal' && name === 'VmNAT' ? [name] : [],
    ),
    nats: typeof nats === 'object' ? nats.map(({ name }) => name) : [],
  };
}

/** From the page of the VM to the review, with what Windows asks an administrator for allowed on the way. */
async function askForAddress(hypernest: Hypernest): Promise<void> {
  const { t, page } = hypernest;
  await hypernest.turnTo('machines.partNetwork');
  await hypernest.button(t('network.stayButton')).click();
  await hypernest.button(t('wizard.review')).click();
  await expect(page.getByText(t('checks.elevatedNone'))).toBeVisible();
  await hypernest.button(t('host.fixSession')).click();
  await hypernest.button(t('rights.goOn')).click();
}

async function undoLast(hypernest: Hypernest): Promise<void> {
  const { t } = hypernest;
  await hypernest.open('activity');
  await hypernest.button(t('activity.undoButton')).first().click();
  await hypernest.button(t('wizard.undoNow')).click();
  await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone', 40_000);
}

sharedTest(
  'a VM gets an address that stays: blocked with the reason, allowed, made, and undone',
  async ({ hypernest }) => {
    const { t, page } = hypernest;
    await signIn(hypernest);
    await askForAddress(hypernest);
    await expect(
      page.getByRole('heading', { name: t('network.stayHeadline', { name: VM, address: '192.168.100.2' }) }),
    ).toBeVisible();
    await expect(page.getByRole('table', { name: t('network.madeHereTitle') }).getByRole('row')).toHaveCount(4);
    await hypernest.button(t('network.apply')).click();
    expect((await hypernest.endedRun()).outcome).toBe('done');
    await expect(
      page.getByRole('heading', { name: t('network.doneStays', { name: VM, address: '192.168.100.2' }) }),
    ).toBeVisible();
    expect(await around(hypernest)).toEqual({ switches: ['VmNAT'], nats: ['LocalNAT'] });
    await undoLast(hypernest);
    await expect.poll(() => around(hypernest)).toEqual({ switches: [], nats: [] });
  },
);

sharedTest('an address that stays fails half-way, and what was made of it is undone', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'nat-refused' });
  await signIn(hypernest);
  await askForAddress(hypernest);
  await hypernest.button(hypernest.t('network.apply')).click();
  expect((await hypernest.endedRun()).outcome).toBe('partly');
  expect(await around(hypernest)).toEqual({ switches: ['VmNAT'], nats: [] });
  await undoLast(hypernest);
  await expect.poll(() => around(hypernest)).toEqual({ switches: [], nats: [] });
});
