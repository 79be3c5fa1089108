import { describe, expect, it } from 'vitest';
import { faceOf } from '../../../renderer/machines/faces.js';
import { memoryLine, spoofingLine, stopLine } from '../../../renderer/machines/lines.js';
import { stateIcon } from '../../../renderer/state/badges.js';
import type { Standing } from '../../../renderer/state/standing.js';
import { hypervisorProof, withByHand } from '../../../renderer/wizard/ending.js';
import { eachRole } from '../../../src/core/machine/roles.js';
import type { VmState } from '../../../src/core/machine/machine.js';
import { progressOf } from '../../../src/core/run/progress.js';
import { translator } from '../../../src/text/index.js';
import { machineOf } from '../core/worlds.js';
import { chainOf, changeOf, checkOf, eventsOf, ids, planOf, stepEvent, stepOf, vmOf } from './fixtures.js';

const t = translator('en');
const vm = vmOf();
const { name, memory } = vm;

describe('a standing as a sentence', () => {
  it.each<[Standing, tone: string, icon: string, sentence: string]>([
    [{ kind: 'ready' }, 'ok', 'ok', t('machines.canRun', { name })],
    [{ kind: 'ready-running' }, 'ok', 'ok', t('machines.canRun', { name })],
    [{ kind: 'saved' }, 'warning', 'warning', t('machines.savedSentence', { name })],
    [{ kind: 'paused' }, 'warning', 'warning', t('machines.pausedSentence', { name })],
    [{ kind: 'blocked', by: [checkOf({})] }, 'blocker', 'blocker', t('machines.blockedSentence', { name })],
    [{ kind: 'host-blocked' }, 'blocker', 'blocker', t('machines.blockedSentence', { name })],
    [{ kind: 'moving' }, 'unknown', 'unknown', t('machines.movingSentence', { name })],
    [{ kind: 'unread', count: 2 }, 'unknown', 'unknown', t('machines.unknownSentence', { name })],
    [{ kind: 'inside', isCertain: true }, 'ember', 'nest-inside', t('machines.frozenAt', { memory: 2 ** 32 })],
    [{ kind: 'on', while: 'off' }, 'ok', 'nest-on', t('machines.onOffSentence', { name })],
    [{ kind: 'on', while: 'still' }, 'unknown', 'unknown', t('machines.onUnknownSentence', { name })],
    [{ kind: 'on', while: 'unread' }, 'unknown', 'unknown', t('machines.onUnknownSentence', { name })],
  ])('says of %o what it is, in its tone', (standing, tone, icon, sentence) => {
    expect(faceOf(t, vm, standing, 'DEV-PC')).toMatchObject({ tone, icon, sentence });
  });

  it('says first that a nested VM has no network, and then that memory is locked, as it should be', () => {
    const params = { names: ['lab-win'], vm: name };
    const alone = checkOf({ id: 'nested-network', verdict: 'warning', title: { key: 'checks.nestedAlone', params } });
    const face = faceOf(t, vm, { kind: 'inside', isCertain: true }, 'DEV-PC', [alone]);
    expect(face).toMatchObject({ tone: 'warning', sentence: `${t('checks.nestedAlone', params)}.` });
    expect(face.why).toContain(t('machines.frozenAt', { memory: 2 ** 32 }));
  });

  it('names everything that is in the way, and the problem that Windows reports', () => {
    const by = [checkOf({ title: { key: 'host.pc' } }), checkOf({})];
    const both = t('machines.blockedWhy', { first: t('host.pc'), second: t('app.name') });
    expect(faceOf(t, vm, { kind: 'blocked', by }, 'DEV-PC').why).toBe(both);
    const broken = faceOf(t, vmOf({ problem: 'The disk is gone' }), { kind: 'unread', count: 1 }, 'DEV-PC');
    expect(broken.why).toContain(t('machines.unknownProblem', { problem: 'The disk is gone' }));
  });
});

