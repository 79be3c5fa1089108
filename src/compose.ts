/** The composition root: the only file that knows every part. What is read and what runs arrives here, and goes from here to all. */
import type { HostId, VmRef } from './core/cmdlets/ref.js';
import path from 'node:path';
import { app, ipcMain } from 'electron';
import { scenarioNames } from '../simulator/scenarios/scenarios.js';
import { send, serve } from './ipc/main.js';
import type { FileNotice } from './ipc/notices.js';
import { HostPlaces } from './host-places.js';
import { engineOf, openPlace, scenarioFault } from './places.js';
import { aboutTarget } from './shell/about.js';
import { AppStore } from './shell/app-state.js';
import { changeSettings, firstState, followSystem, languageOf, type Parts } from './shell/following.js';
import { Awake } from './shell/awake.js';
import { ChromiumFaults } from './shell/chromium-faults.js';
import { coalesced } from './shell/coalesce.js';
import { handlers } from './shell/handlers.js';
import { Holder } from './shell/holder.js';
import type { HostBook } from './shell/host-book.js';
import { installationOf, tryWriting } from './shell/installation.js';
import { askAboutPage, leaveInOrder } from './shell/leaving.js';
import { startLog, type Log } from './shell/log.js';
import { giveBackMemory } from './shell/memory.js';
import { obeying, outsideOf, tellOf } from './shell/obeying.js';
import type { OpenHosts } from './shell/open-hosts.js';
import { opening } from './shell/opening.js';
import type { Outside } from './shell/outside.js';
import { appOrigin } from './shell/page-server.js';
import { Questions } from './shell/questions.js';
import { repository } from './shell/repository.js';
import type { Keeping } from './shell/saving.js';
import { heedSessionEnd, holdTitle } from './shell/session-end.js';
import { Sparing } from './shell/sparing.js';
import { SettingsFile } from './shell/settings.js';
import { plainArguments, type Switches } from './shell/switches.js';
import { TrayAnswers } from './shell/tray-answers.js';
import { longestInMenu, type Asked } from './shell/tray-menu.js';
import { trayFactsOf, trayLook } from './shell/tray-facts.js';
import type { AppTray } from './shell/tray.js';
import type { Updates } from './shell/updates.js';
import { published, updatesOf } from './shell/updating.js';
import { guardSession, MainWindow } from './shell/windows.js';
import { realWatchClock } from './shell/watcher.js';
import { learn, translator, type Translator } from './text/index.js';

