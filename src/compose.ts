/** The composition root: the only file that knows every part. What is read and what runs arrives here, and goes from here to all. */
import path from 'node:path';
import { app, ipcMain, nativeTheme, powerMonitor, safeStorage } from 'electron';
import { scenarioNames } from '../simulator/scenarios/scenarios.js';
import { isEmpty } from './core/machine/patch.js';
import { send, serve } from './ipc/main.js';
import type { AppState, Connection, FileNotice, Installation, Notice, Settings } from './ipc/schema.js';
import { engineOf, openPlace, scenarioFault } from './places.js';
import { AppStore } from './shell/app-state.js';
import { isAutostart, setAutostart } from './shell/autostart.js';
import { Awake } from './shell/awake.js';
import { ChromiumFaults } from './shell/chromium-faults.js';
import { coalesced } from './shell/coalesce.js';
import { AppliedCheckpoints, driftsNow } from './shell/drift.js';
import { handlers, type SettingsPatch } from './shell/handlers.js';
import { Holder } from './shell/holder.js';
import { installationOf, tryWriting } from './shell/installation.js';
import { KeptAccounts } from './shell/kept-accounts.js';
import { KeptChanges } from './shell/kept-changes.js';
import { languageFor } from './shell/language.js';
import { askAboutPage, leaveInOrder } from './shell/leaving.js';
import { startLog } from './shell/log.js';
import { giveBackMemory } from './shell/memory.js';
import { MemoryHistory } from './shell/memory-history.js';
import { appOrigin } from './shell/page-server.js';
import type { Reading } from './shell/reader.js';
import { Questions } from './shell/questions.js';
import { usesOf, type Uses } from './shell/recent.js';
import type { Keeping } from './shell/saving.js';
import { heedSessionEnd, holdTitle } from './shell/session-end.js';
import { Sparing } from './shell/sparing.js';
import { SettingsFile } from './shell/settings.js';
import { plainArguments, type Switches } from './shell/switches.js';
import { TrayAnswers } from './shell/tray-answers.js';
import { longestInMenu, trayMenu, type TrayCommand } from './shell/tray-menu.js';
import { trayIcon, trayStatus, type TrayFacts } from './shell/tray-status.js';
import type { AppTray } from './shell/tray.js';
import { guardSession, MainWindow } from './shell/windows.js';
import { realWatchClock } from './shell/watcher.js';
import { World } from './shell/world.js';
import { translator, type Translator } from './text/index.js';

interface Boot {
  readonly tray: AppTray;
  /** Puts the app's own answer in the place of the first one, which only kept what was asked. */
  readonly obeyed: (obey: (command: TrayCommand) => void) => void;
  readonly options: Switches;
  /** The folder of what was built, and that of the icons. */
  readonly built: string;
  readonly assets: string;
  /** The folder of all that the app keeps. */
  readonly data: string;
  /** How faults are said: from now on in the language of the settings, and in the log. */
  readonly voice: { t: () => Translator; failed: (what: string, error: unknown) => void };
}

/** Vite's server while developing. */
const development = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];

