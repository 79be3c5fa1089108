/** The list of machines as rows of known height, so that only those in sight are made. */
import type { Guid } from '../../src/core/cmdlets/call.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { badgeOf, isUp } from '../../src/core/machine/vm-state.js';
import { hasTyped } from './typed.js';

export interface Group {
  readonly isRunning: boolean;
  readonly vms: readonly Vm[];
}

/** A VM at its place: pixels from the top of all rows, and which one it is of all. */
export interface Placed {
  readonly vm: Vm;
  readonly top: number;
  readonly position: number;
  /** Its group. */
  readonly isRunning: boolean;
}

interface Heading {
  readonly isRunning: boolean;
  readonly count: number;
  readonly top: number;
}

export interface Layout {
  readonly headings: readonly Heading[];
  readonly rows: readonly Placed[];
  readonly height: number;
}

const headingHeight = 28;
const rowHeight = 53;

/** What a filter looks at beside names: how nesting stands, and who needs something. */
export const chips = ['nesting-on', 'nesting-off', 'inside', 'attention'] as const;
export type Chip = (typeof chips)[number];

export interface Filter {
  /** Words that must all be there, in the name or in what is said of the VM; after commas or on lines of its own each list entry alone. */
  readonly text: string;
  readonly chips: ReadonlySet<Chip>;
}
export const noFilter: Filter = { text: '', chips: new Set() };

/** What is known of a VM besides its name, asked for only where a filter needs it. */
export interface Said {
  /** Its state and its badge, as the page says them. */
  readonly words: (vm: Vm) => readonly string[];
  readonly needsAttention: (vm: Vm) => boolean;
}

/** Names are the same in any case. */
const plain = (name: string): string => name.trim().toLocaleLowerCase();

/** The entries of a list of names, as copied from a sheet or a script, each as it is written there; of one alone: that. */
export const entriesOf = (text: string): readonly string[] => [
  ...new Map(
    text
      .split(/[\n\r\t,;]+/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => [plain(entry), entry]),
  ).values(),
];

const isCalled = (entries: readonly string[]): ((vm: Vm) => boolean) => {
  const wanted = new Set(entries.map(plain));
  return ({ name }) => wanted.has(plain(name));
};

/** Of a list of names: the VMs that are called so, and the entries that no VM is called. */
export function named(
  vms: readonly Vm[],
  text: string,
): { readonly vms: readonly Vm[]; readonly missing: readonly string[] } {
  const entries = entriesOf(text);
  const names = new Set(vms.map(({ name }) => plain(name)));
  return { vms: vms.filter(isCalled(entries)), missing: entries.filter((entry) => !names.has(plain(entry))) };
}

const nestingChips: Readonly<Record<Exclude<Chip, 'attention'>, (vm: Vm) => boolean>> = {
  'nesting-on': (vm) => vm.nesting === true,
  'nesting-off': (vm) => vm.nesting === false,
  inside: (vm) => ['inside', 'probably'].includes(badgeOf(vm)),
};

/** Several chips of nesting: any of them. */
function passes(vm: Vm, wanted: ReadonlySet<Chip>, { needsAttention }: Said): boolean {
  const nesting = chips.filter((chip) => chip !== 'attention').filter((chip) => wanted.has(chip));
  const isNesting = nesting.length === 0 || nesting.some((chip) => nestingChips[chip](vm));
  return isNesting && (!wanted.has('attention') || needsAttention(vm));
}

/** What is typed is read once for all VMs. */
function meant(text: string, said: Said): (vm: Vm) => boolean {
  const entries = entriesOf(text);
  if (entries.length > 1) return isCalled(entries);
  const [words] = entries;
  if (words === undefined) return () => true;
  const has = hasTyped(words);
  return (vm) => has([vm.name, ...said.words(vm)]);
}

