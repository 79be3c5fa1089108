/** Starts with Windows: for this user only, hidden, never elevated. What Windows will do is what counts, not what was stored. */

import { appId } from './app-id.js';

const args = ['--hidden'];

interface LaunchItem {
  readonly name?: string;
  readonly args: readonly string[];
  readonly scope: string;
  /** Neither Task Manager nor Windows' settings have turned it off. */
  readonly enabled: boolean;
}
/** Of Electron's app. */
interface LoginItems {
  setLoginItemSettings(item: { openAtLogin: boolean; args: string[] }): void;
  getLoginItemSettings(item: { args: string[] }): {
    readonly openAtLogin: boolean;
    /** Windows only, as is the one below. */
    readonly executableWillLaunchAtLogin?: boolean;
    readonly launchItems?: readonly LaunchItem[];
  };
}

/** `off-in-windows`: the entry is there, and Task Manager or Windows' settings have turned it off. */
export type Autostart = 'on' | 'off' | 'off-in-windows';

const hasList = (platform: NodeJS.Platform): boolean => platform === 'win32' || platform === 'darwin';

/** The same program and arguments as it is asked about, or Windows finds no entry. Turning it on allows it in Windows, too. */
export function setAutostart(app: LoginItems, isOn: boolean, platform = process.platform): void {
  if (hasList(platform)) app.setLoginItemSettings({ openAtLogin: isOn, args });
}

/** undefined: this system has no such list, so it is only remembered. */
export function autostartOf(app: LoginItems, platform = process.platform): Autostart | undefined {
  if (!hasList(platform)) return undefined;
  const { openAtLogin, executableWillLaunchAtLogin, launchItems = [] } = app.getLoginItemSettings({ args });
  // openAtLogin stays true after Windows has turned the entry off (electron#20122).
  if (!openAtLogin) return 'off';
  const own = launchItems.filter(({ scope }) => scope === 'user');
  // Paths are cut at their first blank on both sides: below C:\Program Files others' entries pass for ours (openwhispr#2058).
  const named = own.filter(({ name }) => name === appId);
  const exact = own.filter((item) => item.args.join(' ') === args.join(' '));
  const items = [named, exact].find((some) => some.length > 0) ?? own;
  // Without an entry of its own: true for any arguments, and for an entry of all users.
  const willStart = items.length > 0 ? items.some(({ enabled }) => enabled) : (executableWillLaunchAtLogin ?? true);
  return willStart ? 'on' : 'off-in-windows';
}
