/** For whoever has no error to paste: from what they see to its cause, through as few pages as there can be. */
import { vmIn, thisPc, textOf } from '../../src/core/cmdlets/ref.js';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import DetailHead from '../../renderer/machines/DetailHead.svelte';
import Errors from '../../renderer/pages/Errors.svelte';
import ProofEntry from '../../renderer/pages/ProofEntry.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import type { Machine } from '../../src/core/machine/machine.js';
import type { GuestState } from '../../src/ipc/guests.js';
import { wslSays } from '../../src/core/errors/symptoms.js';
import { translator } from '../../src/text/index.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, stateOf } from './bridge.js';

const t = translator('en');
const off = vm('off', { nesting: true });
const plain = vm('plain', { state: 'Running' });
const lab = vm('lab', { state: 'Running', nesting: true, inside: 'probably' });
const other = vm('other', { state: 'Running', nesting: true });

beforeEach(() => {
  route.go({ page: 'errors' });
  fakeMain({});
});

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));

describe('a symptom', () => {
  it('leads to the test of the only VM that can have nested VMs', async () => {
    app.state = stateOf([off, plain, lab]);
    render(Errors, {});
    await press(t('errors.seesNoInternet'));
    expect(route.now).toEqual({ page: 'proof', at: vmIn(thisPc, lab.id), vm: null });
  });

  it('that leads on by itself is not come back to', async () => {
    app.state = stateOf([off, plain, lab]);
    route.go({ page: 'learn' });
    route.go({ page: 'errors', symptom: 'no-internet' });
    render(Errors, { symptom: 'no-internet' });
    await waitFor(() => expect(route.now.page).toBe('proof'));
    route.back();
    expect(route.now).toEqual({ page: 'learn' });
  });

  it('asks which VM where there are several, and offers no other', async () => {
    app.state = stateOf([off, plain, lab, other]);
    render(Errors, { symptom: 'no-internet' });
    expect(screen.getByText(t('errors.seesWhich'))).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'plain' })).toBeNull();
    await press('other');
    expect(route.now).toEqual({ page: 'proof', at: vmIn(thisPc, other.id), vm: null });
  });

  it('says so where no VM can show it', async () => {
    app.state = stateOf([plain]);
    render(Errors, {});
    await press(t('errors.seesMemory'));
    expect(screen.getByText(t('errors.noneMemory'))).toBeTruthy();
    await press(t('errors.seesOther'));
    expect(screen.getByRole('button', { name: t('errors.seesMemory') })).toBeTruthy();
  });

  it('of WSL is explained as what WSL prints', async () => {
    app.state = stateOf([plain]);
    render(Errors, {});
    await press(t('errors.seesWslOff'));
    expect(
      screen.getByText(t('errors.recognised', { by: 'hcs_e_hyperv_not_installed' }), { exact: false }),
    ).toBeTruthy();
  });

  it('from the tray fills the field with what WSL prints, and the field can be emptied for all that is seen', async () => {
    app.state = stateOf([plain, lab, other]);
    route.open({ kind: 'open', page: 'errors', symptom: 'wsl-off' });
    expect(route.now).toEqual({ page: 'errors', text: wslSays });
    render(Errors, { pasted: wslSays });
    await press(t('errors.clear'));
    expect(screen.getByText(t('errors.sees'))).toBeTruthy();
    cleanup();

    // Nor does a symptom come back that somebody has typed over.
    render(Errors, { symptom: 'no-internet' });
    await fireEvent.input(screen.getByRole('textbox'), { target: { value: '0x80370102' } });
    await press(t('errors.clear'));
    expect(screen.getByText(t('errors.sees'))).toBeTruthy();
    expect(screen.queryByText(t('errors.seesWhich'))).toBeNull();
  });

  it('stands in the menu of a VM that can show it', async () => {
    app.state = stateOf([lab]);
    render(DetailHead, { vm: lab });
    screen.getByRole('button', { name: t('machines.more', { name: 'lab' }) }).focus();
    await fireEvent.keyDown(screen.getByRole('button', { name: t('machines.more', { name: 'lab' }) }), {
      key: 'Enter',
    });
    await fireEvent.click(await screen.findByRole('menuitem', { name: t('errors.seesMemory') }));
    expect(route.now).toEqual({ page: 'memory', vm: vmIn(thisPc, lab.id) });
  });
});

