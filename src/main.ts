/** The composition root: the only file that knows every part. What is read and what runs arrives here, and goes from here to all. */
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, nativeTheme, powerMonitor, powerSaveBlocker } from 'electron';
import { scenarioNames } from '../simulator/scenarios/scenarios.js';
import type { Goal, VmWant } from './core/goal.js';
import { diff, isEmpty } from './core/diff.js';
import { send, serve } from './ipc/main.js';
import type { AppState, Notice, Settings } from './ipc/schema.js';
import { openPlace } from './places.js';
import { AppStore, languageFor } from './shell/app-state.js';
import { isAutostart, setAutostart } from './shell/autostart.js';
import { driftBetween } from './shell/drift.js';
import { handlers } from './shell/handlers.js';
import { startLog } from './shell/log.js';
import { showToast } from './shell/notifications.js';
import { appOrigin } from './shell/page-server.js';
import { QuickRuns } from './shell/quick-runs.js';
import type { Reading } from './shell/reader.js';
import { SettingsFile } from './shell/settings.js';
import { switches } from './shell/switches.js';
import { toastOfDrift, toastOfRun, type Toast, type ToastTarget } from './shell/toasts.js';
import { trayIcon, trayMenu, trayStatus, type TrayCommand } from './shell/tray-menu.js';
import { AppTray } from './shell/tray.js';
import { guardSession, MainWindow, registerScheme } from './shell/windows.js';
import { World } from './shell/world.js';
import { translator } from './text/index.js';

const built = path.resolve(import.meta.dirname, '..');
const assets = path.join(app.getAppPath(), 'assets');
const development = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];

app.setAppUserModelId('dev.hypernest.app'); // as in electron-builder.yml: toasts need the shortcut of that id
registerScheme();
if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
else app.quit();