export async function compose({ tray, obeyed, options, built, assets, data, voice }: Boot): Promise<void> {
  const fault = scenarioFault(options.scenario);
  if (fault !== undefined) {
    console.error(fault);
    return app.exit(2);
  }
  const logFolder = path.join(data, 'logs');
  const keeping = (kind: FileNotice): Keeping => ({
    tell: (fault) => (fault ? store.say({ kind, fault }) : store.unsay(kind)),
    after: (milliseconds, act) => realWatchClock.after(milliseconds, act),
  });
  const { tell } = keeping('log-unwritable');
  const log = startLog(logFolder, { toConsole: !app.isPackaged && process.env['NODE_ENV'] !== 'test', tell });
  const failed = (what: string, error: unknown): void => log.error(`${what}:`, error);
  // Never in an installed app: which program runs is not a matter of the environment there.
  const engine = app.isPackaged ? undefined : engineOf(process.env);
  const file = new SettingsFile(data, keeping('settings-unwritable'));
  const tried = app.isPackaged ? await tryWriting(app.getPath('exe'), process.resourcesPath) : [];
  const installation = options.isUserCopy ? 'for-this-user' : installationOf(app.isPackaged, tried);
  const store = new AppStore(firstState(file, installation), (change) => {
    window.send({ kind: 'state', state: change });
    showTray();
  });
  const t = () => translator(store.state.language, { longestName: longestInMenu });
  const awake = new Awake();
  const memory = new MemoryHistory();
  let world: World | undefined;
  let keptChanges: KeptChanges | undefined;
  let kept: KeptAccounts | undefined;
  let applied = new AppliedCheckpoints();
  const opened = (): World => {
    if (!world) throw new Error('no machines are open yet');
    return world;
  };

  const sparing = new Sparing(() => performance.now());
  const mayOpen = () => sparing.mayOpen();

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
    visibleChanged: (isVisible) => {
      world?.watcher.setVisible(isVisible);
      holdUp();
    },
    closed: () => {
      setTimeout(() => window.current ?? giveBackMemory(), 2000);
      if (quitting.hasLeft) return;
      if (file.settings.closeToTray) answers.hint();
      else app.quit();
    },
    pageEnded: () => void faults.pageEnded(),
    heed: (target) => heedSessionEnd(target, leaving),
    used: () => {
      sparing.pressed();
      world?.used();
    },
    failed: (what) => log.error('window:', what),
  });
  const faults = new ChromiumFaults({
    isPlain: options.isPlain,
    runs: () => world?.runs,
    reload: () => window.reload(),
    close: () => window.end(),
    notice: (kind) => store.say({ kind }),
    ask: () => askAboutPage(t(), options.isPlain),
    restart: () => {
      app.relaunch({ args: plainArguments(process.argv, window.current !== undefined) });
      app.quit();
    },
    now: () => performance.now(),
  });
  const leaving = { isBusy: () => world?.runs.isBusy ?? false, leave: () => void quitting.leaveSafely() };
  const holder = new Holder({
    icon: path.join(assets, 'app-256.png'),
    heed: (target) => heedSessionEnd(target, leaving),
    opened: () => window.show(),
  });
  /** Windows can be held up by a window only, and says its title. */
  function holdUp(): void {
    const why = holdTitle(world?.runs.busyVms ?? new Set(), store.state.machine, t());
    window.say(why);
    holder.show(process.platform === 'win32' && !window.current ? why : undefined);
  }
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

  voice.t = t;
  voice.failed = failed;

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
    const { machine, source, drifts: shown, connection } = store.state;
    if (!world || !keptChanges) return;
    // A simulated PC begins anew each time: what earlier runs did to it was never undone by anybody.
    const records = source.kind === 'this-pc' ? world.runs.records : world.runs.ownRecords;
    const known = { machine, records, busy: world.runs.busyVms, kept: keptChanges.list, applied };
    const drifts = driftsNow(known, connection, shown);
    if (JSON.stringify(drifts) !== JSON.stringify(shown)) store.change({ drifts });
  }

  function keepDrift(vm: string): void {
    const drift = store.state.drifts.find((one) => one.vm === vm);
    if (!drift || !keptChanges) return;
    keptChanges.keep(drift);
    showDrifts();
  }

  function runsChanged(): void {
    const { runs, running } = opened();
    store.keep({ runs: runs.records });
    if (running.join() === store.state.running.join()) showTray();
    else store.change({ running });
    showDrifts();
    awake.hold(runs.isBusy);
    holdUp();
  }

  function connected(connection: Connection): void {
    log.info('session:', connection.kind, connection.kind === 'lost' ? connection.failure.kind : '');
    store.change({ connection });
  }

  async function openWorld(): Promise<void> {
    const old = world;
    world = undefined;
    await old?.close();
    const owner = () => window.current?.getNativeWindowHandle().readBigUInt64LE();
    const place = await openPlace({ settings: file.settings, ...options, userData: data, engine, owner });
    log.info('source:', place.source.kind, place.source.kind === 'simulated' ? place.source.through : '');
    memory.clear();
    store.keep({ machine: null, guests: {}, drifts: [], isFailing: false, proof: null });
    closeFiles();
    keptChanges = new KeptChanges(place.journal, keeping('kept-changes-unusable'));
    applied = new AppliedCheckpoints();
    const accounts = path.join(data, 'accounts', `${path.basename(place.journal)}.json`);
    const keptHere = new KeptAccounts(accounts, safeStorage, keeping('accounts-unusable'));
    kept = keptHere;
    const guestsChanged = (): void =>
      store.change({ guests: world?.guests.states ?? {}, accounts: keptHere.list, canRemember: keptHere.canKeep });
    world = await World.open(place, {
      kept: keptHere,
      guestsChanged,
      proved: (proof) => store.change({ proof }),
      appVersion: app.getVersion(),
      installation,
      unusedLimit: options.unusedLimit,
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
        store.say({ kind: 'journal-unwritable', fault });
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

  /** Of one source. What they could not write yet is tried once more. */
  function closeFiles(): void {
    keptChanges?.close();
    kept?.close();
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
      questions: new Questions({ window: () => window.current, t, mayOpen }),
      mayOpen,
      logFolder,
      unwritten: () => log.unwritten(),
    }),
    refused: ({ why, call, fields, error }) => log.warn('refused:', why, call, fields?.join(' ') ?? '', error ?? ''),
  });
  guardSession(built, development);
  const quitting = leaveInOrder({
    world: () => world,
    t,
    failed,
    waits: (isWaiting) => {
      isLeaving = isWaiting;
      showTray();
    },
  });
  app.on('quit', () => {
    closeFiles();
    file.close();
  });
  nativeTheme.on('updated', () => {
    if (store.state.theme !== themeNow()) store.change({ theme: themeNow() });
    window.showTheme();
  });
  powerMonitor.on('suspend', () => world?.setPaused('asleep', true));
  powerMonitor.on('resume', () => world?.setPaused('asleep', false));
  powerMonitor.on('lock-screen', () => world?.setPaused('locked', true));
  powerMonitor.on('unlock-screen', () => world?.setPaused('locked', false));
  // The app goes on in the tray; what closing the window means is said where it is closed.
  app.on('window-all-closed', () => undefined);
  app.on('child-process-gone', (_event, { type, reason }) => {
    log.error('process:', type, reason);
    if (type === 'GPU') void faults.gpuEnded(reason);
  });
  if (options.isPlain) store.say({ kind: 'without-gpu' });

  obeyed((command) => {
    world?.used();
    answers.obey(command);
  });
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

function firstState({ settings, setAside, fault }: SettingsFile, installation: Installation): AppState {
  nativeTheme.themeSource = settings.theme;
  const notices: readonly Notice[] = [
    ...(setAside === undefined ? [] : [{ kind: 'settings-set-aside' as const, file: setAside }]),
    ...(fault === undefined ? [] : [{ kind: 'settings-unreadable' as const, fault }]),
  ];
  return {
    version: app.getVersion(),
    installation,
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
