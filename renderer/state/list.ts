/** The list of machines as rows of known height, so that only those in sight are made. */
import { textOf, type HostId, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { badgeOf, isUp } from '../../src/core/machine/vm-state.js';
import { hasTyped } from './typed.js';

/** Told apart by its reference: VMs of two PCs may have one id. */
export interface Listed {
  readonly ref: VmRef;
  readonly vm: Vm;
}

/** What stands above some of the rows: whether they run, of the list of one PC; of all PCs which PC it is, and whether more is said of it. */
export type Head = 'running' | 'not-running' | { readonly pc: HostId; readonly isTall: boolean };

export interface Section {
  readonly head: Head;
  readonly vms: readonly Listed[];
}

/** A VM at its place: pixels from the top of all rows, and which one it is of all. */
interface Placed extends Listed {
  readonly top: number;
  readonly position: number;
}

/** In pixels. Its rows go on to `bottom`, and it stays in sight above them. */
export interface PlacedSection {
  readonly head: Head;
  readonly top: number;
  readonly height: number;
  readonly bottom: number;
  /** All of its rows, also those out of sight. */
  readonly count: number;
  readonly rows: readonly Placed[];
}

export interface Layout {
  readonly sections: readonly PlacedSection[];
  readonly rows: readonly Placed[];
  readonly height: number;
}

const heightOf = (head: Head): number => (typeof head === 'string' ? 28 : head.isTall ? 50 : 32);
const rowHeight = 53;
/** Around the pane while the list has the focus. */
const ring = 4;

/** What a filter looks at beside names: how nesting stands, and who needs something. */
export const chips = ['nesting-on', 'nesting-off', 'inside', 'attention'] as const;
export type Chip = (typeof chips)[number];

export interface Filter {
  /** Words that must all be there, in the name or in what is said of the VM; after commas or on lines of its own each list entry alone. */
  readonly text: string;
  readonly chips: ReadonlySet<Chip>;
}
export const noFilter: Filter = { text: '', chips: new Set() };
export const isNarrowed = ({ text, chips: wanted }: Filter): boolean => text.trim() !== '' || wanted.size > 0;

/** What is known of a VM besides its name, asked for only where a filter needs it. */
export interface Said {
  /** Its state, its badge, and its PC where there are several, as the page says them. */
  readonly words: (listed: Listed) => readonly string[];
  readonly needsAttention: (listed: Listed) => boolean;
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

const isCalled = (entries: readonly string[]): ((listed: Listed) => boolean) => {
  const wanted = new Set(entries.map(plain));
  return ({ vm }) => wanted.has(plain(vm.name));
};

/** Of a list of names: the VMs that are called so, and the entries that no VM is called. */
export function named(
  vms: readonly Listed[],
  text: string,
): { readonly vms: readonly Listed[]; readonly missing: readonly string[] } {
  const entries = entriesOf(text);
  const names = new Set(vms.map(({ vm }) => plain(vm.name)));
  return { vms: vms.filter(isCalled(entries)), missing: entries.filter((entry) => !names.has(plain(entry))) };
}

const nestingChips: Readonly<Record<Exclude<Chip, 'attention'>, (vm: Vm) => boolean>> = {
  'nesting-on': (vm) => vm.nesting === true,
  'nesting-off': (vm) => vm.nesting === false,
  inside: (vm) => ['inside', 'probably'].includes(badgeOf(vm)),
};

/** Several chips of nesting: any of them. */
function passes(listed: Listed, wanted: ReadonlySet<Chip>, { needsAttention }: Said): boolean {
  const nesting = chips.filter((chip) => chip !== 'attention').filter((chip) => wanted.has(chip));
  const isNesting = nesting.length === 0 || nesting.some((chip) => nestingChips[chip](listed.vm));
  return isNesting && (!wanted.has('attention') || needsAttention(listed));
}

/** What is typed is read once for all VMs. */
function meant(text: string, said: Said): (listed: Listed) => boolean {
  const entries = entriesOf(text);
  if (entries.length > 1) return isCalled(entries);
  const [words] = entries;
  if (words === undefined) return () => true;
  const has = hasTyped(words);
  return (listed) => has([listed.vm.name, ...said.words(listed)]);
}

/** In the order that they came in. */
export function found(vms: readonly Listed[], { text, chips: wanted }: Filter, said: Said): readonly Listed[] {
  const isMeant = meant(text, said);
  return vms.filter((listed) => passes(listed, wanted, said) && isMeant(listed));
}

/** Running first, otherwise in the order that they came in; none of them empty. */
export const byPower = (vms: readonly Listed[]): readonly Section[] =>
  (['running', 'not-running'] as const)
    .map((head) => ({ head, vms: vms.filter(({ vm }) => isUp(vm.state) === (head === 'running')) }))
    .filter((section) => section.vms.length > 0);

export const keyOf = (head: Head): string => (typeof head === 'string' ? head : textOf(head.pc));

export function layOut(sections: readonly Section[]): Layout {
  const placed: PlacedSection[] = [];
  let [top, position] = [0, 0];
  for (const { head, vms } of sections) {
    const height = heightOf(head);
    const first = top + height;
    const before = position;
    const rows = vms.map((listed, at) => ({ ...listed, top: first + at * rowHeight, position: before + at + 1 }));
    position += vms.length;
    const bottom = first + vms.length * rowHeight;
    placed.push({ head, top, height, bottom, count: vms.length, rows });
    top = bottom;
  }
  return { sections: placed, rows: placed.flatMap(({ rows }) => rows), height: top };
}

interface Sight {
  readonly top: number;
  readonly height: number;
}

/** Of each section the rows in sight and some beyond, and the active one wherever it is: a screen reader is pointed to it by its id. None is empty. */
export function inSight(layout: Layout, sight: Sight, active: VmRef | undefined): readonly PlacedSection[] {
  const beyond = 8 * rowHeight;
  const isSeen = ({ ref, top }: Placed): boolean =>
    (top + rowHeight > sight.top - beyond && top < sight.top + sight.height + beyond) || ref === active;
  return layout.sections
    .map((section) => ({ ...section, rows: section.rows.filter(isSeen) }))
    .filter(({ rows }) => rows.length > 0);
}

/** Where to scroll so that a row is seen, below its heading, which stays above it; undefined: it is seen. */
export function scrollTo(layout: Layout, ref: VmRef, sight: Sight): number | undefined {
  const section = layout.sections.find(({ rows }) => rows.some((row) => row.ref === ref));
  const row = section?.rows.find((one) => one.ref === ref);
  if (!section || !row) return undefined;
  const top = row.top - section.height;
  if (top < sight.top) return top;
  const bottom = row.top + rowHeight + ring;
  if (bottom > sight.top + sight.height) return bottom - sight.height;
  return undefined;
}

/** Which row a key leads to; undefined: the key is not for the list. */
export function rowAfterKey(
  layout: Layout,
  from: VmRef | undefined,
  key: string,
  sightHeight: number,
): VmRef | undefined {
  const { rows } = layout;
  const at = rows.findIndex(({ ref }) => ref === from);
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
  return rows[Math.min(last, Math.max(0, wanted))]?.ref;
}

/** The next machine whose name begins with what was typed; one letter again and again goes through all that begin so. */
export function rowAfterTyping(layout: Layout, from: VmRef | undefined, typed: string): VmRef | undefined {
  const wanted = typed.toLocaleLowerCase();
  const letters = Array.from(wanted);
  const isRepeated = letters.length > 1 && letters.every((letter) => letter === letters[0]);
  const begin = isRepeated ? (letters[0] ?? '') : wanted;
  const at = layout.rows.findIndex(({ ref }) => ref === from);
  // A longer word may still be meant for the row it is on; a single letter goes on.
  const first = letters.length > 1 && !isRepeated ? Math.max(0, at) : at + 1;
  const turned = [...layout.rows.slice(first), ...layout.rows.slice(0, first)];
  return turned.find(({ vm }) => vm.name.toLocaleLowerCase().startsWith(begin))?.ref;
}

/** All between two rows, both included: Shift and a click. */
export function rowsBetween(layout: Layout, a: VmRef, b: VmRef): readonly VmRef[] {
  const refs = layout.rows.map(({ ref }) => ref);
  const [from, to] = [refs.indexOf(a), refs.indexOf(b)].sort((x, y) => x - y);
  return from === undefined || to === undefined || from < 0 ? [b] : refs.slice(from, to + 1);
}
