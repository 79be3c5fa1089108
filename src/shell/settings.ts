/** Settings on disk. A file that cannot be trusted is kept aside and said; one bad field never takes the others with it. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isHostText, isIdText, isRefText, thisPc, type HostId, type VmRef } from '../core/cmdlets/ref.js';
import { purposes } from '../core/checks/purposes.js';
import { LONGEST_ADDRESS, LONGEST_LABEL, type KnownHost } from '../core/machine/hosts.js';
import type { FileFault } from '../ipc/notices.js';
import type { Settings } from '../ipc/schema.js';
import type { UpdateWish } from '../ipc/updates.js';
import { languageTags } from '../text/index.js';
import { faultOf, patiently, replaceFileSync } from './replace-file.js';
import { Saving, type Keeping } from './saving.js';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

const fields = {
  language: z.enum(['system', ...languageTags]),
  theme: z.enum(['system', 'light', 'dark']),
  zoom: z.int().min(50).max(400),
  startWithWindows: z.boolean(),
  closeToTray: z.boolean(),
  notifications: z.boolean(),
  updates: z.enum(['never', 'tell', 'install'] satisfies UpdateWish[]),
  source: z.enum(['auto', 'this-pc', 'simulated']),
  scenario: z.string().max(60),
  setup: z.strictObject({
    state: z.enum(['new', 'open', 'closed']),
    purpose: z.enum(purposes).nullable(),
    vm: z.custom<VmRef>((ref) => isRefText(ref, 1)).nullable(),
  }),
} satisfies { [Name in keyof Settings]: z.ZodType<Settings[Name]> };

/** Another one has no way to it: an address is parsed again where it is used. */
const hostSchema = z.object({
  id: z.custom<HostId>((id) => isHostText(id) && id !== thisPc),
  address: z.string().max(LONGEST_ADDRESS),
  label: z.string().min(1).max(LONGEST_LABEL),
  machine: z.string().refine(isIdText),
  name: z.string().min(1),
  isRemoved: z.literal(true).exactOptional(),
});

/** Those that fit, each once, and whether these are all. */
function hostsOf(list: unknown): { readonly hosts: readonly KnownHost[]; readonly isWhole: boolean } {
  if (!Array.isArray(list)) return { hosts: [], isWhole: list === undefined };
  const read = list.flatMap((one: unknown) => hostSchema.safeParse(one).data ?? []);
  const hosts = [...new Map(read.map((host) => [host.id, host])).values()];
  return { hosts, isWhole: hosts.length === list.length };
}

const whole = z.number().int().min(-100_000).max(100_000);
const bounds = z.strictObject({ x: whole, y: whole, width: whole, height: whole, maximized: z.boolean() });

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  zoom: 100,
  startWithWindows: false,
  closeToTray: true,
  notifications: true,
  updates: 'never',
  source: 'auto',
  scenario: 'workstation',
  setup: { state: 'new', purpose: null, vm: null },
};

/** Where a file was, somebody was here before: the setup is not pressed on them. */
const seen: Settings['setup'] = { ...defaultSettings.setup, state: 'closed' };

interface Kept {
  readonly settings: Settings;
  readonly hosts: readonly KnownHost[];
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
  const known = Object.keys(file).filter(
    (name) => name === 'window' || name === 'hosts' || Object.hasOwn(fields, name),
  );
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
    zoom: field('zoom', fields.zoom, defaultSettings.zoom),
    startWithWindows: field('startWithWindows', fields.startWithWindows, defaultSettings.startWithWindows),
    closeToTray: field('closeToTray', fields.closeToTray, defaultSettings.closeToTray),
    notifications: field('notifications', fields.notifications, defaultSettings.notifications),
    updates: field('updates', fields.updates, defaultSettings.updates),
    source: field('source', fields.source, defaultSettings.source),
    scenario: field('scenario', fields.scenario, defaultSettings.scenario),
    setup: field('setup', fields.setup, seen),
  };
  const { hosts, isWhole } = hostsOf(file['hosts']);
  if (!isWhole) replaced.push('hosts');
  const window = bounds.safeParse(file['window']);
  if (!window.success && file['window'] !== undefined) replaced.push('window');
  // Anything else than true only has it said once more.
  return {
    settings,
    hosts,
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
  readonly #file: string;
  readonly #saving: Saving;
  /** Where a file that could not be used as it was is kept, if there was one. */
  readonly setAside: string | undefined;
  /** Why it can neither be used nor put aside. It may be sound: nothing is written over it, changes last until the app ends. */
  readonly fault: FileFault | undefined;
  readonly replaced: readonly string[];

  constructor(folder: string, keeping: Keeping, now: () => Date = () => new Date()) {
    this.#file = path.join(folder, 'settings.json');
    const { stored, setAside, fault } = load(this.#file, now);
    this.setAside = setAside;
    this.fault = fault;
    this.replaced = stored?.replaced ?? [];
    this.#stored = stored ?? {
      settings: setAside === undefined && fault === undefined ? defaultSettings : { ...defaultSettings, setup: seen },
      hosts: [],
      window: undefined,
      isTrayKnown: false,
    };
    this.#saving = new Saving({ ...keeping, file: this.#file, write: () => this.#write() });
  }

  get settings(): Settings {
    return this.#stored.settings;
  }

  /** Other PCs that were added. */
  get hosts(): readonly KnownHost[] {
    return this.#stored.hosts;
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
    this.#keep({ settings });
    return settings;
  }

  keepHosts(hosts: readonly KnownHost[]): void {
    this.#keep({ hosts });
  }

  rememberWindow(window: Bounds): void {
    this.#keep({ window });
  }

  knowTray(): void {
    this.#keep({ isTrayKnown: true });
  }

  /** What could not be written yet is tried once more. */
  close(): void {
    this.#saving.close();
  }

  #keep(change: Partial<Kept>): void {
    this.#stored = { ...this.#stored, ...change };
    if (!this.fault) this.#saving.save();
  }

  #write(): void {
    const { settings, hosts, window, isTrayKnown } = this.#stored;
    const also = { ...(hosts.length > 0 && { hosts }), ...(window && { window }) };
    const kept = { ...settings, ...also, ...(isTrayKnown && { trayKnown: true }) };
    // What was there was sound or put aside. What somebody has damaged since is replaced.
    replaceFileSync(this.#file, JSON.stringify(kept, null, 2));
  }
}

/** As they are on the disk, for somebody who only looks: what cannot be read or does not fit is as at first. */
export function settingsIn(folder: string): Pick<Kept, 'settings' | 'hosts'> {
  const first = { settings: defaultSettings, hosts: [] };
  try {
    return parseSettings(fs.readFileSync(path.join(folder, 'settings.json'), 'utf8')) ?? first;
  } catch {
    return first;
  }
}

interface Loaded {
  readonly stored?: Stored;
  readonly setAside?: string;
  readonly fault?: FileFault;
}

function load(file: string, now: () => Date): Loaded {
  let stored: Stored | null = null;
  try {
    stored = parseSettings(patiently(() => fs.readFileSync(file, 'utf8')));
    if (stored?.replaced.length === 0) return { stored };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const fault = faultOf(error, file);
    // A folder in its place is nobody's settings; what only cannot be read just now may be sound.
    if (fault.why !== 'in-the-way' || fault.path !== file) return { fault };
  }
  const known = stored ? { stored } : {};
  const setAside = `${file}.broken-${now().toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    patiently(() => (stored ? fs.copyFileSync(file, setAside) : fs.renameSync(file, setAside)));
    return { ...known, setAside };
  } catch (error) {
    return { ...known, fault: faultOf(error, file) };
  }
}