async function start(): Promise<void> {
  const userData = app.getPath('userData');
  const logFolder = path.join(userData, 'logs');
  const log = startLog(logFolder, { toConsole: !app.isPackaged && process.env['NODE_ENV'] !== 'test' });
  const options = switches(process.argv, app.isPackaged);
  const file = new SettingsFile(userData);
  const notices: Notice[] = file.setAside ? [{ kind: 'settings-set-aside', file: file.setAside }] : [];
  const withAutostart = (settings: Settings): Settings => ({
    ...settings,
    startWithWindows: isAutostart(app) ?? settings.startWithWindows,
  });
  const themeNow = (): AppState['theme'] => (nativeTheme.shouldUseDarkColors ? 'dark' : 'light');
  const languageNow = (): AppState['language'] =>
    languageFor(file.settings.language, app.getPreferredSystemLanguages());
  nativeTheme.themeSource = file.settings.theme;

  const store = new AppStore(
    {
      version: app.getVersion(),
      language: languageNow(),
      theme: themeNow(),
      settings: withAutostart(file.settings),
      source: { kind: 'this-pc' },
      scenarios: scenarioNames,
      connection: { kind: 'starting' },
      machine: null,
      runs: [],
      running: [],
      notices,
    },
    (change) => {
      window.send({ kind: 'state', state: change });
      showTray();
    },
  );
  const t = () => translator(store.state.language);

  // ── What people see ──
  let world: World | undefined;
  const window = new MainWindow({
    built,
    icon: path.join(assets, 'app-256.png'),
    development,
    title: t()('app.name'),
    theme: () => store.state.theme,
    saved: () => file.window,
    remember: (bounds) => file.rememberWindow(bounds),
    send: (target, event) => send(target.webContents, event),
    visibleChanged: (isVisible) => world?.watcher.setVisible(isVisible),
    failed: (what) => log.error('window:', what),
  });
  const facts = () => ({
    connection: store.state.connection,
    machine: store.state.machine,
    isSimulated: store.state.source.kind === 'simulated',
    busy: world?.runs.busyVms ?? new Set<string>(),
    hasCutShort: (world?.runs.cutShort.length ?? 0) > 0,
  });
  const trayNow = () => ({
    icon: trayIcon(facts()),
    menu: trayMenu(facts(), t()),
    tooltip: `${t()('app.name')} – ${trayStatus(facts(), t())}`,
  });
  const tray = new AppTray(trayNow(), { assets, command: (command) => obey(command) });
  const showTray = (): void => tray.show(trayNow());
  const say = (toast: Toast, always = false): void =>
    showToast(
      toast,
      { isWanted: () => store.state.settings.notifications, isLookedAt: () => window.isFocused, go },
      always,
    );
  const quick = new QuickRuns({
    runs: () => opened().runs,
    t,
    review: (goal) => window.show({ kind: 'wizard', goal }),
    say: (toast) => say(toast, true),
  });
  const opened = (): World => {
    if (!world) throw new Error('no machines are open yet');
    return world;
  };

  function obey(command: TrayCommand): void {
    switch (command.kind) {
      case 'show':
        return window.show();
      case 'open':
        return window.show({ kind: 'open', page: command.page, ...(command.vm ? { vm: command.vm } : {}) });
      case 'connect':
        return void opened().place.connect(command.vm);
      case 'quit':
        return app.quit();
      case 'want': {
        const goal = goalOf(command.vm, command.want);
        if (command.review) return window.show({ kind: 'wizard', goal });
        const name = store.state.machine?.vms?.find(({ id }) => id === command.vm)?.name ?? command.vm;
        quick.apply(goal, name).catch((error: unknown) => log.error('tray:', error));
      }
    }
  }

  function go(target: ToastTarget): void {
    if (target.kind === 'vm') window.show({ kind: 'open', page: 'machines', vm: target.vm });
    else if (target.kind === 'run') window.show({ kind: 'open', page: 'activity', run: target.run });
    else window.show({ kind: 'wizard', goal: { kind: 'put-back', run: target.run, consents: [] } });
  }

  // ── Where everything new arrives ──
  function heard({ machine, before, patch }: Reading): void {
    const known = store.state.machine;
    const hasChanged = !before || !known || !isEmpty(patch);
    if (known && before) {
      store.keep({ machine });
      window.send({ kind: 'machine', patch: before === known ? patch : diff(known, machine) });
    } else store.change({ machine });
    if (hasChanged) showTray();
    if (!before) return;
    for (const drift of driftBetween(before, machine, opened().ours)) say(toastOfDrift(drift, t()));
  }

  let stopSleepBlocker: () => void = () => undefined;
  function runsChanged(): void {
    const { runs, running } = opened();
    store.keep({ runs: runs.records });
    if (running.join() !== store.state.running.join()) store.change({ running });
    if (runs.isBusy === (stopSleepBlocker !== idle)) return;
    if (runs.isBusy) {
      const blocker = powerSaveBlocker.start('prevent-app-suspension');
      stopSleepBlocker = () => powerSaveBlocker.stop(blocker);
    } else {
      stopSleepBlocker();
      stopSleepBlocker = idle;
    }
  }
  function idle(): void {}
  stopSleepBlocker = idle;

  async function openWorld(): Promise<void> {
    const old = world;
    world = undefined;
    await old?.close();
    const place = await openPlace({ settings: file.settings, ...options, userData });
    log.info('source:', place.source.kind, place.source.kind === 'simulated' ? place.source.through : '');
    store.keep({ machine: null, connection: { kind: 'starting' } });
    world = await World.open(place, {
      appVersion: app.getVersion(),
      connected: (connection) => {
        log.info('session:', connection.kind, connection.kind === 'lost' ? connection.failure.kind : '');
        store.change({ connection });
      },
      heard,
      ran: (event) => {
        window.send({ kind: 'run', event });
        store.keep({ runs: world?.runs.records ?? [] });
      },
      recorded: (record) => {
        window.send({ kind: 'run-record', record });
        runsChanged();
        showTray();
        const toast =
          record.settled === undefined && record.putBackBy === undefined ? toastOfRun(record, t()) : undefined;
        if (toast) say(toast, quick.wasAsked(record.id));
      },
      unwritable: (folder) => {
        log.error('journal: cannot be written');
        store.change({
          notices: [
            ...store.state.notices.filter(({ kind }) => kind !== 'journal-unwritable'),
            { kind: 'journal-unwritable', folder },
          ],
        });
      },
      failed: (error) => log.error('reading:', error),
    });
    world.watcher.setVisible(window.current?.isVisible() ?? false);
    store.change({
      source: place.source,
      machine: store.state.machine,
      runs: world.runs.records,
      running: world.running,
    });
  }

  async function changeSettings(patch: {
    readonly [Name in keyof Settings]?: Settings[Name] | undefined;
  }): Promise<Settings> {
    const before = file.settings;
    const isOther =
      (patch.source ?? before.source) !== before.source || (patch.scenario ?? before.scenario) !== before.scenario;
    // A run belongs to its world: it is not left in the middle for another.
    if (isOther && world?.runs.isBusy) throw new Error('a run is under way');
    if (patch.startWithWindows !== undefined) setAutostart(app, patch.startWithWindows);
    const settings = withAutostart(file.change(patch));
    nativeTheme.themeSource = settings.theme;
    store.change({ settings, language: languageNow(), theme: themeNow() });
    window.showTheme();
    if (isOther) await openWorld();
    return settings;
  }

  // ── The window's questions, and the system's ──
  serve(ipcMain, {
    origin: development === undefined ? appOrigin : new URL(development).origin,
    own: (contents) => contents === window.current?.webContents,
    handlers: handlers({
      store,
      world: opened,
      t,
      window: () => window.current,
      listens: () => window.listens(),
      changeSettings,
      logFolder,
    }),
    refused: ({ why, call, fields, error }) => log.warn('refused:', why, call, fields?.join(' ') ?? '', error ?? ''),
  });
  guardSession(built, development);
  nativeTheme.on('updated', () => {
    if (store.state.theme !== themeNow()) store.change({ theme: themeNow() });
    window.showTheme();
  });
  powerMonitor.on('suspend', () => world?.setAsleep(true));
  powerMonitor.on('resume', () => world?.setAsleep(false));
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  app.on('window-all-closed', () => {
    if (!file.settings.closeToTray) app.quit();
  });
  app.on('web-contents-created', (_event, contents) =>
    contents.on('will-attach-webview', (event) => event.preventDefault()),
  );

  let isLeaving = false;
  let mayLeave = false;
  app.on('before-quit', (event) => {
    if (mayLeave) return;
    event.preventDefault();
    if (!isLeaving) void leave();
  });
  async function leave(): Promise<void> {
    isLeaving = true;
    if (world?.runs.isBusy) {
      const count = world.runs.busyVms.size;
      const { response } = await dialog.showMessageBox({
        type: 'warning',
        title: t()('app.name'),
        message: t()('tray.quitTitle'),
        detail: t()('tray.quitDetail', { count }),
        buttons: [t()('tray.quitStay'), t()('tray.quitAnyway')],
        defaultId: 0,
        cancelId: 0,
      });
      isLeaving = response === 1;
      // At once: closing the session in order would be written down as the end of the run, and nothing would be offered.
      if (isLeaving && world.runs.isBusy) app.exit(0);
      if (!isLeaving) return;
    }
    await world?.close().catch((error: unknown) => log.error('closing:', error));
    mayLeave = true;
    app.quit();
  }

  process.on('unhandledRejection', (reason) => log.error('unhandled:', reason));
  process.on('uncaughtException', (error) => {
    log.error('uncaught:', error);
    void dialog
      .showMessageBox({
        type: 'error',
        title: t()('app.name'),
        message: t()('tray.crashTitle'),
        detail: t()('tray.crashDetail'),
        buttons: [t()('tray.crashRestart'), t()('tray.crashQuit')],
        defaultId: 0,
      })
      .then(({ response }) => {
        if (response === 0) app.relaunch();
        app.exit(1);
      });
  });

  if (!options.hidden) window.show();
  await openWorld();
}

const goalOf = (vm: string, want: VmWant): Goal & { readonly kind: 'vms' } => ({
  kind: 'vms',
  wants: [{ at: [], vm, want }],
  consents: [],
});
