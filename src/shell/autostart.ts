/** Starts with Windows: for this user only, hidden, never elevated. What Windows says is what counts, not what was stored. */

const args = ['--hidden'];

/** Of Electron's app. */
interface LoginItems {
  setLoginItemSettings(item: { openAtLogin: boolean; args: string[] }): void;
  getLoginItemSettings(item: { args: string[] }): { readonly openAtLogin: boolean };
}

const hasList = (platform: NodeJS.Platform): boolean => platform === 'win32' || platform === 'darwin';

/** The same program and arguments as it is asked about, or Windows finds no entry. */
export function setAutostart(app: LoginItems, isOn: boolean, platform = process.platform): boolean {
  if (!hasList(platform)) return isOn; // only remembered
  app.setLoginItemSettings({ openAtLogin: isOn, args });
  return isAutostart(app, platform) ?? isOn;
}

/** undefined: this system has no such list. */
export function isAutostart(app: LoginItems, platform = process.platform): boolean | undefined {
  return hasList(platform) ? app.getLoginItemSettings({ args }).openAtLogin : undefined;
}
