/** The window never says for certain what is only probable, nor that something failed that was not tried yet. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { faceOf } from '../../../renderer/machines/faces.js';
import { gapOf } from '../../../renderer/pages/activity.js';
import { badgeLook } from '../../../renderer/state/badges.js';
import { standingOf } from '../../../renderer/state/standing.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import type { ThreeWay } from '../../../src/core/run/undo.js';
import { translator } from '../../../src/text/index.js';
import { machineOf } from '../core/worlds.js';
import { vm } from './vms.js';

const t = translator('en');
const running = (change: Partial<Vm>): Vm => vm('dev', { nesting: true, state: 'Running', ...change });
const face = (one: Vm) => faceOf(t, one, standingOf(machineOf({}), one, [], false), 'DEV-PC');
const counted: Partial<Vm> = {
  inside: 'no',
  insideEvidence: { kind: 'counters', earlier: '7', later: '7', seconds: 5 },
};

describe('whether a hypervisor runs in a VM', () => {
  it('is not measured yet, cannot be counted, or was not read: three reasons, three sentences', () => {
    const failed = /\b(?:could|can)(?:n[’']t|not)\b|\bfail/i;
    const why = (kind: 'not-measured' | 'no-counters' | 'shared-name' | 'not-read'): string =>
      face(running({ inside: 'unknown', insideEvidence: { kind } })).why;
    expect(why('not-measured')).toBe(t('checks.nestedNotMeasuredWhy'));
    expect(why('not-measured')).not.toMatch(failed);
    expect(why('no-counters')).toBe(t('checks.nestedNoCountersWhy'));
    expect(why('shared-name')).toBe(t('checks.nestedSharedNameWhy'));
    expect(why('not-read')).toBe(t('checks.nestedNotReadWhy'));
    expect(why('not-read')).toMatch(failed);
  });

  it('is only probably not so by equal counters, and certainly not so by the word of the guest', () => {
    expect(face(running(counted)).why).toMatch(/^Probably no hypervisor/);
    const told = running({ inside: 'no', insideEvidence: { kind: 'inside', processors: 0 } });
    expect(face(told).why).toMatch(/^No hypervisor/);
  });

  it('has a badge of its own where it is only probable', () => {
    expect(t(badgeLook('probably').key)).not.toBe(t(badgeLook('inside').key));
  });

  it('offers nothing of Windows to a guest that is probably not Windows', () => {
    const linux = face(running({ ...counted, heartbeat: 'OkApplicationsUnknown' }));
    expect(`${linux.sentence} ${linux.why}`).not.toMatch(/WSL|Hyper-V|Docker/);
    expect(face(running({ ...counted, heartbeat: 'OkApplicationsHealthy' })).why).toContain('WSL 2');
  });
});

describe('what cannot be undone', () => {
  const row = (change: Partial<ThreeWay>): ThreeWay => ({
    vm: vmIn(thisPc, 'v'),
    name: 'dev',
    path: 'vm/v/version',
    found: '8.0',
    wrote: '12.0',
    now: '12.0',
    verdict: 'one-way',
    ...change,
  });

  it('has no way back in Windows, or nothing is known to go back to', () => {
    expect(gapOf(row({}))).toBe('activity.gapOneWay');
    expect(gapOf(row({ found: null }))).toBe('activity.gapNothing');
    expect(gapOf(row({ verdict: 'undo' }))).toBeUndefined();
  });
});

it('what was done to a VM that is off is not said of one that runs', () => {
  expect(t('wizard.doneNestingOff', { name: 'dev' })).not.toMatch(/\bruns?\b/);
});

it('says that a value was changed since, never by whom', () => {
  const keys = ['activity.groupElse', 'activity.groupElseNote', 'activity.howNeitherDo', 'network.wayChanged'] as const;
  for (const key of [...keys, 'machines.driftTitle', 'machines.rowDrift'] as const)
    expect(t(key)).not.toMatch(/\b(?:some|any)(?:body|one)|\bsomething else\b|\bother program/);
});