interface Boot {
  readonly tray: AppTray;
  /** Puts the app's own answer in the place of the first one, which only kept what was asked. */
  readonly obeyed: (obey: (asked: Asked) => void) => void;
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

const downloads = (): string => app.getPath('downloads');

export async function compose({ tray, obeyed, options, built, assets, data, voice }: Boot): Promise<void> {
  const fault = scenarioFault(options.scenario);
  if (fault !== undefined) return end(fault);
  const keeping = (kind: FileNotice): Keeping => ({
    tell: (fault) => (fault ? store.say({ kind, fault }) : store.unsay(kind)),
    after: (milliseconds, act) => realWatchClock.after(milliseconds, act),
  });
  const { log, logFolder, file, installation } = await openFiles(data, options, keeping);
  const failed = (what: string, error: unknown): void => log.error(`${what}:`, error);
  // Never in an installed app: which program runs is not a matter of the environment there.
  const engine = app.isPackaged ? undefined : engineOf(process.env);
  const known = { installation, scenarios: scenarioNames, ...published(installation) };
  const store = new AppStore(firstState(file, known), (change, host) => {
    window.send({ kind: 'state', state: change, ...(host && { host }) });
    if (host) return;
    showTray();
    outside.look();
  });
  const t = () => translator(store.state.language, { longestName: longestInMenu });
  const awake = new Awake();
  const placing = () => ({ settings: file.settings, ...options, userData: data, downloads, engine, owner });
  const beside = new HostPlaces({ placing, file, hosts: () => hosts, send: (event) => window.send(event) });
  const each = { store, data, keeping, log, failed, installation, unusedLimit: options.unusedLimit };
  const hosts: OpenHosts = opening({
    ...each,
    isWindowVisible: () => window.current?.isVisible() ?? false,
    known: () => beside.known,
    openPlace: () => openPlace(placing()),
    openHostPlace: (host) => beside.open(host),
    send: (event) => window.send(event),
    opened: () => outside.look(),
    changed: () => showTray(),
    runsChanged: () => holdUp(),
    ended: (record) => tellOf(record, answers, outside),
  });
  const owner = () => window.current?.getNativeWindowHandle().readBigUInt64LE();

  const sparing = new Sparing(() => performance.now());
  const mayOpen = () => sparing.mayOpen();

  // ── What people see ──
  const window = new MainWindow({
    built,
    icon: path.join(assets, 'app-256.png'),
    development,
    title: t()('app.name'),
    theme: () => store.state.theme,
    zoom: () => file.settings.zoom,
    saved: () => file.window,
    remember: (bounds) => file.rememberWindow(bounds),
    send: (target, event) => send(target.webContents, event),
    visibleChanged: (isVisible) => {
      hosts.setVisible(isVisible);
      holdUp();
    },
    closed: () => {
      outside.left();
      setTimeout(() => window.current ?? giveBackMemory(), 2000);
      if (quitting.hasLeft) return;
      if (file.settings.closeToTray) answers.hint();
      else app.quit();
    },
    pageEnded: () => void faults.pageEnded(),
    heed: (target) => heedSessionEnd(target, leaving),
    used: () => {
      sparing.pressed();
      hosts.used();
    },
    failed: (what) => log.error('window:', what),
  });
  const parts: Parts = { file, hosts, store, window };
  const faults = chromiumFaults(parts, t, options.isPlain);
  const leaving = { isBusy: () => hosts.runs?.isBusy ?? false, leave: () => void quitting.leaveSafely() };
  const holder = new Holder({
    icon: path.join(assets, 'app-256.png'),
    heed: (target) => heedSessionEnd(target, leaving),
    opened: () => window.show(),
  });
  /** A run or a look at the window has begun or ended. Windows can be held up by a window only, and says its title. */
  function holdUp(): void {
    awake.hold(hosts.runs?.isBusy ?? false);
    updates?.rest();
    const why = holdTitle(hosts.runs?.busyVms ?? new Set<VmRef>(), store.state.machine, t());
    window.say(why);
    holder.show(process.platform === 'win32' && !window.current ? why : undefined);
  }
  let isLeaving = false;
  const trayFacts = trayFactsOf(store, hosts, () => isLeaving);
  // A run of hundreds of VMs tells dozens of things a second: tray and drift follow it a few times a second.
  const showTray = coalesced(() => tray.show(trayLook(trayFacts, t)), 200, realWatchClock);
  const answers = new TrayAnswers({ state: () => store.state, hosts, window, file, t, failed });
  const outside = outsideOf(parts, failed);
  const updates = updatesOf({ ...parts, log, newer: (version) => answers.newer(version) });

  voice.t = t;
  voice.failed = failed;

  // ── What the window and the system ask ──
  answerWindow({ ...parts, t, mayOpen, log, logFolder, built, updates, outside, book: beside.book });
  guardSession(built, development);
  const quitting = leaveInOrder({
    hosts,
    t,
    failed,
    waits: (isWaiting) => {
      isLeaving = isWaiting;
      showTray();
    },
    stays: () => updates?.stays(),
  });
  followSystem(parts);
  hearProcesses(log, faults);
  if (options.isPlain) store.say({ kind: 'without-gpu' });

  obeyed(obeying(parts, answers, outside));
  showTray();
  if (!options.hidden) window.show();
  await hosts.open();
}

/** A command line that means nothing: said to who typed it. */
function end(fault: string): void {
  console.error(fault);
  app.exit(2);
}

async function openFiles(data: string, { isUserCopy }: Switches, keeping: (kind: FileNotice) => Keeping) {
  const logFolder = path.join(data, 'logs');
  const toConsole = !app.isPackaged && process.env['NODE_ENV'] !== 'test';
  const log = startLog(logFolder, { toConsole, tell: keeping('log-unwritable').tell });
  const file = new SettingsFile(data, keeping('settings-unwritable'));
  await learn(languageOf(file.settings));
  const tried = app.isPackaged ? await tryWriting(app.getPath('exe'), process.resourcesPath) : [];
  const installation = isUserCopy ? 'for-this-user' : installationOf(app.isPackaged, tried);
  return { log, logFolder, file, installation } as const;
}

function hearProcesses(log: Log, faults: ChromiumFaults): void {
  app.on('child-process-gone', (_event, { type, reason }) => {
    log.error('process:', type, reason);
    if (type === 'GPU') void faults.gpuEnded(reason);
  });
}

function chromiumFaults({ hosts, store, window }: Parts, t: () => Translator, isPlain: boolean): ChromiumFaults {
  return new ChromiumFaults({
    isPlain,
    runs: () => hosts.runs,
    reload: () => window.reload(),
    close: () => window.end(),
    notice: (kind) => store.say({ kind }),
    ask: () => askAboutPage(t(), isPlain),
    restart: () => {
      app.relaunch({ args: plainArguments(process.argv, window.current !== undefined) });
      app.quit();
    },
    now: () => performance.now(),
  });
}

interface Answering extends Parts {
  readonly outside: Outside;
  readonly t: () => Translator;
  readonly mayOpen: () => boolean;
  readonly log: Log;
  readonly logFolder: string;
  readonly built: string;
  readonly updates: Updates | undefined;
  readonly book: HostBook;
}

function answerWindow({ t, mayOpen, log, logFolder, built, updates, outside, book, ...parts }: Answering): void {
  const { hosts, store, window } = parts;
  const installed = app.isPackaged ? path.dirname(app.getPath('exe')) : null;
  serve(ipcMain, {
    origin: development === undefined ? appOrigin : new URL(development).origin,
    own: (contents) => contents === window.current?.webContents,
    handlers: handlers({
      store,
      worlds: hosts,
      book,
      t,
      window: () => window.current,
      listens: () => window.listens(),
      changeSettings: async (patch) => {
        const before = parts.file.settings.updates;
        const settings = await changeSettings(patch, parts);
        if (settings.updates !== before) updates?.wished();
        return settings;
      },
      keepDrift: (vm) => hosts.keepDrift(vm),
      memory: (host: HostId) => hosts.source(host).memory,
      questions: new Questions({ window: () => window.current, t, mayOpen }),
      mayOpen,
      about: (what) => aboutTarget(what, { repository, installed, source: app.getAppPath(), built }),
      update: (act) => (act === 'look' ? void updates?.look() : updates?.install()),
      logFolder,
      reviewLeft: (review) => outside.left(review),
      whileStarting: (start) => outside.whileStarting(start),
      unwritten: () => log.unwritten(),
    }),
    refused: ({ why, call, fields, error }) => log.warn('refused:', why, call, fields?.join(' ') ?? '', error ?? ''),
  });
}
