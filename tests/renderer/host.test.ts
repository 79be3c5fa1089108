import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import Host from '../../renderer/pages/Host.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { languageTags, translator } from '../../src/text/index.js';
import { machineOf } from '../unit/core/worlds.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, stateOf } from './bridge.js';
import { wordsOf } from './words.js';

beforeEach(() => fakeMain({}));

/** Nothing is wrong with it. */
const computer = { manufacturer: 'Contoso', model: 'Desktop', hypervisorPresent: true, memory: 2 ** 35 };
const thirdParty = { drivers: [], services: [], programs: [], readAt: '2026-11-24T08:00:00Z' };

describe('This PC', () => {
  it.each(languageTags)('says in one line a group what is fine, and shows it when asked: %s', async (language) => {
    const t = translator(language);
    const machine = machineOf({ computer }, [vm('dev-box')]);
    app.state = stateOf([], { language, machine: { ...machine, thirdParty } });
    const { container } = render(Host, {});
    expect(wordsOf(container, language)).toBeLessThanOrEqual(120);
    expect(screen.queryByText(t('checks.processorIntel'))).toBeNull();
    await fireEvent.click(
      screen.getByRole('button', { name: t('machines.showFineOf', { list: t('host.groupProcessor') }) }),
    );
    expect(screen.getByText(t('checks.processorIntel'))).toBeTruthy();
  });

  it.each(languageTags)('says what was tried here and did not help, and offers what comes next: %s', (language) => {
    const t = translator(language);
    const at = '2026-05-03T12:00:00.000Z';
    const off = { computer: { ...computer, hypervisorPresent: false }, hypervisorProcessors: 0 };
    const tried = [{ act: 'hypervisor-auto', time: at, startedAt: at }] as const;
    const machine = machineOf({ ...off, tried, startedAt: '2026-05-04T12:00:00.000Z' }, [vm('dev-box')]);
    app.state = stateOf([], { language, machine: { ...machine, thirdParty } });
    render(Host, {});
    expect(screen.getByText(t('checks.hypervisorTriedWhy', { at }))).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('host.fixHypervisor') })).toBeNull();
    expect(screen.getAllByText(/Microsoft-(Windows-)?Hyper-V-Hypervisor/, { selector: 'code' })).toHaveLength(3);
  });
});
