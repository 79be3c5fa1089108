/** The composition root: the only file that knows every part. What is read and what runs arrives here, and goes from here to all. */
import path from 'node:path';
import { app, ipcMain, nativeTheme, powerMonitor, safeStorage } from 'electron';
import { scenarioNames } from '../simulator/scenarios/scenarios.js';
import { isEmpty } from './core/diff.js';
import { send, serve } from './ipc/main.js';
import type { AppState, Connection, Notice, Settings } from './ipc/schema.js';
import { engineOf, openPlace } from './places.js';
import { AppStore } from './shell/app-state.js';
import { isAutostart, setAutostart } from './shell/autostart.js';
import { Awake } from './shell/awake.js';
import { coalesced } from './shell/coalesce.js';
import { AppliedCheckpoints, driftsIn } from './shell/drift.js';
import { handlers, type SettingsPatch } from './shell/handlers.js';
import { KeptAccounts } from './shell/kept-accounts.js';
import { KeptChanges } from './shell/kept-changes.js';
import { languageFor } from './shell/language.js';
import { leaveInOrder, sayFaults } from './shell/leaving.js';
import { startLog } from './shell/log.js';
import { giveBackMemory } from './shell/memory.js';
import { MemoryHistory } from './shell/memory-history.js';
import { appOrigin } from './shell/page-server.js';
import type { Reading } from './shell/reader.js';
import { usesOf, type Uses } from './shell/recent.js';
import { SettingsFile } from './shell/settings.js';
import type { Switches } from './shell/switches.js';
import { TrayAnswers } from './shell/tray-answers.js';
import { trayMenu, type TrayCommand } from './shell/tray-menu.js';
import { trayIcon, trayStatus, type TrayFacts } from './shell/tray-status.js';
import type { AppTray } from './shell/tray.js';
import { guardSession, MainWindow } from './shell/windows.js';
import { realWatchClock } from './shell/watcher.js';
import { World } from './shell/world.js';
import { translator } from './text/index.js';

interface Boot {
  readonly tray: AppTray;
  /** Puts the app's own answer in the place of the first one, which only kept what was asked. */
  readonly obeyed: (obey: (command: TrayCommand) => void) => void;
  readonly options: Switches;
  /** The folder of what was built, and that of the icons. */
  readonly built: string;
  readonly assets: string;
}

/** Vite's server while developing. */
const development = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];