/** Running first, otherwise in the order that they came in. */
export function groupsOf(vms: readonly Vm[], { text, chips: wanted }: Filter, said: Said): readonly Group[] {
  const isMeant = meant(text, said);
  const found = vms.filter((vm) => passes(vm, wanted, said) && isMeant(vm));
  return [true, false]
    .map((isRunning) => ({ isRunning, vms: found.filter((vm) => isUp(vm.state) === isRunning) }))
    .filter((group) => group.vms.length > 0);
}

export function layOut(groups: readonly Group[]): Layout {
  const headings: Heading[] = [];
  const rows: Placed[] = [];
  let top = 0;
  for (const { isRunning, vms } of groups) {
    headings.push({ isRunning, count: vms.length, top });
    top += headingHeight;
    for (const vm of vms) {
      rows.push({ vm, top, position: rows.length + 1, isRunning });
      top += rowHeight;
    }
  }
  return { headings, rows, height: top };
}

/** The rows in sight and some beyond, and the active one wherever it is: a screen reader is pointed to it by its id. */
export function rowsInSight(
  layout: Layout,
  sight: { readonly top: number; readonly height: number },
  active: Guid | undefined,
): readonly Placed[] {
  const beyond = 8 * rowHeight;
  return layout.rows.filter(
    ({ vm, top }) =>
      (top + rowHeight > sight.top - beyond && top < sight.top + sight.height + beyond) || vm.id === active,
  );
}

/** Where to scroll so that a row is seen, with its heading when it is the first; undefined: it is seen. */
export function scrollTo(
  layout: Layout,
  id: Guid,
  sight: { readonly top: number; readonly height: number },
): number | undefined {
  const row = layout.rows.find(({ vm }) => vm.id === id);
  if (!row) return undefined;
  const isFirst = layout.headings.some(({ top }) => top + headingHeight === row.top);
  const top = isFirst ? row.top - headingHeight : row.top;
  if (top < sight.top) return top;
  if (row.top + rowHeight > sight.top + sight.height) return row.top + rowHeight - sight.height;
  return undefined;
}

/** Which row a key leads to; undefined: the key is not for the list. */
export function rowAfterKey(
  layout: Layout,
  from: Guid | undefined,
  key: string,
  sightHeight: number,
): Guid | undefined {
  const { rows } = layout;
  const at = rows.findIndex(({ vm }) => vm.id === from);
  const page = Math.max(1, Math.floor(sightHeight / rowHeight) - 1);
  const last = rows.length - 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? last : at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  };
  const wanted = steps[key];
  if (wanted === undefined) return undefined;
  return rows[Math.min(last, Math.max(0, wanted))]?.vm.id;
}

/** The next machine whose name begins with what was typed; one letter again and again goes through all that begin so. */
export function rowAfterTyping(layout: Layout, from: Guid | undefined, typed: string): Guid | undefined {
  const wanted = typed.toLocaleLowerCase();
  const letters = Array.from(wanted);
  const isRepeated = letters.length > 1 && letters.every((letter) => letter === letters[0]);
  const begin = isRepeated ? (letters[0] ?? '') : wanted;
  const at = layout.rows.findIndex(({ vm }) => vm.id === from);
  // A longer word may still be meant for the row it is on; a single letter goes on.
  const first = letters.length > 1 && !isRepeated ? Math.max(0, at) : at + 1;
  const turned = [...layout.rows.slice(first), ...layout.rows.slice(0, first)];
  return turned.find(({ vm }) => vm.name.toLocaleLowerCase().startsWith(begin))?.vm.id;
}

/** All between two rows, both included: Shift and a click. */
export function rowsBetween(layout: Layout, a: Guid, b: Guid): readonly Guid[] {
  const ids = layout.rows.map(({ vm }) => vm.id);
  const [from, to] = [ids.indexOf(a), ids.indexOf(b)].sort((x, y) => x - y);
  return from === undefined || to === undefined || from < 0 ? [b] : ids.slice(from, to + 1);
}
