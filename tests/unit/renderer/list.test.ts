import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byPower,
  found,
  inSight,
  keyOf,
  layOut,
  named,
  rowAfterKey,
  rowAfterTyping,
  rowsBetween,
  scrollTo,
  type Chip,
  type Head,
  type Layout,
  type Listed,
  type Said,
} from '../../../renderer/state/list.js';
import { idOf, thisPc, vmIn, type HostId, type VmRef } from '../../../src/core/cmdlets/ref.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import { otherPc } from '../core/other-pc.js';
import { vm } from './vms.js';

const listed = (one: Vm, pc: HostId = thisPc): Listed => ({ ref: vmIn(pc, one.id), vm: one });
const eight = [
  vm('alpha', { state: 'Off', nesting: true }),
  vm('Beta', { state: 'Running', nesting: undefined }),
  vm('bison', { state: 'Saved', nesting: false }),
  vm('delta', { state: 'Running', nesting: undefined }),
].map((one) => listed(one));
const said: Said = {
  words: ({ vm: { state } }) => [state ?? ''],
  needsAttention: ({ vm: { name } }) => name === 'delta',
};
const filtered = (text: string, ...wanted: Chip[]): string[] =>
  byPower(found(eight, { text, chips: new Set(wanted) }, said)).flatMap(({ vms }) =>
    vms.map(({ vm: { name } }) => name),
  );
const layout = layOut(byPower(eight));
const nameOf = (ref: VmRef | undefined): string | undefined => eight.find((one) => one.ref === ref)?.vm.name;
const refOf = (name: string | undefined): VmRef | undefined => eight.find((one) => one.vm.name === name)?.ref;
const at = (name: string): VmRef => refOf(name) ?? vmIn(thisPc, 'none');

