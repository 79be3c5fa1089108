/** Starts: one instance, the icon in the tray as early as can be, then everything else (compose.ts). */
import path from 'node:path';
import { app } from 'electron';
import { languageFor } from './shell/language.js';
import { switches } from './shell/switches.js';
import { trayMenu, type TrayCommand } from './shell/tray-menu.js';
import { trayIcon, trayStatus } from './shell/tray-status.js';
import { AppTray } from './shell/tray.js';
import { registerScheme } from './shell/scheme.js';
import { translator } from './text/index.js';

app.setAppUserModelId('app.hypernest'); // as in electron-builder.yml: toasts need the shortcut of that id
registerScheme();
if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
else app.quit();

async function start(): Promise<void> {
  const assets = path.join(app.getAppPath(), 'assets');
  // Settings are not read yet: the first words are in the language of Windows.
  const t = translator(languageFor('system', app.getPreferredSystemLanguages()));
  const starting = {
    connection: { kind: 'starting' },
    machine: null,
    isSimulated: false,
    busy: new Set<string>(),
    hasCutShort: false,
    isFailing: false,
    drifts: [],
    uses: new Map<string, never>(),
    isLeaving: false,
  } as const;
  const asked: TrayCommand[] = [];
  let obey = (command: TrayCommand): void => void asked.push(command);
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
    options: switches(process.argv, app.isPackaged),
    built: path.resolve(import.meta.dirname, '..'),
    assets,
  });
}
