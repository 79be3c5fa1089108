/** The state that the window begins with, and what changes it from outside: the settings, and the system. */
import { app, nativeTheme, powerMonitor } from 'electron';
import type { AppState, Settings } from '../ipc/schema.js';
import type { Notice } from '../ipc/notices.js';
import { nothingKnown, type AppStore } from './app-state.js';
import { autostartOf, setAutostart } from './autostart.js';
import type { SettingsPatch } from './handlers.js';
import { learn } from '../text/index.js';
import { languageFor } from './language.js';
import type { OpenHosts } from './open-hosts.js';
import type { SettingsFile } from './settings.js';
import type { MainWindow } from './windows.js';

export interface Parts {
  readonly file: SettingsFile;
  readonly hosts: OpenHosts;
  readonly store: AppStore;
  readonly window: MainWindow;
}

/** Where another source is chosen it is opened: not in the middle of a run. */
export async function changeSettings(patch: SettingsPatch, { file, hosts, store, window }: Parts): Promise<Settings> {
  const { source: before, scenario } = file.settings;
  const isOther = (patch.source ?? before) !== before || (patch.scenario ?? scenario) !== scenario;
  // A run belongs to its world: it is not left in the middle for another.
  if (isOther && hosts.runs?.isBusy) throw new Error('a run is under way');
  if (patch.startWithWindows !== undefined) setAutostart(app, patch.startWithWindows);
  const { settings, isStartOff } = withAutostart(file.change(patch));
  nativeTheme.themeSource = settings.theme;
  const language = languageOf(settings);
  await learn(language);
  store.change({ settings, isStartOff, language, theme: themeNow() });
  window.showZoom();
  if (isOther) await hosts.open();
  return settings;
}

/** What the system says while the app runs. */
export function followSystem({ file, hosts, store, window }: Parts): void {
  app.on('quit', () => {
    hosts.closeFiles();
    file.close();
  });
  nativeTheme.on('updated', () => {
    if (store.state.theme !== themeNow()) store.change({ theme: themeNow() });
    window.showTheme();
  });
  powerMonitor.on('suspend', () => hosts.setPaused('asleep', true));
  powerMonitor.on('resume', () => hosts.setPaused('asleep', false));
  powerMonitor.on('lock-screen', () => hosts.setPaused('locked', true));
  powerMonitor.on('unlock-screen', () => hosts.setPaused('locked', false));
  // It can be turned off in Task Manager meanwhile.
  app.on('browser-window-focus', () => {
    const found = withAutostart(file.settings);
    const isSame = found.settings.startWithWindows === store.state.settings.startWithWindows;
    if (!isSame || found.isStartOff !== store.state.isStartOff) store.change(found);
  });
  // The app goes on in the tray; what closing the window means is said where it is closed.
  app.on('window-all-closed', () => undefined);
}

const themeNow = (): AppState['theme'] => (nativeTheme.shouldUseDarkColors ? 'dark' : 'light');
export const languageOf = ({ language }: Settings): AppState['language'] =>
  languageFor(language, app.getPreferredSystemLanguages());
function withAutostart(settings: Settings): Pick<AppState, 'settings' | 'isStartOff'> {
  const found = autostartOf(app);
  const startWithWindows = found === undefined ? settings.startWithWindows : found === 'on';
  return { settings: { ...settings, startWithWindows }, isStartOff: found === 'off-in-windows' };
}

/** What the window is told before anything is read. */
export function firstState(
  { settings, setAside, fault }: SettingsFile,
  known: Pick<AppState, 'installation' | 'scenarios' | 'repository' | 'updates'>,
): AppState {
  nativeTheme.themeSource = settings.theme;
  const notices: readonly Notice[] = [
    ...(setAside === undefined ? [] : [{ kind: 'settings-set-aside' as const, file: setAside }]),
    ...(fault === undefined ? [] : [{ kind: 'settings-unreadable' as const, fault }]),
  ];
  return {
    version: app.getVersion(),
    ...known,
    language: languageOf(settings),
    theme: themeNow(),
    ...withAutostart(settings),
    ...nothingKnown({ kind: 'this-pc' }),
    notices,
    hosts: [],
    others: {},
  };
}
