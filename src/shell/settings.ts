/** Settings on disk. A file that cannot be trusted is kept aside and said; one bad field never takes the others with it. */
import fs from 'node:fs';
import path from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import { purposes } from '../core/purposes.js';
import type { Settings } from '../ipc/schema.js';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

const fields = {
  language: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'light', 'dark']),
  startWithWindows: z.boolean(),
  closeToTray: z.boolean(),
  notifications: z.boolean(),
  source: z.enum(['auto', 'this-pc', 'simulated']),
  scenario: z.string().max(60),
  setup: z.strictObject({
    state: z.enum(['new', 'open', 'closed']),
    purpose: z.enum(purposes).nullable(),
    vm: z.string().max(36).nullable(),
  }),
} satisfies { [Name in keyof Settings]: z.ZodType<Settings[Name]> };

const whole = z.number().int().min(-100_000).max(100_000);
const bounds = z.strictObject({ x: whole, y: whole, width: whole, height: whole, maximized: z.boolean() });

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  startWithWindows: false,
  closeToTray: true,
  notifications: true,
  source: 'auto',
  scenario: 'workstation',
  setup: { state: 'new', purpose: null, vm: null },
};

/** Where a file was, somebody was here before: the setup is not pressed on them. */
const seen: Settings['setup'] = { ...defaultSettings.setup, state: 'closed' };

interface Kept {
  readonly settings: Settings;
  readonly window: Bounds | undefined;
  /** It was said that the app stays in the tray when its window is closed. */
  readonly isTrayKnown: boolean;
}

interface Stored extends Kept {
  /** Names of fields that did not fit and were replaced by their default. */
  readonly replaced: readonly string[];
}

/** What a settings file says, or null for one that is not ours: no JSON object, or none of our fields in it. */
function parseSettings(text: string): Stored | null {
  const file = jsonObject(text);
  if (!file) return null;
  const known = Object.keys(file).filter((name) => name === 'window' || Object.hasOwn(fields, name));
  if (known.length === 0) return null;
  const replaced: string[] = [];
  const field = <Value>(name: keyof Settings, type: z.ZodType<Value>, otherwise: Value): Value => {
    if (!Object.hasOwn(file, name)) return otherwise;
    const parsed = type.safeParse(file[name]);
    if (!parsed.success) replaced.push(name);
    return parsed.success ? parsed.data : otherwise;
  };
  const settings: Settings = {
    language: field('language', fields.language, defaultSettings.language),
    theme: field('theme', fields.theme, defaultSettings.theme),
    startWithWindows: field('startWithWindows', fields.startWithWindows, defaultSettings.startWithWindows),
    closeToTray: field('closeToTray', fields.closeToTray, defaultSettings.closeToTray),
    notifications: field('notifications', fields.notifications, defaultSettings.notifications),
    source: field('source', fields.source, defaultSettings.source),
    scenario: field('scenario', fields.scenario, defaultSettings.scenario),
    setup: field('setup', fields.setup, seen),
  };
  const window = bounds.safeParse(file['window']);
  if (!window.success && file['window'] !== undefined) replaced.push('window');
  // Anything else than true only has it said once more.
  return {
    settings,
    window: window.success ? window.data : undefined,
    isTrayKnown: file['trayKnown'] === true,
    replaced,
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export class SettingsFile {
  #stored: Kept;
  readonly #store: Store;
  /** Where a file that could not be used as it was is kept, if there was one. */
  readonly setAside: string | undefined;
  readonly replaced: readonly string[];

  constructor(folder: string, now: () => Date = () => new Date()) {
    const file = path.join(folder, 'settings.json');
    const { stored, setAside } = load(file, now);
    this.setAside = setAside;
    this.replaced = stored?.replaced ?? [];
    this.#stored = stored ?? {
      settings: setAside === undefined ? defaultSettings : { ...defaultSettings, setup: seen },
      window: undefined,
      isTrayKnown: false,
    };
    // Only after the file is known to be sound: electron-store throws at a truncated one, and can only wipe it silently.
    this.#store = new Store({ name: 'settings', cwd: folder, accessPropertiesByDotNotation: false });
  }

  get settings(): Settings {
    return this.#stored.settings;
  }

  get window(): Bounds | undefined {
    return this.#stored.window;
  }

  get isTrayKnown(): boolean {
    return this.#stored.isTrayKnown;
  }

  change(patch: { readonly [Name in keyof Settings]?: Settings[Name] | undefined }): Settings {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const settings: Settings = { ...this.#stored.settings, ...given };
    this.#stored = { ...this.#stored, settings };
    this.#write();
    return settings;
  }

  rememberWindow(window: Bounds): void {
    this.#stored = { ...this.#stored, window };
    this.#write();
  }

  knowTray(): void {
    this.#stored = { ...this.#stored, isTrayKnown: true };
    this.#write();
  }

  #write(): void {
    const { settings, window, isTrayKnown } = this.#stored;
    this.#store.store = { ...settings, ...(window && { window }), ...(isTrayKnown && { trayKnown: true }) };
  }
}

function load(file: string, now: () => Date): { stored?: Stored; setAside?: string } {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  const stored = parseSettings(text);
  if (stored?.replaced.length === 0) return { stored };
  const setAside = `${file}.broken-${now().toISOString().replaceAll(/[:.]/g, '-')}`;
  if (stored) fs.copyFileSync(file, setAside);
  else fs.renameSync(file, setAside);
  return stored ? { stored, setAside } : { setAside };
}