describe('the list of machines', () => {
  it('shows what runs first, then the rest, each in the order of the host', () => {
    expect(layout.rows.map(({ vm: { name } }) => name)).toEqual(['Beta', 'delta', 'alpha', 'bison']);
    expect(layout.sections.map(({ head, count }) => [head, count])).toEqual([
      ['running', 2],
      ['not-running', 2],
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
    expect(vms.map(({ vm: { name } }) => name)).toEqual(['Beta', 'delta']);
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
    const lab = Array.from({ length: 1000 }, (_, n) => listed(vm(`lab-${n}`, { state: 'Off' })));
    const big = layOut(byPower(lab));
    const [section] = inSight(big, { top: 10_000, height: 600 }, lab[999]?.ref);
    const rows = section?.rows ?? [];
    expect(rows.length).toBeLessThan(32);
    expect(rows.at(-1)?.vm.name).toBe('lab-999');
    expect(rows.at(-1)?.position).toBe(1000);
    expect(section?.count).toBe(1000);
  });

  it('goes through all rows with the arrows, and stops at both ends', () => {
    const walk = (from: string | undefined, key: string): string | undefined =>
      nameOf(rowAfterKey(layout, refOf(from), key, 400));
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
      nameOf(rowAfterTyping(layout, refOf(from), typed));
    expect(type(undefined, 'b')).toBe('Beta');
    expect(type('Beta', 'b')).toBe('bison');
    expect(type('bison', 'bb')).toBe('Beta');
    expect(type('Beta', 'bi')).toBe('bison');
    expect(type('Beta', 'z')).toBeUndefined();
  });

  it('scrolls no further than needed, and never below the heading that stays above the rows', () => {
    const height = 100;
    expect(scrollTo(layout, at('Beta'), { top: 100, height })).toBe(0);
    expect(scrollTo(layout, at('bison'), { top: 0, height })).toBe(layout.height + 4 - height);
    expect(scrollTo(layout, at('bison'), { top: 0, height: 1000 })).toBeUndefined();
    const delta = layout.rows.find(({ ref }) => ref === at('delta'));
    expect(scrollTo(layout, at('delta'), { top: delta?.top ?? 0, height })).toBe((delta?.top ?? 0) - 28);
  });

  it('selects a range in either direction', () => {
    const [a, b, c] = layout.rows.map(({ ref }) => ref);
    expect(rowsBetween(layout, c ?? at(''), a ?? at(''))).toEqual([a, b, c]);
  });
});

describe('a list of any sections', () => {
  const heads: fc.Arbitrary<readonly Head[]> = fc.oneof(
    fc.constant(['running', 'not-running'] as const),
    fc.tuple(fc.boolean(), fc.boolean()).map(([own, other]) => [
      { pc: thisPc, isTall: own },
      { pc: otherPc, isTall: other },
    ]),
  );
  // VMs of two PCs have the same ids, as copies have.
  const copies = Array.from({ length: 9 }, (_, index) => vm(`copy-${String(index)}`));
  const layouts: fc.Arbitrary<{ readonly all: readonly Listed[]; readonly laid: Layout }> = fc
    .tuple(heads, fc.nat(9), fc.nat(9))
    .map(([[first = 'running', second = 'not-running'], some, others]) => {
      const pcOf = (head: Head): HostId => (typeof head === 'string' ? thisPc : head.pc);
      const mine = copies.slice(0, some).map((one) => listed(one, pcOf(first)));
      const rest = (pcOf(second) === thisPc ? copies.slice(some) : copies.slice(0, others)).map((one) =>
        listed(one, pcOf(second)),
      );
      const laid = layOut([
        { head: first, vms: mine },
        { head: second, vms: rest },
      ]);
      return { all: [...mine, ...rest], laid };
    });

  it('has every VM once, in order, and counts them above', () => {
    fc.assert(
      fc.property(layouts, ({ all, laid }) => {
        expect(laid.rows.map(({ ref }) => ref)).toEqual(all.map(({ ref }) => ref));
        expect(laid.rows.map(({ position }) => position)).toEqual(all.map((_, index) => index + 1));
        expect(laid.sections.map(({ count, rows }) => count - rows.length)).toEqual([0, 0]);
        expect(new Set(laid.sections.map(({ head }) => keyOf(head))).size).toBe(2);
      }),
    );
  });

  it('leaves no gap and lets nothing overlap', () => {
    fc.assert(
      fc.property(layouts, ({ laid }) => {
        const parts = laid.sections.flatMap(({ top, height, rows }) => [
          { top, height },
          ...rows.map((row) => ({ top: row.top, height: 53 })),
        ]);
        const end = parts.reduce((below, { top, height }) => {
          expect(top).toBe(below);
          return top + height;
        }, 0);
        expect(end).toBe(laid.height);
        expect(laid.sections.at(-1)?.bottom).toBe(laid.height);
      }),
    );
  });

  it('shows any row that is asked for, whole and below its heading, and makes no other than is near', () => {
    fc.assert(
      fc.property(layouts, fc.nat(900), fc.nat(), (...[{ laid }, top, pick]) => {
        const row = laid.rows[pick % Math.max(1, laid.rows.length)];
        if (!row) return;
        const height = 160;
        const to = scrollTo(laid, row.ref, { top, height }) ?? top;
        const section = laid.sections.find(({ rows }) => rows.includes(row));
        expect(row.top).toBeGreaterThanOrEqual(to + (section?.height ?? 0));
        expect(row.top + 53).toBeLessThanOrEqual(to + height);
        const made = inSight(laid, { top: to, height }, undefined).flatMap(({ rows }) => rows);
        expect(made.map(({ ref }) => ref)).toContain(row.ref);
        expect(new Set(made.map(({ ref }) => ref)).size).toBe(made.length);
      }),
    );
  });

  it('goes down through every row, past the ends of the PCs, and up again', () => {
    fc.assert(
      fc.property(layouts, ({ laid }) => {
        const down: (VmRef | undefined)[] = [];
        while (down.length < laid.rows.length) down.push(rowAfterKey(laid, down.at(-1), 'ArrowDown', 400));
        expect(down).toEqual(laid.rows.map(({ ref }) => ref));
      }),
    );
  });

  it('finds a copy on the next PC by its name, and a pasted name on both', () => {
    const two = [thisPc, otherPc].map((pc) => listed(copies[0] ?? vm('none'), pc));
    const laid = layOut([
      { head: { pc: thisPc, isTall: false }, vms: two.slice(0, 1) },
      { head: { pc: otherPc, isTall: false }, vms: two.slice(1) },
    ]);
    const [own, other] = two.map(({ ref }) => ref);
    expect(own && idOf(own)).toBe(other && idOf(other));
    expect(rowAfterTyping(laid, own, 'c')).toBe(other);
    expect(rowAfterTyping(laid, other, 'c')).toBe(own);
    expect(named(two, 'copy-0, copy-9').vms).toEqual(two);
  });
});
