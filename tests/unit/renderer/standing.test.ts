import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/core/checks/check.js';
import { prospectOf } from '../../../renderer/state/many.js';
import { byUrgency, countsOf, standingOf } from '../../../renderer/state/standing.js';
import { machineOf } from '../core/worlds.js';
import { vm } from './vms.js';

const check = (id: Check['id'], verdict: Check['verdict']): Check => ({
  id,
  verdict,
  title: { key: 'app.name' },
  why: { key: 'app.name' },
  evidence: [],
});
const pc = machineOf({});
const standing = (...args: Parameters<typeof vm>): string => standingOf(pc, vm(...args), [], false).kind;

describe('where a VM stands', () => {
  it('offers one click only when the VM is off, whole and nothing is in the way', () => {
    expect(standing('dev', { state: 'Off' })).toBe('ready');
    expect(standing('dev', { state: 'Running' })).toBe('ready-running');
    expect(standing('dev', { state: 'Saved' })).toBe('saved');
    expect(standing('dev', { state: 'Paused' })).toBe('paused');
    expect(standing('dev', { state: 'Starting' })).toBe('moving');
  });

  it('never calls a VM ready whose values could not be read', () => {
    expect(standing('dev', { nesting: undefined })).toBe('unread');
    expect(standing('dev', { state: undefined })).toBe('unread');
  });

  it('names what stands in the way; the state alone is no obstacle: a plan takes care of it', () => {
    const blocked = standingOf(
      pc,
      vm('old'),
      [check('configuration-version', 'blocker'), check('vm-state', 'blocker')],
      false,
    );
    expect(blocked).toMatchObject({ kind: 'blocked', by: [{ id: 'configuration-version' }, { id: 'vm-state' }] });
    expect(standingOf(pc, vm('old'), [check('vm-state', 'blocker')], false).kind).toBe('ready');
    expect(standingOf(pc, vm('dev'), [], true).kind).toBe('host-blocked');
  });

  it('shows a saved VM with nesting on as unknown, not as off', () => {
    expect(standingOf(pc, vm('s', { nesting: true, state: 'Saved', inside: 'unknown' }), [], false)).toEqual({
      kind: 'on',
      while: 'still',
    });
    expect(standingOf(pc, vm('r', { nesting: true, state: 'Running', inside: 'unknown' }), [], false)).toEqual({
      kind: 'on',
      while: 'unread',
    });
    expect(standingOf(pc, vm('i', { nesting: true, state: 'Running', inside: 'probably' }), [], false)).toEqual({
      kind: 'inside',
      isCertain: false,
    });
  });

  it('puts what needs something first and keeps the order of the checks otherwise', () => {
    const checks = [
      check('switch', 'ok'),
      check('checkpoints', 'advice'),
      check('vm-state', 'unknown'),
      check('stop-action', 'blocker'),
    ];
    expect(byUrgency(checks).map(({ id }) => id)).toEqual(['stop-action', 'checkpoints', 'vm-state', 'switch']);
    expect(countsOf(checks)).toEqual({ ok: 1, advice: 1, warning: 0, blocker: 1, unknown: 1 });
  });

  it('leaves alone, among many, what is on already, undecided or unread', () => {
    const prospect = (...args: Parameters<typeof vm>): string => prospectOf(pc, vm(...args), [], false).kind;
    expect(prospect('a')).toBe('changes');
    expect(prospect('b', { nesting: true })).toBe('already');
    expect(prospect('c', { state: 'Saved' })).toBe('decide');
    expect(prospect('d', { nesting: undefined })).toBe('unknown');
  });
});
