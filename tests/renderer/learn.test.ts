import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ThirdParty, Vm } from '../../src/core/machine/machine.js';
import Host from '../../renderer/pages/Host.svelte';
import Learn from '../../renderer/pages/Learn.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, stateOf } from './bridge.js';
import { languageTags, translator } from '../../src/text/index.js';
import { wordsOf } from './words.js';

const t = translator('en');

beforeEach(() => {
  fakeMain({});
  route.go({ page: 'learn' });
});

const picture = (name: RegExp): HTMLElement => screen.getByRole('img', { name });

const foundBy = (...names: readonly string[]): ThirdParty => ({
  drivers: names.map((name) => ({ name, state: 'Running' })),
  services: [],
  programs: [],
  readAt: '2026-11-24T08:00:00Z',
});

/** A VM that was read from inside, with drivers of another maker. */
function withDrivers(name: string, ...drivers: readonly string[]): Vm {
  const { machine } = stateOf([]);
  if (!machine) throw new Error('no VM');
  return vm(name, { guest: { ...machine, thirdParty: foundBy(...drivers) } });
}

describe('Learn', () => {
  it('draws nesting with the machines of this PC, and tells both pictures to those who cannot see them', () => {
    app.state = stateOf([vm('plain'), vm('dev-box', { nesting: true, nested: [{ name: 'test-vm', state: 'Off' }] })]);
    render(Learn, {});
    const off = picture(/Hyper-V in it can’t start/);
    expect(off.getAttribute('aria-label')).toContain('VT-x');
    expect(off.textContent).toContain('dev-box');
    expect(off.textContent).not.toContain('test-vm');
    const on = picture(/exposes them to dev-box/);
    expect(on.textContent).toContain('test-vm');
    expect(on.textContent).toContain('DEV-PC');
  });

  it('draws a PC without machines, or one that was not read yet, without a gap', () => {
    app.state = { ...stateOf([]), machine: null };
    render(Learn, {});
    expect(picture(/exposes them to your VM/).textContent).toContain('a nested VM');
  });

  it('draws no machine whose name cannot be seen while there is another', () => {
    app.state = stateOf([vm('  ', { nesting: true }), vm('dev-box')]);
    render(Learn, {});
    expect(picture(/exposes them to dev-box/)).toBeTruthy();
  });

  it('cuts a name that would run out of the drawing, and keeps it whole in the words', () => {
    const long = 'a-very-long-name-of-a-machine-that-nobody-would-type';
    app.state = stateOf([vm(long)]);
    render(Learn, {});
    const on = picture(/exposes them/);
    expect(on.textContent).toContain('a-very-long-name-of-a-mach…');
    expect(on.getAttribute('aria-label')).toContain(long);
  });

  it('begins at the topic that was asked for', () => {
    app.state = stateOf([]);
    render(Learn, { topic: 'network' });
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: t('learn.network') }));
  });

  it('says on which machine another virtualization application was found', () => {
    const state = stateOf([withDrivers('dev-box', 'vboxsup'), withDrivers('lab')]);
    if (!state.machine) throw new Error('no VM');
    app.state = { ...state, machine: { ...state.machine, thirdParty: foundBy('VBoxSup', 'vmx86') } };
    render(Learn, {});
    expect(screen.getAllByText(/^Found/).map(({ textContent }) => textContent)).toEqual([
      'Found in dev-box.',
      expect.stringMatching(/^Found on DEV-PC. While Hyper-V runs, VirtualBox 6.0/),
      expect.stringMatching(/^Found on DEV-PC. While Hyper-V runs, Workstation/),
    ]);
  });

  it('shows no application that was not found', () => {
    app.state = stateOf([vm('dev-box')]);
    render(Learn, {});
    expect(screen.getByRole('heading', { name: t('learn.others') })).toBeTruthy();
    expect(screen.queryByText('VirtualBox')).toBeNull();
  });

  it.each(languageTags)('is read in two minutes, pictures and all: %s', (language) => {
    app.state = stateOf([vm('dev-box', { nesting: true, nested: [{ name: 'test-vm', state: 'Off' }] })], { language });
    const { container } = render(Learn, {});
    expect(wordsOf(container, language)).toBeLessThanOrEqual(language === 'en' ? 300 : 330);
  });

  it('is reached from the check that it explains', async () => {
    app.state = stateOf([]);
    render(Host, {});
    const group = t('host.groupFine');
    await fireEvent.click(screen.getByRole('button', { name: t('machines.showFineOf', { list: group }) }));
    const title = t('checks.processorIntel');
    await fireEvent.click(screen.getByRole('button', { name: `Evidence: ${title}` }));
    await fireEvent.click(screen.getByRole('button', { name: `Learn more: ${title}` }));
    expect(route.now).toEqual({ page: 'learn', topic: 'nesting' });
  });
});
