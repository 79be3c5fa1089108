/** What keeps the list of VMs away is said by its name, as a simulated PC of that kind is read, with a way on. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Machines from '../../renderer/pages/Machines.svelte';
import Simulated from '../../renderer/ui/Simulated.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import type { Tried } from '../../src/core/machine/machine.js';
import { languageTags, translator } from '../../src/text/index.js';
import type { ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { readWorld } from '../unit/shell/a-machine.js';
import { fakeMain, stateOf } from './bridge.js';

const t = translator('en');

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

  const monday = '2020-05-04T12:00:00.000Z';
  const after = async (scenario: ScenarioName, act: Tried['act']) => {
    fakeMain({});
    const { connection, machine } = await readWorld(scenario);
    const read = machine();
    const tried = [{ act, time: monday, startedAt: monday }];
    const host = { ...read.host, tried, startedAt: '2020-05-05T12:00:00.000Z', readAt: '2020-05-06T12:00:00.000Z' };
    return { connection, machine: { ...read, host } };
  };

  it.each(
    languageTags.flatMap((language) =>
      (
        [
          ['no-hyper-v', 'enable-hyper-v', 'machines.triedRole', 'machines.noHyperVOn'],
          ['service-stopped', 'start-service', 'machines.triedService', 'machines.startService'],
        ] as const
      ).map((row) => [language, ...row] as const),
    ),
  )('%s, %s: what did not help is not offered once more, but what comes next', async (language, scenario, act, title, button) => {
    const said = translator(language);
    app.state = stateOf([], { language, ...(await after(scenario, act)) });
    render(Machines, {});
    expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toContain(said(title));
    expect(screen.getByText(said('machines.triedText', { at: monday }))).toBeTruthy();
    expect(screen.queryByRole('button', { name: said(button) })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: said('machines.goToHost') }));
    expect(route.now).toEqual({ page: 'host' });
  }); // prettier-ignore

  it('access: where a policy took the account out of the group again, the other way is chosen, if there is one', async () => {
    app.state = stateOf([], await after('not-admin', 'join-group'));
    render(Machines, {});
    expect(document.querySelector('.lead')?.textContent).toBe(t('rights.leadTried', { at: monday }));
    expect(screen.queryByText(t('rights.recommended'))).toBeNull();
    expect(screen.getByRole('button', { name: t('rights.sessionButton') })).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: t('rights.join') }));
    expect(screen.queryByRole('button', { name: t('rights.joinButton') })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: t('machines.goToHost') }));
    expect(route.now).toEqual({ page: 'host' });
    cleanup();
    app.state = { ...app.state, installation: 'for-this-user' };
    render(Machines, {});
    expect(screen.queryByRole('button', { name: t('rights.sessionButton') })).toBeNull();
    expect(screen.getByRole('button', { name: t('machines.goToHost') })).toBeTruthy();
  });
});

describe('on a simulated PC', () => {
  const source = { kind: 'simulated', scenario: 'workstation', through: 'direct' } as const;

  it.each(languageTags)('%s: who chose it is told so, and is back with one click', async (language) => {
    const said = translator(language);
    const main = fakeMain({});
    app.state = stateOf([], { language });
    render(Simulated, { source: { ...source, isChosen: true }, pc: 'DEV-PC' });
    expect(screen.getByText(said('app.simulated'))).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: said('app.backToPc') }));
    expect(main.asked).toEqual([{ name: 'settings', request: { source: 'auto' } }]);
  });

  it('there is no way back where there is no other PC', () => {
    fakeMain({});
    app.state = stateOf([]);
    render(Simulated, { source, pc: undefined });
    expect(screen.queryByRole('button', { name: t('app.backToPc') })).toBeNull();
  });
});