export async function compose({ tray, obeyed, options, built, assets }: Boot): Promise<void> {
  const userData = app.getPath('userData');
  const logFolder = path.join(userData, 'logs');
  const log = startLog(logFolder, { toConsole: !app.isPackaged && process.env['NODE_ENV'] !== 'test' });
  const failed = (what: string, error: unknown): void => log.error(`${what}:`, error);
  // Never in an installed app: which program runs is not a matter of the environment there.
  const engine = app.isPackaged ? undefined : engineOf(process.env);
  const file = new SettingsFile(userData);
  const store = new AppStore(firstState(file), (change) => {
    window.send({ kind: 'state', state: change });
    showTray();
  });
  const t = () => translator(store.state.language);
  const awake = new Awake();
  const memory = new MemoryHistory();
  let world: World | undefined;
  let keptChanges: KeptChanges | undefined;
  let applied = new AppliedCheckpoints();
  const opened = (): World => {
    if (!world) throw new Error('no machines are open yet');
    return world;
  };

  // ── What people see ──
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
    closed: () => setTimeout(() => window.current ?? giveBackMemory(), 2000),
    failed: (what) => log.error('window:', what),
  });
  let uses: Uses = new Map();
  let isLeaving = false;
  const trayFacts = (): TrayFacts => {
    const { connection, machine, source, drifts, isFailing } = store.state;
    uses = usesOf(machine, store.state.runs, uses);
    return {
      connection,
      machine,
      isSimulated: source.kind === 'simulated',
      busy: world?.runs.busyVms ?? new Set<string>(),
      hasCutShort: (world?.runs.cutShort.length ?? 0) > 0,
      drifts,
      isFailing,
      uses,
      isLeaving,
    };
  };
  const trayNow = () => {
    const facts = trayFacts();
    const tooltip = `${t()('app.name')} – ${trayStatus(facts, t())}`;
    return { icon: trayIcon(facts), menu: () => trayMenu(trayFacts(), t()), tooltip };
  };
  // A run of hundreds of VMs tells dozens of things a second: tray and drift follow it a few times a second.
  const showTray = coalesced(() => tray.show(trayNow()), 200, realWatchClock);
  const answers = new TrayAnswers({ state: () => store.state, world: opened, window, file, t, failed });

  // ── Where everything new arrives ──
  function heard(reading: Reading): void {
    memory.heard(reading.machine);
    applied.notice(reading);
    const patch = store.hear(reading);
    if (patch) window.send({ kind: 'machine', patch });
    // An idle tick changes nothing that the tray or a drift is made of.
    if (patch && isEmpty(patch)) return;
    if (patch) showTray();
    showDrifts();
  }

  const showDrifts = coalesced(readDrifts, 200, realWatchClock);
  function readDrifts(): void {
    const { machine, source, drifts: shown } = store.state;
    if (!world || !keptChanges) return;
    // A simulated PC begins anew each time: what earlier runs did to it was never undone by anybody.
    const records = source.kind === 'this-pc' ? world.runs.records : world.runs.ownRecords;
    const drifts = driftsIn({ machine, records, busy: world.runs.busyVms, kept: keptChanges.list, applied });
    if (JSON.stringify(drifts) !== JSON.stringify(shown)) store.change({ drifts });
  }

  function keepDrift(vm: string): void {
    const drift = store.state.drifts.find((one) => one.vm === vm);
    if (!drift || !keptChanges) return;
    try {
      keptChanges.keep(drift);
    } finally {
      // What could not be written down is kept until the app ends all the same.
      showDrifts();
    }
  }

  function runsChanged(): void {
    const { runs, running } = opened();
    store.keep({ runs: runs.records });
    if (running.join() === store.state.running.join()) showTray();
    else store.change({ running });
    showDrifts();
    awake.hold(runs.isBusy);
  }

  function connected(connection: Connection): void {
    log.info('session:', connection.kind, connection.kind === 'lost' ? connection.failure.kind : '');
    store.change({ connection });
  }

  async function openWorld(): Promise<void> {
    const old = world;
    world = undefined;
    await old?.close();
    const place = await openPlace({ settings: file.settings, ...options, userData, engine });
    log.info('source:', place.source.kind, place.source.kind === 'simulated' ? place.source.through : '');
    memory.clear();
    store.keep({ machine: null, guests: {}, drifts: [], isFailing: false, proof: null });
    keptChanges = new KeptChanges(place.journal);
    applied = new AppliedCheckpoints();
    const kept = new KeptAccounts(path.join(userData, 'accounts', `${path.basename(place.journal)}.json`), safeStorage);
    const guestsChanged = (): void =>
      store.change({ guests: world?.guests.states ?? {}, accounts: kept.list, canRemember: kept.canKeep });
    world = await World.open(place, {
      kept,
      guestsChanged,
      proved: (proof) => store.change({ proof }),
      appVersion: app.getVersion(),
      connected,
      heard,
      ran: (event) => {
        window.send({ kind: 'run', event });
        store.keep({ runs: world?.runs.records ?? [] });
      },
      recorded: (record) => {
        window.send({ kind: 'run-record', record });
        runsChanged();
        answers.ended(record);
      },
      unwritable: (fault) => {
        log.error('journal: cannot be written');
        const others = store.state.notices.filter(({ kind }) => kind !== 'journal-unwritable');
        store.change({ notices: [...others, { kind: 'journal-unwritable', fault }] });
      },
      failed: (error) => failed('reading', error),
      troubled: (isFailing) => {
        if (!isFailing) log.info('reading: works again');
        store.change({ isFailing });
      },
      idleSeconds: () => powerMonitor.getSystemIdleTime(),
    });
    world.watcher.setVisible(window.current?.isVisible() ?? false);
    const { runs, running } = world;
    guestsChanged();
    store.change({ source: place.source, machine: store.state.machine, runs: runs.records, running });
    showDrifts();
  }

  async function changeSettings(patch: SettingsPatch): Promise<Settings> {
    const { source, scenario } = file.settings;
    const isOther = (patch.source ?? source) !== source || (patch.scenario ?? scenario) !== scenario;
    // A run belongs to its world: it is not left in the middle for another.
    if (isOther && world?.runs.isBusy) throw new Error('a run is under way');
    if (patch.startWithWindows !== undefined) setAutostart(app, patch.startWithWindows);
    const settings = withAutostart(file.change(patch));
    nativeTheme.themeSource = settings.theme;
    store.change({ settings, language: languageOf(settings), theme: themeNow() });
    window.showTheme();
    if (isOther) await openWorld();
    return settings;
  }

  // ── What the window and the system ask ──
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
      keepDrift,
      memory,
      logFolder,
    }),
    refused: ({ why, call, fields, error }) => log.warn('refused:', why, call, fields?.join(' ') ?? '', error ?? ''),
  });
  guardSession(built, development);
  leaveInOrder({
    world: () => world,
    t,
    failed,
    waits: (isWaiting) => {
      isLeaving = isWaiting;
      showTray();
    },
  });
  sayFaults({ t, failed });
  nativeTheme.on('updated', () => {
    if (store.state.theme !== themeNow()) store.change({ theme: themeNow() });
    window.showTheme();
  });
  powerMonitor.on('suspend', () => world?.setPaused('asleep', true));
  powerMonitor.on('resume', () => world?.setPaused('asleep', false));
  powerMonitor.on('lock-screen', () => world?.setPaused('locked', true));
  powerMonitor.on('unlock-screen', () => world?.setPaused('locked', false));
  app.on('second-instance', () => window.show());
  app.on('window-all-closed', () => {
    if (file.settings.closeToTray) answers.hint();
    else app.quit();
  });

  obeyed((command) => answers.obey(command));
  showTray();
  if (!options.hidden) window.show();
  await openWorld();
}

const themeNow = (): AppState['theme'] => (nativeTheme.shouldUseDarkColors ? 'dark' : 'light');
const languageOf = ({ language }: Settings): AppState['language'] =>
  languageFor(language, app.getPreferredSystemLanguages());
const withAutostart = (settings: Settings): Settings => ({
  ...settings,
  startWithWindows: isAutostart(app) ?? settings.startWithWindows,
});

function firstState({ settings, setAside }: SettingsFile): AppState {
  nativeTheme.themeSource = settings.theme;
  const notices: readonly Notice[] = setAside === undefined ? [] : [{ kind: 'settings-set-aside', file: setAside }];
  return {
    version: app.getVersion(),
    language: languageOf(settings),
    theme: themeNow(),
    settings: withAutostart(settings),
    source: { kind: 'this-pc' },
    scenarios: scenarioNames,
    connection: { kind: 'starting' },
    machine: null,
    runs: [],
    running: [],
    notices,
    guests: {},
    accounts: [],
    canRemember: false,
    proof: null,
    drifts: [],
    isFailing: false,
  };
}