describe('a VM in lines', () => {
  it('says of its memory only what could be read', () => {
    const { startup, minimum, maximum } = memory;
    expect(memoryLine(t, vmOf({ memory: { ...memory, dynamic: undefined } }))).toBe(t('machines.memoryUnknown'));
    expect(memoryLine(t, vm)).toBe(t('machines.memoryStatic', { memory: startup ?? 0 }));
    expect(memoryLine(t, vmOf({ memory: { ...memory, dynamic: true } }))).toBe(
      t('machines.memoryDynamic', { memory: startup ?? 0, minimum: minimum ?? 0, maximum: maximum ?? 0 }),
    );
  });

  it('says that a saved state is at risk only where nesting is on', () => {
    expect(stopLine(t, vmOf({ nesting: true }))).toBe(t('machines.stopSave', { name }));
    expect(stopLine(t, vm)).toBe(t('machines.stopSavePlain', { name }));
    expect(stopLine(t, vmOf({ stopAction: 'TurnOff' }))).toBe(t('machines.stopTurnOff', { name }));
    expect(stopLine(t, vmOf({ stopAction: 'ShutDown' }))).toBe(t('machines.stopShutDown', { name }));
  });

  it('says of an adapter without a switch that it has none', () => {
    const [adapter] = vm.adapters ?? [];
    if (!adapter) throw new Error('no adapter');
    expect(spoofingLine(t, name, adapter)).toBe(t('machines.spoofingNoSwitch'));
    const there = { ...adapter, switchId: ids.box };
    expect(spoofingLine(t, name, there)).toBe(t('machines.spoofingOff', { switch: 'LAN', name }));
    expect(spoofingLine(t, name, { ...there, macSpoofing: undefined })).toBe(t('machines.spoofingUnread'));
  });

  it.each<[VmState | undefined, string]>([
    ['RunningCritical', 'state-on'],
    ['Pausing', 'state-on'],
    ['SavedCritical', 'state-kept'],
    ['Paused', 'state-kept'],
    ['Off', 'state-off'],
    ['Hibernated', 'state-off'],
    ['Other', 'state-unknown'],
    [undefined, 'state-unknown'],
  ])('shows %s as %s', (state, icon) => {
    expect(stateIcon({ state, problem: null })).toBe(icon);
    expect(stateIcon({ state, problem: 'The disk is gone' })).toBe('disk');
  });
});

describe('the end of a run inside a VM', () => {
  const on = chainOf([stepOf(ids.lab, 1, 'setting', [changeOf(ids.lab, 'roles/hyper-v', 'Disabled', 'Enabled')])]);
  const [chain] = progressOf(planOf([on]), eventsOf({ kind: 'started' }, stepEvent(on, 0, 'done'))).chains;
  const proofWith = (hypervisorProcessors: number | undefined) => {
    const machine = machineOf({});
    const guest = {
      ...machine,
      host: { ...machine.host, hypervisorProcessors },
      inside: {
        roles: { ...eachRole(() => 'Disabled' as const), 'hyper-v': 'Enabled' as const },
        freeDisk: undefined,
      },
    };
    return chain && hypervisorProof(t, chain, vmOf({ guest }));
  };

  it.each([
    [undefined, 'unknown'],
    [0, 'warning'],
    [4, 'ok'],
  ])('says with %s processors of its hypervisor that it is %s whether that runs', (count, verdict) => {
    expect(proofWith(count)?.verdict).toBe(verdict);
  });

  it('proves nothing where nobody could look inside, or nothing was turned on', () => {
    expect(chain && hypervisorProof(t, chain, vm)).toBeUndefined();
    const [other] = progressOf(planOf([chainOf([stepOf(ids.lab, 1, 'setting')])]), []).chains;
    expect(other && hypervisorProof(t, other, vmOf({ guest: machineOf({}) }))).toBeUndefined();
  });

  it('names each VM once that is still to be set up by hand', () => {
    const byHand = ['svc-a', 'svc-a', 'db'].map((named) => ({
      vm: vmOf({ name: named }),
      adapter: 'nic',
      windows: [],
      linux: [],
    }));
    const words = withByHand(t, 'Done.', byHand);
    expect(words).toMatch(/^Done\. /);
    expect(words.match(/svc\u2011a/g)).toHaveLength(1);
  });
});
