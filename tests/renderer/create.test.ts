/** The page of a VM to be made, over a main that answers what the test says. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import type { NewVm } from '../../src/core/machine/goal.js';
import type { FoundFiles } from '../../src/core/machine/files.js';
import { translator } from '../../src/text/index.js';
import { fakeMain, ready } from './bridge.js';

const t = translator('en');
const downloads = 'C:\\Users\\mei\\Downloads';
const windows = `${downloads}\\Win11_24H2_English_x64.iso`;
const ubuntu = `${downloads}\\ubuntu-24.04.1-live-server-amd64.iso`;
const found: FoundFiles = {
  isos: [
    { path: windows, size: 5 * 2 ** 30 },
    { path: ubuntu, size: 2 * 2 ** 30 },
  ],
  disks: [{ path: `${downloads}\\base.vhdx`, size: 14 * 2 ** 30, isUsed: false }],
};
const blocked = {
  result: { kind: 'blocked', by: [] },
  script: [],
  undoScript: [],
};

beforeEach(() => {
  route.go({ page: 'create' });
  app.state = ready([], { source: { kind: 'this-pc' } });
});

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name, { selector: 'input' });

function open(answers: Parameters<typeof fakeMain>[0] = {}) {
  const main = fakeMain({ findFiles: () => found, plan: () => blocked, ...answers });
  render(Wizard, { opening: { kind: 'create' } });
  const asked = (): readonly NewVm[] =>
    main.asked.filter(({ name }) => name === 'plan').map(({ request }) => (request as { goal: { vm: NewVm } }).goal.vm);
  return { main, asked };
}

describe('the page of a VM to be made', () => {
  it('asks for what it shows: the newest ISO file, and what its name says', async () => {
    const { asked } = open();
    await waitFor(() => expect(button(t('wizard.review')).disabled).toBe(false));
    expect(field(t('create.name')).value).toBe('Windows 11');
    await fireEvent.click(button(t('wizard.review')));
    expect(asked()).toMatchObject([
      { name: 'Windows 11', iso: windows, secureBoot: 'windows', tpm: true, start: true },
    ]);
  });

  it('follows the file that is chosen, and keeps what was typed when the plan is blocked', async () => {
    const { asked } = open();
    await fireEvent.click(await screen.findByRole('radio', { name: /ubuntu/ }));
    expect(field(t('create.name')).value).toBe('Ubuntu 24.04');
    await fireEvent.input(field(t('create.name')), { target: { value: 'mine' } });
    await fireEvent.click(button(t('wizard.review')));
    await screen.findByText(t('wizard.blockedTitle'));
    await fireEvent.click(button(t('wizard.back')));
    expect(field(t('create.name')).value).toBe('mine');
    expect(asked()).toMatchObject([{ name: 'mine', iso: ubuntu, secureBoot: 'linux', tpm: false }]);
  });

  it('takes a file from the dialog of Windows, or its path as it was copied', async () => {
    const path = 'D:\\images\\server.iso';
    const { asked } = open({ pickFile: () => ({ path }) });
    await screen.findByRole('radio', { name: /ubuntu/ });
    await fireEvent.click(button(t('create.browse')));
    await waitFor(() => expect(field(t('create.file')).value).toBe(path));
    await fireEvent.input(field(t('create.file')), { target: { value: ' "E:\\a b\\Win10.iso" ' } });
    await fireEvent.click(button(t('wizard.review')));
    expect(asked()).toMatchObject([{ iso: 'E:\\a b\\Win10.iso', name: 'Windows 10' }]);
  });

  it('builds on a disk, or copies it', async () => {
    const { asked } = open();
    await fireEvent.click(await screen.findByRole('radio', { name: new RegExp(t('create.fromDisk')) }));
    await fireEvent.click(screen.getByRole('radio', { name: new RegExp(t('create.linkCopy')) }));
    await fireEvent.click(button(t('wizard.review')));
    expect(asked()).toMatchObject([{ disk: { kind: 'copy', from: `${downloads}\\base.vhdx` }, start: true }]);
  });

  it('has chosen no disk that a VM uses, nor one of which that is not known', async () => {
    const size = 2 ** 30;
    const of = (name: string, use: { readonly isUsed?: boolean } = {}) => ({
      path: `${downloads}\\${name}`,
      size,
      ...use,
    });
    let disks = [of('newest.vhdx', { isUsed: true }), of('older.vhdx', { isUsed: false })];
    const { main, asked } = open({ findFiles: () => ({ isos: [], disks }) });
    await fireEvent.click(await screen.findByRole('radio', { name: new RegExp(t('create.fromDisk')) }));
    const older = await screen.findByRole('radio', { name: /older/ });
    await waitFor(() => expect(older.getAttribute('aria-checked')).toBe('true'));
    expect(screen.getByRole('radio', { name: /newest/ }).textContent).toContain(t('create.fileUsed'));
    expect(main.asked.findLast(({ name }) => name === 'findFiles')?.request).toEqual({ uses: true });
    await fireEvent.click(button(t('wizard.review')));
    expect(asked()).toMatchObject([{ disk: { from: `${downloads}\\older.vhdx` } }]);
    cleanup();
    disks = [of('newest.vhdx', { isUsed: true }), of('unknown.vhdx')];
    open({ findFiles: () => ({ isos: [], disks }) });
    await fireEvent.click(await screen.findByRole('radio', { name: new RegExp(t('create.fromDisk')) }));
    await screen.findByRole('radio', { name: /unknown/ });
    expect(screen.queryByRole('radio', { name: /newest|unknown/, checked: true })).toBeNull();
    expect(button(t('wizard.review')).disabled).toBe(true);
  });

  it('waits for an amount of memory that can be', async () => {
    open();
    await waitFor(() => expect(button(t('wizard.review')).disabled).toBe(false));
    await fireEvent.input(field(t('create.memory')), { target: { value: 'much' } });
    expect(button(t('wizard.review')).disabled).toBe(true);
    await fireEvent.input(field(t('create.memory')), { target: { value: '6' } });
    expect(button(t('wizard.review')).disabled).toBe(false);
  });

  it('leads to pages of Microsoft where there is no ISO file, and finds one that has come', async () => {
    let files: FoundFiles = { isos: [], disks: [] };
    const { main } = open({ findFiles: () => files, openAbout: () => ({ ok: true }) });
    await fireEvent.click(await screen.findByRole('button', { name: t('create.getWindows11') }));
    expect(main.asked).toContainEqual({ name: 'openAbout', request: { what: 'get-windows-11' } });
    expect(button(t('wizard.review')).disabled).toBe(true);
    files = found;
    await fireEvent.focus(window);
    await waitFor(() => expect(button(t('wizard.review')).disabled).toBe(false));
  });
});
