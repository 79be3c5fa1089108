/** A VM to be made, as the page has it: what a person has chosen, and for all else the default with its reason. */
import { checksOfHost } from '../../src/core/checks/all.js';
import { ADVISED_MEMORY, STEP } from '../../src/core/checks/memory.js';
import type { FoundFile, FoundFiles } from '../../src/core/machine/files.js';
import type { NewDisk, NewVm } from '../../src/core/machine/goal.js';
import type { HostFacts, Machine } from '../../src/core/machine/machine.js';
import { ifRead } from '../../src/core/machine/reading.js';
import { fileNameFor, inFolder, meantPath } from '../../src/core/machine/paths.js';
import { DEFAULT_SWITCH } from '../../src/core/network/uplinks.js';
import type { Message, MessageKey } from '../../src/text/index.js';
import { firmwareOf, guessOf, systems, type System } from './guess.js';

export const sources = ['iso', 'disk', 'empty'] as const;
export type Source = (typeof sources)[number];

/** What a person has chosen; absent: the default, which follows what is known. Sizes in bytes. */
export interface Draft {
  readonly source?: Source;
  /** The ISO file, or the disk that is there: a whole path. */
  readonly file?: string;
  /** The disk that is there is copied, not built on. */
  readonly copies?: boolean;
  readonly name?: string;
  readonly system?: System;
  readonly processors?: number;
  readonly memory?: number;
  /** Where the new disk is: the whole path of its file. */
  readonly path?: string;
  readonly size?: number;
  readonly switchName?: string | null;
  readonly nesting?: boolean;
  readonly start?: boolean;
  /** Fields in which something stands that is no amount. */
  readonly wrong?: readonly NumberField[];
}
type NumberField = 'memory' | 'size';

/** Every field with its value, and why it has that where nobody chose it. */
export interface Filled {
  readonly source: Source;
  readonly files: readonly FoundFile[];
  /** undefined: none is chosen, and none was found. */
  readonly file: string | undefined;
  readonly copies: boolean;
  readonly name: string;
  readonly system: System;
  readonly processors: number;
  readonly memory: number;
  readonly path: string;
  readonly size: number;
  /** Those that can be had, each the only one of its name. */
  readonly switches: readonly string[];
  readonly switchName: string | null;
  readonly nesting: boolean;
  readonly start: boolean;
  readonly why: Readonly<Record<'system' | 'processors' | 'memory' | 'switchName', Message>>;
  /** null: something is not said yet. */
  readonly vm: NewVm | null;
}

const GiB = 2 ** 30;
/** What the cards of the page are given. */
export interface FieldsProps {
  readonly draft: Draft;
  readonly filled: Filled;
  readonly host: HostFacts;
  readonly onchange: (change: Partial<Draft>) => void;
}

/** As the field takes it; the planner knows what Windows does. */
export const leastDisk = GiB;
export const mostDisk = 64 * 2 ** 40;
/** As Hyper-V Manager makes it; it grows. */
const USUAL_DISK = 127 * GiB;
const GENEROUS_MEMORY = 8 * GiB;
/** bytes free from which 8 GB leave this PC enough. */
const MUCH_FREE = 12 * GiB;
const MOST_PROCESSORS = 4;
const USUAL_FOLDER = 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks';

/** `found`: undefined while it is looked for. */
export function fill(draft: Draft, machine: Machine, found: FoundFiles | undefined): Filled {
  const source = draft.source ?? 'iso';
  const files = source === 'empty' ? [] : ((source === 'iso' ? found?.isos : found?.disks) ?? []);
  const file = source === 'empty' ? undefined : (draft.file ?? firstOf(files, source)?.path);
  const guess = file === undefined ? undefined : guessOf(file);
  const system = draft.system ?? guess?.system ?? (source === 'empty' ? 'windows-11' : 'other');
  const isGuessed = guess !== undefined && system === (guess.system ?? 'other');
  const name = draft.name ?? freeName(machine, isGuessed ? guess.name : plainNames[system]);
  const { value: processors, why: processorsWhy } = processorsFor(machine);
  const { value: memory, why: memoryWhy } = memoryFor(machine);
  const { all: switches, best, why: switchWhy } = switchesOf(machine);
  const path = draft.path ?? freePath(machine, name, found);
  const filled = {
    source,
    files,
    file,
    copies: draft.copies ?? false,
    name,
    system,
    processors: draft.processors ?? processors,
    memory: draft.memory ?? memory,
    path,
    size: draft.size ?? USUAL_DISK,
    switches,
    switchName: draft.switchName === undefined ? best : draft.switchName,
    nesting: draft.nesting ?? canNest(machine),
    start: draft.start ?? source !== 'empty',
    why: {
      system: systemWhy(source, guess?.system, system),
      processors: processorsWhy,
      memory: memoryWhy,
      switchName: switchWhy,
    },
  };
  return { ...filled, vm: (draft.wrong ?? []).length > 0 ? null : vmOf(filled) };
}

/** The newest; of disks, the newest that is certainly no VM's: the other one could not start any more. */
const firstOf = (files: readonly FoundFile[], source: Source): FoundFile | undefined =>
  source === 'disk' ? files.find(({ isUsed }) => isUsed === false) : files[0];

