import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import Elevate from '../../renderer/pages/Elevate.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route, type WizardRoute } from '../../renderer/state/route.svelte.js';
import type { ActResult } from '../../src/ipc/schema.js';
import { fakeMain, stateOf } from './bridge.js';
import { translator } from '../../src/text/index.js';
import { wordsOf } from './words.js';

const t = translator('en');

beforeEach(() => {
  app.state = stateOf([]);
});

const asked = async (answer: Promise<ActResult> | ActResult, more: { readonly then?: WizardRoute } = {}) => {
  const main = fakeMain({ actScript: () => ({ text: 'exit' }), act: () => answer });
  render(Elevate, { act: 'allow-session', from: 'machines', ...more });
  await screen.findByText('exit');
  await fireEvent.click(screen.getByRole('button', { name: t('rights.goOn') }));
  return main;
};

describe('the page before the prompt', () => {
  it.each([
    ['en', 120],
    ['zh-CN', 140],
  ] as const)('is short before the most frightening click: %s', async (language, most) => {
    app.state = stateOf([], { language });
    fakeMain({ actScript: () => ({ text: 'exit' }) });
    const { container } = render(Elevate, { act: 'allow-session', from: 'machines' });
    await screen.findByText('exit');
    expect(wordsOf(container, language)).toBeLessThanOrEqual(most);
    // What nearly nobody meets is folded, and there.
    expect(screen.getByText(translator(language)('rights.different')).closest('details')?.textContent).toContain(
      translator(language)('rights.otherProgram'),
    );
  });

  it('says where the prompt may hide while Windows asks', async () => {
    await asked(new Promise<ActResult>(() => undefined));
    expect(await screen.findByText(/blinking shield on the taskbar/)).toBeTruthy();
  });

  it('says that another program took the connection, and does not offer to ask again', async () => {
    await asked({ kind: 'failed', failure: { kind: 'connection-taken' } });
    expect(await screen.findByText(/Another program used the connection/)).toBeTruthy();
    expect(screen.getByText(/before you allow a session again/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeTruthy();
  });

  it('goes on by itself with what could not be done before, once all was read again', async () => {
    const then: WizardRoute = { page: 'wizard', goal: { kind: 'undo', run: 'r1', consents: [] } };
    const main = await asked({ kind: 'done' }, { then });
    await waitFor(() => expect(route.now).toEqual(then));
    expect(main.asked.map(({ name }) => name)).toContain('refresh');
  });

  it('stays where Windows was not let do it', async () => {
    const before = route.now;
    await asked({ kind: 'refused' }, { then: { page: 'wizard', goal: { kind: 'undo', run: 'r1', consents: [] } } });
    expect(await screen.findByText(t('rights.refusedTitle'))).toBeTruthy();
    expect(route.now).toBe(before);
  });

  it('offers to ask again after any other failure', async () => {
    await asked({ kind: 'failed', failure: { kind: 'session-lost' } });
    expect(await screen.findByRole('button', { name: 'Ask again' })).toBeTruthy();
    expect(screen.queryByText(/Another program used/)).toBeNull();
  });
});
