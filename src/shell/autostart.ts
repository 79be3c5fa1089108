/** Starts with Windows: for this user only, hidden, never elevated. What Windows says is what counts, not what was stored. */
import type { App } from 'electron';

const args = ['--hidden'];

/** The same program and arguments as it is asked about, or Windows finds no entry. */
export function setAutostart(app: App, isOn: boolean): boolean {
  if (process.platform !== 'win32' && process.platform !== 'darwin') return isOn; // no such list: only remembered
  app.setLoginItemSettings({ openAtLogin: isOn, args });
  return isAutostart(app) ?? isOn;
}

/** undefined: this system has no such list. */
export function isAutostart(app: App): boolean | undefined {
  if (process.platform !== 'win32' && process.platform !== 'darwin') return undefined;
  return app.getLoginItemSettings({ args }).openAtLogin;
}
