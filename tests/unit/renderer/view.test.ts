import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import type { Handshake, Identity } from '../../../src/core/cmdlets/call.js';
import type { HostFacts, Tried, Vm } from '../../../src/core/machine/machine.js';
import type { AppState, Connection } from '../../../src/ipc/schema.js';
import { viewOf } from '../../../renderer/state/view.js';
import { stateOf } from '../../renderer/bridge.js';
import { vm } from './vms.js';

const mei: Identity = {
  account: 'DEV-PC\\mei',
  sid: 'S-1-5-21-1-2-3-1001',
  inToken: true,
  isMember: true,
  isElevated: false,
  isAdministrator: true,
};
const handshake = (but: Partial<Handshake>): Handshake => ({
  shellVersion: '5.1',
  edition: 'Desktop',
  languageMode: 'FullLanguage',
  pid: 1,
  modules: [{ name: 'Hyper-V', state: 'loaded' }],
  identity: mei,
  ...but,
});
const host: HostFacts = {
  name: 'DEV-PC',
  windows: { caption: 'Microsoft Windows 11 Pro', build: 26100, sku: 48, server: false },
  processor: undefined,
  computer: { manufacturer: 'Dell', model: 'X', hypervisorPresent: true, memory: 2 ** 36 },
  freeMemory: 2 ** 34,
  features: { 'Microsoft-Hyper-V': 'enabled' },
  services: { vmms: { state: 'Running', startMode: 'Auto' } },
  hypervisorProcessors: 16,
  vbsStatus: 2,
  supportedVersions: ['12.0'],
  switches: [],
  identity: mei,
  modules: { 'Hyper-V': 'loaded' },
  languageMode: 'FullLanguage',
  unread: [],
  readAt: '2026-11-24T08:00:00Z',
};

function state(facts: Partial<HostFacts>, vms: readonly Vm[] | undefined, shell: Partial<Handshake> = {}): AppState {
  return stateOf([], {
    source: { kind: 'this-pc' },
    connection: { kind: 'ready', handshake: handshake(shell), elevated: false },
    machine: { at: thisPc, host: { ...host, ...facts }, vms },
  });
}

describe('what the page of machines shows', () => {
  it('waits for the first facts, and lists the machines then', () => {
    expect(viewOf(null).kind).toBe('loading');
    expect(viewOf({ ...state({}, []), machine: null }).kind).toBe('loading');
    expect(viewOf(state({}, [vm('dev')])).kind).toBe('list');
    expect(viewOf(state({}, [])).kind).toBe('empty');
  });

  it('never calls an empty answer without rights "no VMs"', () => {
    const outside = { ...mei, inToken: false, isMember: false };
    expect(viewOf(state({ identity: outside }, undefined, { identity: outside })).kind).toBe('no-access');
    const joined = { ...outside, isMember: true };
    expect(viewOf(state({ identity: joined }, undefined, { identity: joined })).kind).toBe('sign-out');
  });

  it('shows the VMs as they were when what was allowed for this session has ended', () => {
    const outside = { ...mei, inToken: false, isMember: false };
    const shown = state({ identity: outside }, [vm('dev')], { identity: outside });
    const ended = { why: 'unused', asOf: '2026-11-24T14:02:00Z' } as const;
    if (shown.connection.kind !== 'ready') throw new Error('no session');
    expect(viewOf({ ...shown, connection: { ...shown.connection, ended } })).toMatchObject({ kind: 'list', ended });
  });

  it('tells apart what keeps the list away', () => {
    expect(viewOf(state({ features: { 'Microsoft-Hyper-V': 'disabled' }, services: {} }, undefined)).kind).toBe(
      'no-hyper-v',
    );
    const home = { caption: 'Microsoft Windows 11 Home', build: 26100, sku: 101, server: false };
    expect(
      viewOf(state({ windows: home, features: { 'Microsoft-Hyper-V': 'absent' }, services: {} }, undefined)).kind,
    ).toBe('home-edition');
    const missing = { modules: [{ name: 'Hyper-V', state: 'missing' as const }] };
    expect(viewOf(state({}, undefined, missing)).kind).toBe('module-missing');
    const blocked = { modules: [{ name: 'Hyper-V', state: 'blocked' as const }] };
    expect(viewOf(state({}, undefined, blocked)).kind).toBe('module-blocked');
    expect(viewOf(state({}, undefined, { languageMode: 'ConstrainedLanguage' })).kind).toBe('language-mode');
    const stopped = { vmms: { state: 'Stopped', startMode: 'Auto' } };
    expect(viewOf(state({ services: stopped }, undefined)).kind).toBe('service-stopped');
    const noHypervisor = { manufacturer: 'Dell', model: 'X', hypervisorPresent: false, memory: 2 ** 36 };
    expect(viewOf(state({ services: stopped, computer: noHypervisor }, undefined)).kind).toBe('hypervisor-off');
    expect(viewOf(state({}, undefined)).kind).toBe('unread');
  });

  it('offers nothing anew that was done from here and did not help', () => {
    const monday = '2026-11-23T08:00:00.000Z';
    const done = (act: Tried['act']): Partial<HostFacts> => ({
      tried: [{ act, time: monday, startedAt: '2026-11-23T07:00:00.000Z' }],
      startedAt: '2026-11-24T07:00:00.000Z',
    });
    const off = { features: { 'Microsoft-Hyper-V': 'disabled' as const }, services: {} };
    const stopped = { services: { vmms: { state: 'Stopped', startMode: 'Auto' } } };
    const bare = { computer: { manufacturer: 'Dell', model: 'X', hypervisorPresent: false, memory: 2 ** 36 }, hypervisorProcessors: 0 }; // prettier-ignore
    const worlds = [
      ['enable-hyper-v', off, 'no-hyper-v'],
      // Without its service, though Windows calls it enabled.
      ['enable-hyper-v', { services: {} }, 'restart'],
      ['start-service', stopped, 'service-stopped'],
      ['hypervisor-auto', { ...stopped, ...bare }, 'hypervisor-off'],
      ['hypervisor-auto', bare, 'hypervisor-off'],
    ] as const;
    for (const [act, facts, before] of worlds) {
      expect(viewOf(state(facts, undefined)).kind).toBe(before);
      expect(viewOf(state({ ...facts, ...done(act) }, undefined))).toMatchObject({ kind: 'tried', tried: { act, time: monday } }); // prettier-ignore
    }
    // Windows has not started since.
    const waiting = { ...off, ...done('enable-hyper-v'), startedAt: '2026-11-23T07:00:00.000Z' };
    expect(viewOf(state(waiting, undefined)).kind).toBe('restart');
    // What can be seen is shown.
    expect(viewOf(state({ ...bare, ...done('hypervisor-auto') }, [vm('dev')])).kind).toBe('list');
  });

  it('says that the connection is lost before anything that may be out of date', () => {
    const lost: Connection = {
      kind: 'lost',
      failure: { kind: 'session-lost' },
      attempts: 2,
      retryAt: null,
      changing: false,
    };
    expect(viewOf({ ...state({}, [vm('dev')]), connection: lost }).kind).toBe('lost');
  });
});
