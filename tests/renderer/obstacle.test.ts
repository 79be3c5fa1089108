/** What keeps the list of VMs away is said by its name, as a simulated PC of that kind is read, with a way on. */
import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import Machines from '../../renderer/pages/Machines.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { translator } from '../../src/text/index.js';
import { readWorld } from '../unit/shell/a-machine.js';
import { fakeMain, stateOf } from './bridge.js';

const t = translator('en');
afterEach(cleanup);

describe('instead of the list of VMs', () => {
  it.each([
    ['no-hyper-v', 'machines.noHyperVTitle', 'machines.noHyperVOn'],
    ['windows-home', 'machines.homeTitle', 'machines.goToHost'],
    ['service-stopped', 'machines.stoppedTitle', 'machines.startService'],
    ['module-blocked', 'machines.blockedTitle', 'machines.copyForAdmin'],
    ['constrained-language', 'machines.languageTitle', 'machines.copyForAdmin'],
  ] as const)('%s is said, and what to do', async (scenario, title, button) => {
    fakeMain({});
    const { connection, machine } = await readWorld(scenario);
    app.state = stateOf([], { connection, machine: machine() });
    render(Machines, {});
    expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toContain(t(title));
    expect(screen.getByRole('button', { name: t(button) })).toBeTruthy();
    expect(screen.queryByRole('listbox')).toBeNull();
  });
});
