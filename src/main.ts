/** Starts: one instance, the icon in the tray as early as can be, then everything else (compose.ts). */
import type { VmRef } from './core/cmdlets/ref.js';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { app, dialog } from 'electron';
import { appId, toastActivatorId } from './shell/app-id.js';
import { handedFor, startOf, wordsOf, type Start } from './shell/command-line.js';
import { dataFolder, passingFolder, takesFiles } from './shell/data-folder.js';
import { languageFor } from './shell/language.js';
import { sayFaults } from './shell/leaving.js';
import { sayNotStarted } from './shell/not-started.js';
import { foreignSwitches, switches } from './shell/switches.js';
import { longestInMenu, trayMenu, type Asked } from './shell/tray-menu.js';
import { trayIcon, trayStatus } from './shell/tray-status.js';
import { AppTray } from './shell/tray.js';
import { registerScheme } from './shell/scheme.js';
import { learn, translator } from './text/index.js';

// Code made before it runs, or anew for what runs now and then, costs more memory all day than it saves time here.
setFlagsFromString('--max-lazy');
setFlagsFromString('--no-sparkplug');

const systemLanguage = languageFor('system', app.getPreferredSystemLanguages());
await learn(systemLanguage);

/** How faults are said: until the settings are read in the language of Windows, and where there is no log yet to who watches. */
const voice = {
  t: () => translator(systemLanguage, { longestName: longestInMenu }),
  failed: (what: string, error: unknown): void => console.error(`${what}:`, error),
};
sayFaults({ t: () => voice.t(), failed: (what, error) => voice.failed(what, error) });

/** What is asked before there is somebody to answer, by the tray or by a second start. */
const asked: Asked[] = [];
let obey = (command: Asked): void => {
  if (command.kind === 'quit') app.quit();
  else asked.push(command);
};

app.setAppUserModelId(appId); // toasts need the shortcut of that id
// One for all times: a toast of an earlier start still finds the app.
if (process.platform === 'win32') app.setToastActivatorCLSID(toastActivatorId);
registerScheme();
const options = switches(process.argv, app.isPackaged);
if (options.isPlain) app.disableHardwareAcceleration();
// What Chromium was told by the environment (ELECTRON_DISABLE_SANDBOX) is a switch here too.
const isOpen = app.commandLine.hasSwitch('no-sandbox');
const foreign = app.isPackaged ? foreignSwitches(process.argv, process.platform) : [];
const start = startOf(wordsOf(process.argv, app.isPackaged), app.isPackaged);
if (app.isPackaged && (isOpen || foreign.length > 0)) refuse(foreign.length > 0 ? foreign : ['--no-sandbox']);
else if (start.kind === 'command' || start.kind === 'wrong')
  answerConsole(start).catch((error: unknown) => {
    voice.failed('command', error);
    app.exit(1);
  });
else {
  const data = whereData();
  choosePlace(data);
  const handed = handedFor(start);
  if (app.requestSingleInstanceLock(handed)) {
    if (handed.kind !== 'show') asked.push({ kind: 'handed', data: handed });
    begin(data);
  } else {
    // Who started it from a console would see nothing but its end.
    if (!app.isPackaged) console.log(`Hypernest runs already with the profile ${data}: its window is in front now.`);
    app.quit();
  }
}

/** Who typed it gets an answer, and no window. */
async function answerConsole(start: Extract<Start, { readonly kind: 'command' | 'wrong' }>): Promise<void> {
  // Before anything is waited for: Chromium begins meanwhile.
  app.disableHardwareAcceleration();
  const data = whereData();
  const passing = passingFolder(app.getPath('temp'));
  // Electron makes the folder of its own choice where none is chosen.
  for (const what of ['userData', 'sessionData'] as const) app.setPath(what, passing);
  const { runCommand } = await import('./command.js');
  await runCommand({ start, options, data, choosePlace: () => choosePlace(data) });
}

function begin(data: string): void {
  // As root it cannot be (tests on Linux).
  if (!isOpen) app.enableSandbox();
  // What it was started with is data: its words are read by itself, and handed on by their meaning.
  app.on('second-instance', (_event, _words, _folder, data) => obey({ kind: 'handed', data }));
  app
    .whenReady()
    .then(() => open(data))
    .catch((error: unknown) => {
      voice.failed('start', error);
      return sayNotStarted(error, voice.t());
    });
}

/** The folder of the app's own files. Chromium must have a place; what the app cannot write there it keeps in memory, and says so. */
function choosePlace(data: string): void {
  app.setPath('userData', takesFiles(data) ? data : path.join(app.getPath('temp'), app.getName()));
}

function whereData(): string {
  const isGiven = app.commandLine.hasSwitch('user-data-dir');
  return dataFolder({
    platform: process.platform,
    env: process.env,
    home: app.getPath('home'),
    // Asked for its own, Electron makes the folder: on Windows one that follows the account, and that nobody uses.
    userData: isGiven ? app.getPath('userData') : path.join(app.getPath('appData'), app.getName()),
    isGiven,
    isPackaged: app.isPackaged,
  });
}

/** Before anything of Chromium is up that a switch could have opened. Who typed a command reads no dialog. */
function refuse(names: readonly string[]): void {
  const why = voice.t()('tray.switchRefused', { switches: names.join(' ') });
  if (start.kind === 'command' || start.kind === 'wrong') console.error(why);
  else dialog.showErrorBox(voice.t()('app.name'), why);
  app.exit(2);
}

async function open(data: string): Promise<void> {
  const assets = path.join(app.getAppPath(), 'assets');
  const t = voice.t();
  const starting = {
    connection: { kind: 'starting' },
    machine: null,
    isSimulated: false,
    busy: new Set<VmRef>(),
    hasCutShort: false,
    isFailing: false,
    drifts: [],
    uses: new Map<string, never>(),
    lastChange: undefined,
    isLeaving: false,
  } as const;
  const first = { icon: trayIcon(starting), menu: () => trayMenu(starting, t), tooltip: trayStatus(starting, t) };
  const tray = new AppTray(first, { assets, command: (command) => obey(command) });

  // Only now: reading and compiling the rest takes longer than all before.
  const { compose } = await import('./compose.js');
  await compose({
    tray,
    obeyed: (answer) => {
      obey = answer;
      asked.splice(0).forEach(answer);
    },
    options,
    built: path.resolve(import.meta.dirname, '..'),
    assets,
    data,
    voice,
  });
}