function vmOf(filled: Omit<Filled, 'vm'>): NewVm | null {
  const { source, file, copies, name, path, size, processors, memory, system, switchName, nesting, start } = filled;
  if (name.trim() === '' || path.trim() === '' || (source !== 'empty' && (file === undefined || file.trim() === '')))
    return null;
  const disk: NewDisk =
    source === 'disk' && file !== undefined
      ? { kind: copies ? 'copy' : 'differencing', path: meantPath(path), from: meantPath(file) }
      : { kind: 'empty', path: meantPath(path), size };
  return {
    name: name.trim(),
    disk,
    ...(source === 'iso' && file !== undefined ? { iso: meantPath(file) } : {}),
    processors,
    memory,
    ...firmwareOf[system],
    switchName,
    nesting,
    start,
  };
}

/** All of it chosen, as a plan that is opened again has it. */
export function draftOf({ disk, iso, secureBoot, tpm, ...vm }: NewVm): Draft {
  const system = systems.find((one) => firmwareOf[one].secureBoot === secureBoot && firmwareOf[one].tpm === tpm);
  const file = disk.kind === 'empty' ? iso : disk.from;
  return {
    ...vm,
    source: disk.kind !== 'empty' ? 'disk' : iso === undefined ? 'empty' : 'iso',
    ...(file === undefined ? {} : { file }),
    ...(system === undefined ? {} : { system }),
    path: disk.path,
    ...(disk.kind === 'empty' ? { size: disk.size } : { copies: disk.kind === 'copy' }),
  };
}

/** From another kind of source: the file, and what was guessed from it, go. */
export const withSource = ({ file: _, copies: __, ...draft }: Draft, source: Source): Draft => ({ ...draft, source });

/** What is wrong in a field is known, and so no amount is taken from it. */
export const withWrong = ({ wrong = [] }: Draft, field: NumberField, isWrong: boolean): Partial<Draft> => ({
  wrong: isWrong ? [...new Set([...wrong, field])] : wrong.filter((one) => one !== field),
});

const plainNames: Readonly<Record<System, string>> = {
  'windows-11': 'Windows 11',
  windows: 'Windows',
  linux: 'Linux',
  other: 'VM',
};

/** With the first number that no VM has yet. */
function freeName({ vms }: Machine, wanted: string): string {
  const taken = new Set(ifRead(vms, [], (all) => all.map(({ name }) => name.toLowerCase())));
  return firstFree(wanted === '' ? plainNames.other : wanted, (name) => taken.has(name.toLowerCase()));
}

/** In the folder of this PC for disks, beside those that are known to be there. */
function freePath({ host }: Machine, name: string, found: FoundFiles | undefined): string {
  const taken = new Set((found?.disks ?? []).map(({ path }) => path.toLowerCase()));
  const at = (file: string): string => inFolder(host.folders?.disks ?? USUAL_FOLDER, `${file}.vhdx`);
  return at(firstFree(fileNameFor(name), (file) => taken.has(at(file).toLowerCase())));
}

function firstFree(wanted: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${String(number)}`;
    if (!isTaken(name)) return name;
  }
}

function systemWhy(source: Source, guessed: System | undefined, system: System): Message {
  const { plain, guess } = firmwareWords[system];
  return { key: guessed === system && source !== 'empty' ? guess : plain };
}
const firmwareWords = {
  'windows-11': { plain: 'create.forWindows11', guess: 'create.forWindows11Guessed' },
  windows: { plain: 'create.forWindows', guess: 'create.forWindowsGuessed' },
  linux: { plain: 'create.forLinux', guess: 'create.forLinuxGuessed' },
  other: { plain: 'create.forOther', guess: 'create.forOther' },
} as const satisfies Record<System, Record<'plain' | 'guess', MessageKey>>;

interface Default<Value> {
  readonly value: Value;
  readonly why: Message;
}

function processorsFor({ host }: Machine): Default<number> {
  const there = host.processor?.logicalProcessors;
  if (there === undefined) return { value: 2, why: { key: 'create.processorsLeast' } };
  const value = Math.min(there, MOST_PROCESSORS, Math.max(2, Math.floor(there / 2)));
  return { value, why: { key: 'create.processorsOf', params: { count: there } } };
}

function memoryFor({ host }: Machine): Default<number> {
  const { freeMemory: free, computer } = host;
  const most = computer ? Math.floor(computer.memory / 2 / STEP) * STEP : Infinity;
  const wanted = free !== undefined && free >= MUCH_FREE ? GENEROUS_MEMORY : ADVISED_MEMORY;
  const why: Message =
    free === undefined ? { key: 'create.memoryLeast' } : { key: 'create.memoryFree', params: { free } };
  return { value: Math.min(wanted, most), why };
}

function switchesOf({ host }: Machine): {
  readonly all: readonly string[];
  readonly best: string | null;
  readonly why: Message;
} {
  const known = ifRead(host.switches, [], (all) =>
    all.flatMap(({ id, name, type }) => (name === undefined ? [] : [{ id, name, type }])),
  );
  const unique = known.filter(({ name }) => known.filter((one) => one.name === name).length === 1);
  const best =
    unique.find(({ id }) => id === DEFAULT_SWITCH) ?? unique.find(({ type }) => type === 'External') ?? unique[0];
  const why: Message =
    best === undefined
      ? { key: 'create.switchNoneHere' }
      : best.id === DEFAULT_SWITCH
        ? { key: 'create.switchDefault' }
        : { key: 'create.switchOther' };
  return { all: unique.map(({ name }) => name), best: best?.name ?? null, why };
}

/** Nothing that is known of this PC keeps a VM on it from running others. */
function canNest(machine: Machine): boolean {
  const needed: readonly string[] = ['architecture', 'windows', 'extensions'];
  return !checksOfHost(machine).some(({ id, verdict }) => verdict === 'blocker' && needed.includes(id));
}