describe('the test of a network', () => {
  it('begins with the account that it needs, and goes on from the nested VM once that has been read', async () => {
    const main = fakeMain({});
    const state = stateOf([lab]);
    app.state = state;
    render(ProofEntry, { at: vmIn(thisPc, lab.id), vm: null, setup: 'network' });
    // It leads back to where it was opened from.
    await press(t('wizard.close'));
    expect(route.now).toEqual({ page: 'setup', after: 'network' });
    expect(screen.getByRole('heading', { name: t('network.entryTitle', { name: 'lab' }) })).toBeTruthy();
    await press(t('inside.signIn'));
    expect(await screen.findByRole('dialog')).toBeTruthy();
    expect(main.asked.some(({ name }) => name === 'prove')).toBe(false);
    cleanup();

    // Signed in, and not read yet: which nested VM it is from is not known.
    for (const status of ['opening', 'open', 'closed'] as const) {
      app.state = {
        ...stateOf([lab]),
        guests: { [textOf(vmIn(thisPc, lab.id))]: { status, userName: 'dev', remembered: false } },
      };
      render(ProofEntry, { at: vmIn(thisPc, lab.id), vm: null });
      expect(screen.getByRole('heading', { name: t('network.entryTitle', { name: 'lab' }) })).toBeTruthy();
      expect(main.asked.some(({ name }) => name === 'prove')).toBe(false);
      cleanup();
    }

    const nested = vm('lab-win', { state: 'Running' });
    const guest: Machine = { at: vmIn(thisPc, lab.id), host: { ...(state.machine as Machine).host }, vms: [nested] };
    const open: GuestState = { status: 'open', userName: 'dev', remembered: false };
    app.state = { ...stateOf([{ ...lab, guest }]), guests: { [textOf(vmIn(thisPc, lab.id))]: open } };
    render(ProofEntry, { at: vmIn(thisPc, lab.id), vm: null });
    await waitFor(() =>
      expect(main.asked).toContainEqual({
        name: 'prove',
        request: { at: vmIn(thisPc, lab.id), vm: vmIn(vmIn(thisPc, lab.id), nested.id) },
      }),
    );
  });

  const at = vmIn(thisPc, lab.id);
  const account = (status: 'closed' | 'refused'): GuestState =>
    status === 'closed'
      ? { status, userName: 'dev', remembered: true }
      : { status, userName: 'dev', remembered: true, why: 'wrong-password', failure: { kind: 'credential-refused' } };

  it('asks for an account where the known one was refused', async () => {
    fakeMain({});
    app.state = { ...stateOf([lab]), guests: { [textOf(at)]: account('closed') } };
    render(ProofEntry, { at, vm: null });
    await press(t('inside.signIn'));
    expect(screen.queryByRole('dialog')).toBeNull();
    app.state = { ...stateOf([lab]), guests: { [textOf(at)]: account('refused') } };
    expect(await screen.findByRole('dialog')).toBeTruthy();
  });

  it('says that the VM is off', () => {
    app.state = stateOf([{ ...lab, state: 'Off' }]);
    render(ProofEntry, { at, vm: null });
    expect(screen.getByText(t('network.testEntryOff', { name: 'lab' }))).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: t('inside.signIn') }).disabled).toBe(true);
  });

  it('keeps its result in sight when the VM can be read no more', async () => {
    fakeMain({});
    const guest: Machine = { at, host: { ...(stateOf([]).machine as Machine).host }, vms: [] };
    app.state = stateOf([{ ...lab, guest }]);
    render(ProofEntry, { at, vm: null });
    expect(await screen.findByText(t('network.proofNotBegun'))).toBeTruthy();
    app.state = stateOf([lab]);
    await tick();
    expect(screen.queryByRole('heading', { name: t('network.entryTitle', { name: 'lab' }) })).toBeNull();
  });
});
