import { describe, expect, it } from 'vitest';
import {
  groupsOf,
  layOut,
  named,
  noFilter,
  rowAfterKey,
  rowAfterTyping,
  rowsBetween,
  rowsInSight,
  scrollTo,
  type Chip,
  type Said,
} from '../../../renderer/state/list.js';
import { vm } from './vms.js';

const eight = [
  vm('alpha', { state: 'Off', nesting: true }),
  vm('Beta', { state: 'Running', nesting: undefined }),
  vm('bison', { state: 'Saved', nesting: false }),
  vm('delta', { state: 'Running', nesting: undefined }),
];
const word = (of: { state: string | undefined }): string => of.state ?? '';
const said: Said = { words: (of) => [word(of)], needsAttention: ({ name }) => name === 'delta' };
const filtered = (text: string, ...wanted: Chip[]): string[] =>
  groupsOf(eight, { text, chips: new Set(wanted) }, said).flatMap(({ vms }) => vms.map(({ name }) => name));
const layout = layOut(groupsOf(eight, noFilter, said));
const names = (ids: readonly (string | undefined)[]): (string | undefined)[] =>
  ids.map((id) => eight.find((one) => one.id === id)?.name);

describe('the list of machines', () => {
  it('shows what runs first, then the rest, each in the order of the host', () => {
    expect(layout.rows.map(({ vm: { name } }) => name)).toEqual(['Beta', 'delta', 'alpha', 'bison']);
    expect(layout.headings.map(({ isRunning, count }) => [isRunning, count])).toEqual([
      [true, 2],
      [false, 2],
    ]);
  });

  it('finds by name and by state, whatever the case', () => {
    expect(filtered('  BET ')).toEqual(['Beta']);
    expect(filtered('saved')).toEqual(['bison']);
    expect(filtered('nothing')).toEqual([]);
  });

  it('finds what has all of several words, and what a list names, each in full', () => {
    expect(filtered('running a')).toEqual(['Beta', 'delta']);
    expect(filtered('running el')).toEqual(['delta']);
    expect(filtered('alpha, BISON; del')).toEqual(['alpha', 'bison']);
    expect(filtered('alpha\nbison\n')).toEqual(['alpha', 'bison']);
  });

  it('takes a name with a comma after it for words, not for a list of one', () => {
    expect(filtered('el,')).toEqual(filtered('el'));
    expect(filtered(' , ')).toHaveLength(eight.length);
  });

  it('tells of a pasted list which names no VM has', () => {
    const { vms, missing } = named(eight, 'delta\r\nBeta\tGamma, Delta');
    expect(vms.map(({ name }) => name)).toEqual(['Beta', 'delta']);
    // As it is written there, so that it can be found there.
    expect(missing).toEqual(['Gamma']);
  });

  it('narrows to how nesting stands, and to what needs attention', () => {
    expect(filtered('', 'nesting-on')).toEqual(['alpha']);
    expect(filtered('', 'nesting-off')).toEqual(['bison']);
    expect(filtered('', 'nesting-on', 'nesting-off')).toEqual(['alpha', 'bison']);
    expect(filtered('', 'attention')).toEqual(['delta']);
    expect(filtered('a', 'attention', 'nesting-off')).toEqual([]);
  });

  it('makes only the rows in sight of a thousand, and the active one', () => {
    const lab = Array.from({ length: 1000 }, (_, n) => vm(`lab-${n}`, { state: 'Off' }));
    const big = layOut(groupsOf(lab, noFilter, said));
    const last = lab[999];
    const rows = rowsInSight(big, { top: 10_000, height: 600 }, last?.id);
    expect(rows.length).toBeLessThan(32);
    expect(rows.at(-1)?.vm.name).toBe('lab-999');
    expect(rows.at(-1)?.position).toBe(1000);
  });

  it('goes through all rows with the arrows, and stops at both ends', () => {
    const walk = (from: string | undefined, key: string): string | undefined =>
      names([rowAfterKey(layout, eight.find(({ name }) => name === from)?.id, key, 400)])[0];
    expect(walk(undefined, 'ArrowDown')).toBe('Beta');
    expect(walk('delta', 'ArrowDown')).toBe('alpha');
    expect(walk('bison', 'ArrowDown')).toBe('bison');
    expect(walk('Beta', 'ArrowUp')).toBe('Beta');
    expect(walk('Beta', 'End')).toBe('bison');
    expect(walk('bison', 'Home')).toBe('Beta');
    expect(walk('Beta', 'x')).toBeUndefined();
  });

  it('finds by typing: a word, or one letter again and again', () => {
    const type = (from: string | undefined, typed: string): string | undefined =>
      names([rowAfterTyping(layout, eight.find(({ name }) => name === from)?.id, typed)])[0];
    expect(type(undefined, 'b')).toBe('Beta');
    expect(type('Beta', 'b')).toBe('bison');
    expect(type('bison', 'bb')).toBe('Beta');
    expect(type('Beta', 'bi')).toBe('bison');
    expect(type('Beta', 'z')).toBeUndefined();
  });

  it('scrolls no further than needed, and shows the heading of the first row', () => {
    const [first] = layout.rows;
    const last = layout.rows.at(-1);
    expect(scrollTo(layout, first?.vm.id ?? '', { top: 100, height: 100 })).toBe(0);
    expect(scrollTo(layout, last?.vm.id ?? '', { top: 0, height: 100 })).toBe(layout.height - 100);
    expect(scrollTo(layout, last?.vm.id ?? '', { top: 0, height: 1000 })).toBeUndefined();
  });

  it('selects a range in either direction', () => {
    const [a, b, c] = layout.rows.map(({ vm: { id } }) => id);
    expect(rowsBetween(layout, c ?? '', a ?? '')).toEqual([a, b, c]);
  });
});
