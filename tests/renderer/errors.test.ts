import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Errors from '../../renderer/pages/Errors.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, stateOf } from './bridge.js';

const box = vm('dev-box');
const legacy = vm('legacy');
const lab = vm('lab', { nesting: true });

afterEach(cleanup);
beforeEach(() => {
  route.go({ page: 'errors' });
  app.state = stateOf([box, legacy, lab]);
});

async function paste(text: string): Promise<void> {
  await fireEvent.input(screen.getByRole('textbox', { name: 'What Windows said' }), { target: { value: text } });
}

describe('Errors', () => {
  it('leads from a code to the plan that turns nesting on for the machine that was chosen', async () => {
    const main = fakeMain({});
    render(Errors, {});
    await paste('WslRegisterDistribution failed with error: 0x80370102');
    expect(screen.getByText('Recognised by “0x80370102”')).toBeTruthy();
    expect(screen.getByRole('heading', { name: /nesting is off for that VM/ })).toBeTruthy();
    expect(screen.getByText('Nesting is off for 2 machines of DEV-PC.')).toBeTruthy();
    const where = screen.getByRole('combobox', { name: 'Where did you see it?' });
    expect([...where.querySelectorAll('option')].map(({ textContent }) => textContent)).toEqual(['dev-box', 'legacy']);
    await fireEvent.change(where, { target: { value: legacy.id } });
    await fireEvent.click(screen.getByRole('button', { name: 'Turn nesting on…' }));
    const wants = [{ at: [], vm: legacy.id, want: { nesting: true } }];
    expect(route.now).toEqual({ page: 'wizard', goal: { kind: 'vms', wants, consents: [] } });
    // It is offline and changes nothing by itself.
    expect(main.asked).toEqual([]);
  });

  it('chooses the machine that the text names', async () => {
    fakeMain({});
    render(Errors, {});
    await paste("'legacy' failed to start because one of the Hyper-V components is not running.");
    expect(screen.getByRole<HTMLSelectElement>('combobox').value).toBe(legacy.id);
  });

  it('says that nesting is not the cause where no machine is without it, and offers no button', async () => {
    fakeMain({});
    app.state = stateOf([lab]);
    render(Errors, {});
    await paste('0x80370102');
    expect(screen.getByText(/Nesting is off for no machine of DEV-PC/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Turn nesting on…' })).toBeNull();
  });

  it('does not guess where the list could not be read', async () => {
    fakeMain({});
    app.state = { ...stateOf([]), machine: null };
    render(Errors, {});
    await paste('0x80370102');
    expect(screen.getByText('Which machines have nesting could not be read.')).toBeTruthy();
  });

  it('shows what of this PC bears on it, with the button that mends it', async () => {
    fakeMain({});
    const state = stateOf([]);
    if (!state.machine) throw new Error('no machine');
    const services = { vmms: { state: 'Stopped', startMode: 'Auto' } };
    const features = { 'Microsoft-Hyper-V': 'enabled' } as const;
    const host = { ...state.machine.host, services, features };
    app.state = { ...state, machine: { ...state.machine, host } };
    render(Errors, {});
    await paste('The Virtual Machine Management service is not running.');
    expect(screen.getByText('The management service is not running (Stopped)')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Start the service…' }));
    expect(route.now).toMatchObject({ page: 'elevate', act: 'start-service' });
  });

  it('gives what needs a console as text to copy', async () => {
    const main = fakeMain({});
    render(Errors, {});
    await paste('Hyper-V cannot be installed because virtualization support is not enabled in the BIOS.');
    await fireEvent.click(screen.getByRole('button', { name: /^Copy/ }));
    expect(main.asked).toEqual([
      { name: 'copyText', request: { text: expect.stringMatching(/^Enable-WindowsOptionalFeature/) as string } },
    ]);
  });

  it('calls a code that stands for much else probable only', async () => {
    fakeMain({});
    render(Errors, {});
    await paste('0x80004005');
    expect(screen.getByText(/^Probably/)).toBeTruthy();
  });

  it('says so when it does not know, naming the code, and leads to the checks of this PC', async () => {
    fakeMain({});
    render(Errors, {});
    await paste('Something failed: 0x8badf00d');
    expect(screen.getByText('This error is not known here.')).toBeTruthy();
    expect(screen.getByText(/Nothing is known here of 0x8badf00d/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: /See whether something stands in the way/ }));
    expect(route.now).toEqual({ page: 'host' });
  });

  it('is empty again after Clear, and ready for the next', async () => {
    fakeMain({});
    render(Errors, {});
    await paste('0x80370102');
    await fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(screen.queryByRole('heading', { level: 2 })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('textbox'));
  });
});
