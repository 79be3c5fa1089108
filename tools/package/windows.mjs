// The Windows that the package is tried on: programs, windows and the registry, asked through Windows PowerShell.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { verifySignature } from 'electron-updater/out/windowsExecutableCodeSignatureVerifier.js';

const current = 'Software\\Microsoft\\Windows\\CurrentVersion';

/** `ids`: appId and toastActivatorId of app-id.ts, and the guid of electron-builder.yml. */
export function windowsPc(setup, { appId, toastActivatorId, guid }) {
  const { ProgramFiles = '', LOCALAPPDATA = '', APPDATA = '', ProgramData = '', SystemRoot = '' } = process.env;
  const folder = path.join(ProgramFiles, 'Hypernest');
  const program = path.join(folder, 'Hypernest.exe');
  const menu = path.join('Microsoft', 'Windows', 'Start Menu', 'Programs', 'Hypernest.lnk');
  const settings = path.join(LOCALAPPDATA, 'Hypernest');
  const shell = path.join(SystemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const keys = {
    uninstall: `HKLM:\\${current}\\Uninstall\\${guid}`,
    toasts: `HKCU:\\Software\\Classes\\CLSID\\${toastActivatorId}`,
    link: 'HKLM:\\Software\\Classes\\hypernest',
  };
  const values = [`${current}\\Run`, `${current}\\Explorer\\StartupApproved\\Run`].map((key) => `HKCU:\\${key}`);

  /** What a line of PowerShell writes. */
  async function ask(line) {
    const { stdout } = await promisify(execFile)(shell, ['-NoProfile', '-NonInteractive', '-Command', line]);
    return stdout.trim();
  }
  const isTrue = async (line) => (await ask(line)) === 'True';
  const hasKey = (key) => isTrue(`Test-Path -LiteralPath '${key}'`);
  const hasValue = (key) =>
    isTrue(`$null -ne (Get-ItemProperty -LiteralPath '${key}' -Name '${appId}' -ErrorAction Ignore)`);
  const running = `Get-Process -Name Hypernest -ErrorAction Ignore | Where-Object Path -eq '${program}'`;
  const window = `${running} | Where-Object MainWindowHandle -ne 0`;
  async function exit(file, args) {
    const child = spawn(file, args, { stdio: 'ignore' });
    return (await once(child, 'exit'))[0];
  }
  const run = values[0];

  return {
    install: () => exit(setup, ['/S', '/allusers']),
    uninstall: (...more) => exit(path.join(folder, 'Uninstall Hypernest.exe'), ['/S', '/allusers', ...more]),
    start: () => void spawn(program, [], { stdio: 'ignore', detached: true }).unref(),
    startAgain: () => exit(program, []),
    hasProgram: () => fs.existsSync(program),
    hasSettings: () => fs.existsSync(settings),
    isRunning: () => isTrue(`[bool](${running})`),
    hasWindow: () => isTrue(`[bool](${window})`),
    closeWindow: () => ask(`${window} | ForEach-Object { [void]$_.CloseMainWindow() }`),
    installedVersion: () => ask(`(Get-ItemProperty -LiteralPath '${keys.uninstall}').DisplayVersion`),
    menuId: () => ask(`(Get-StartApps | Where-Object Name -eq 'Hypernest' | Select-Object -First 1).AppID`),
    hasTaskbar: () => isTrue('[bool](Get-Process -Name explorer -ErrorAction Ignore)'),
    // The taskbar writes down every program that has shown it an icon.
    hasTrayIcon: () => isTrue(`[bool](Get-ChildItem 'HKCU:\\Control Panel\\NotifyIconSettings' -ErrorAction Ignore | Get-ItemProperty | Where-Object ExecutablePath -like '*\\Hypernest\\Hypernest.exe')`), // prettier-ignore
    hasToastActivator: () => hasKey(keys.toasts),
    startAtSignIn: () => ask(`Set-ItemProperty -LiteralPath '${run}' -Name '${appId}' -Value '"${program}" --hidden'`),
    startsAtSignIn: () => hasValue(run),
    /** The name in the signature of Node.js; '': there is none. */
    publisher: () =>
      ask(`(Get-AuthenticodeSignature -LiteralPath '${process.execPath}').SignerCertificate | ForEach-Object { $_.GetNameInfo('SimpleName', $false) }`), // prettier-ignore
    /** Why electron-updater takes a file for no update of that publisher; null: it does. */
    whyNoUpdate: (publisher, file) =>
      verifySignature([publisher], { node: process.execPath, setup }[file], { info: () => undefined, warn: () => undefined }), // prettier-ignore
    /** Files, keys and values of it but its settings. */
    async left() {
      const files = [
        folder,
        path.join(ProgramData, menu),
        path.join(APPDATA, menu),
        path.join(APPDATA, 'Hypernest'),
        path.join(LOCALAPPDATA, 'hypernest-updater'),
      ];
      const found = files.filter((file) => fs.existsSync(file));
      for (const key of Object.values(keys)) if (await hasKey(key)) found.push(key);
      for (const key of values) if (await hasValue(key)) found.push(`${key} ${appId}`);
      return found;
    },
    /** Half a minute: each look takes about a second by itself. */
    async until(check) {
      const end = Date.now() + 30_000;
      for (;;) {
        if (await check()) return true;
        if (Date.now() > end) return false;
        await after(500);
      }
    },
  };
}
