/** Main, as the window sees it: what a test says it answers, and what the window asked. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import type { AppEvent, AppState, Bridge, CallName } from '../../src/ipc/schema.js';
import type { HostFacts, Vm } from '../../src/core/machine/machine.js';
import { handshakeOf, hostOf } from '../unit/core/worlds.js';

export interface FakeMain {
  readonly asked: { readonly name: string; readonly request: unknown }[];
  tell(event: AppEvent): void;
}

const host: HostFacts = {
  name: 'DEV-PC',
  windows: { caption: 'Windows 11 Pro', build: 26100, sku: 48, server: false },
  processor: {
    name: 'Intel(R) Core(TM) i9-12900K',
    vendor: 'intel',
    architecture: 9,
    slat: true,
    vmMonitorMode: true,
    firmwareEnabled: true,
    logicalProcessors: 24,
  },
  computer: { manufacturer: 'Contoso', model: 'Desktop', hypervisorPresent: true, memory: 2 ** 35 },
  freeMemory: 2 ** 33,
  features: {},
  services: {},
  hypervisorProcessors: 16,
  vbsStatus: 0,
  supportedVersions: ['9.0', '12.0'],
  switches: [],
  identity: undefined,
  modules: {},
  languageMode: 'FullLanguage',
  unread: [],
  readAt: '2026-11-24T08:00:00Z',
};

export function stateOf(vms: readonly Vm[], change: Partial<AppState> = {}): AppState {
  return {
    version: '0.1.0',
    installation: 'for-everybody',
    repository: null,
    updates: null,
    language: 'en',
    theme: 'light',
    settings: {
      language: 'system',
      theme: 'system',
      zoom: 100,
      startWithWindows: false,
      closeToTray: true,
      notifications: true,
      updates: 'never',
      source: 'auto',
      scenario: 'workstation',
      setup: { state: 'closed', purpose: null, vm: null },
    },
    source: { kind: 'simulated', scenario: 'workstation', through: 'direct' },
    scenarios: ['workstation', 'empty'],
    connection: { kind: 'starting' },
    machine: { at: thisPc, host, vms },
    runs: [],
    running: [],
    guests: {},
    accounts: [],
    canRemember: true,
    drifts: [],
    isStartOff: false,
    isFailing: false,
    proof: null,
    notices: [],
    hosts: [],
    others: {},
    ...change,
  };
}

/** Everything was read, and nothing keeps the list away. */
export const ready = (vms: readonly Vm[], change: Partial<AppState> = {}): AppState => ({
  ...stateOf(vms, { connection: { kind: 'ready', handshake: handshakeOf({}), elevated: false }, ...change }),
  machine: { at: thisPc, host: hostOf({}), vms },
});

/** Answers by call; what is not given answers nothing. */
export function fakeMain(answers: Partial<Record<CallName, (request: unknown) => unknown>>): FakeMain {
  const asked: FakeMain['asked'] = [];
  const listeners = new Set<(event: AppEvent) => void>();
  const bridge: Bridge = {
    call: (name, request) => {
      asked.push({ name, request });
      return Promise.resolve(answers[name as CallName]?.(request));
    },
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  Object.defineProperty(window, 'hypernest', { value: bridge, configurable: true });
  return { asked, tell: (event) => listeners.forEach((listener) => listener(event)) };
}
