/** Settings › About: what is said of updates and of the repository only where there are some. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Settings from '../../renderer/pages/Settings.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import type { AppState } from '../../src/ipc/schema.js';
import type { UpdateState, UpdateWish } from '../../src/ipc/updates.js';
import { languageTags, translator, type MessageKey } from '../../src/text/index.js';
import { fakeMain, stateOf } from './bridge.js';

const t = translator('en');

function open(change: Partial<AppState> = {}, ok = true) {
  const main = fakeMain({ openAbout: () => ({ ok }) });
  app.state = stateOf([], change);
  render(Settings, {});
  return main;
}
const button = (key: MessageKey) => screen.getByRole('button', { name: translator('en')(key as 'app.name') });
const updating = (found: UpdateState, updates: UpdateWish = 'tell', installs = true): Partial<AppState> => ({
  updates: { installs, found },
  settings: { ...stateOf([]).settings, updates },
});

describe('About', () => {
  it('says the version, the license, and in one sentence where it was tested', async () => {
    const main = open();
    expect(screen.getByText(t('settings.version', { version: '0.1.0' }))).toBeTruthy();
    expect(document.body.textContent).toContain(t('settings.testedWhy'));
    await fireEvent.click(button('settings.license'));
    await fireEvent.click(button('settings.notices'));
    expect(main.asked).toEqual([
      { name: 'openAbout', request: { what: 'license' } },
      { name: 'openAbout', request: { what: 'notices' } },
    ]);
    expect(screen.queryByText(t('settings.aboutFailed'))).toBeNull();
  });

  it('says when a text could not be opened', async () => {
    open({}, false);
    await fireEvent.click(button('settings.license'));
    expect(await screen.findByText(t('settings.aboutFailed'))).toBeTruthy();
  });

  it('has neither updates nor a repository where nobody has published it', () => {
    open();
    expect(screen.queryByText(t('settings.updates'))).toBeNull();
    expect(screen.queryByText(t('settings.repository'))).toBeNull();
    expect(screen.getByText(t('settings.versionWhy'))).toBeTruthy();
  });

  it('names the repository where there is one', async () => {
    const main = open({ repository: 'https://github.com/some-one/hypernest' });
    expect(document.body.textContent).toContain('https://github.com/some-one/hypernest');
    await fireEvent.click(button('settings.repositoryOpen'));
    expect(main.asked).toEqual([{ name: 'openAbout', request: { what: 'repository' } }]);
  });
});

describe('updates', () => {
  it('are off until a person chooses otherwise, and say nothing then', async () => {
    const main = open(updating({ kind: 'not-looked' }, 'never'));
    expect(screen.getByText(t('settings.versionWhy'))).toBeTruthy();
    expect(screen.queryByText(t('settings.updatesNotLooked'))).toBeNull();
    await fireEvent.click(screen.getByRole('radio', { name: t('settings.updatesTell') }));
    expect(main.asked).toEqual([{ name: 'settings', request: { updates: 'tell' } }]);
  });

  it('are not installed by a copy for all users: that is not offered, and is said', () => {
    open(updating({ kind: 'newer', version: '2.0.0' }, 'install', false));
    expect(screen.queryByRole('radio', { name: t('settings.updatesInstall') })).toBeNull();
    expect(screen.getByRole('radio', { name: t('settings.updatesTell') }).getAttribute('aria-checked')).toBe('true');
    expect(screen.getByText(t('settings.updatesForAll'))).toBeTruthy();
  });

  const at = '2026-12-01T08:00:00.000Z';
  const version = '2.0.0';
  it.each(
    languageTags.flatMap((language) => {
      const said = translator(language);
      const cases: readonly (readonly [UpdateState, string, Way | undefined])[] = [
        [{ kind: 'looking' }, said('settings.updatesLooking'), undefined],
        [{ kind: 'current', at }, said('settings.updatesCurrent'), 'look'],
        [{ kind: 'newer', version }, said('settings.updatesNewer', { version }), 'releases'],
        [{ kind: 'fetching', version }, said('settings.updatesFetching', { version }), undefined],
        [{ kind: 'ready', version }, said('settings.updatesReadyWhy'), 'install'],
        [{ kind: 'failed', why: 'not-reached', at }, said('settings.updatesNotReachedWhy'), 'look'],
        [{ kind: 'failed', why: 'not-fetched', at }, said('settings.updatesNotFetchedWhy'), 'look'],
        [{ kind: 'failed', why: 'damaged', at }, said('settings.updatesDamagedWhy'), 'look'],
      ];
      return cases.map((one) => [language, ...one] as const);
    }),
  )('%s, %o: is said, with what can be done', async (language, found, words, way) => {
    const said = translator(language);
    const main = open({ ...updating(found), language });
    expect(screen.getByText(words)).toBeTruthy();
    const ways = {
      look: said('settings.updatesLook'),
      releases: said('settings.updatesReleases'),
      install: said('settings.updatesInstallNow'),
    };
    const shown = Object.entries(ways).filter(([, name]) => screen.queryByRole('button', { name }));
    expect(shown.map(([name]) => name)).toEqual(way === undefined ? [] : [way]);
    if (way === undefined) return;
    await fireEvent.click(screen.getByRole('button', { name: ways[way] }));
    expect(main.asked).toEqual([
      way === 'releases'
        ? { name: 'openAbout', request: { what: 'releases' } }
        : { name: 'update', request: { act: way } },
    ]);
  });
  type Way = 'look' | 'releases' | 'install';

  it('a wish that could not be kept is said', async () => {
    fakeMain({ settings: () => Promise.reject(new Error('disk full')) });
    app.state = stateOf([], updating({ kind: 'not-looked' }, 'never'));
    render(Settings, {});
    await fireEvent.click(screen.getByRole('radio', { name: t('settings.updatesInstall') }));
    expect(await screen.findByText(t('settings.notSaved'))).toBeTruthy();
  });
});
